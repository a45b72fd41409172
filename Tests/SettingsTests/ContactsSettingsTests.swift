import Settings
import Testing

struct ContactsSettingsTests {
    @Test func `instances come in the order of the file`() throws {
        let settings = try contacts(
            """
            enabled = false
            [instances.work]
            store = "w"
            vhosts = ["Work.Example.com", "192.0.2.1"]
            [instances.default]
            vhosts = ["*"]
            """
        )

        #expect(!settings.isEnabled)
        #expect(settings.instances.map(\.name) == ["work", "default"])
        #expect(settings.instances.map(\.store) == ["w", "default"])
        #expect(settings.instances.map(\.vhosts) == [["work.example.com", "192.0.2.1"], ["*"]])
        #expect(settings.instance(named: "default")?.vhosts == ["*"])
        #expect(settings.instance(named: "other") == nil)
    }

    @Test func `what is not said is enabled and has no instance`() throws {
        let settings = try contacts("")

        #expect(settings.isEnabled)
        #expect(settings.instances.isEmpty)
    }

    @Test func `a relative store lies under the state folder, an absolute one where it says`()
        throws
    {
        let settings = try contacts(
            """
            [instances.a]
            store = "x/y"
            vhosts = ["a"]
            [instances.b]
            store = "/srv/b"
            vhosts = ["b"]
            """
        )

        #expect(settings.instances.map { $0.storePath(state: "/s") } == ["/s/x/y", "/srv/b"])
    }

    @Test(arguments: [
        ("", true), ("store = \"a\"", true), ("store = \"./a/\"", true),
        ("store = \"a/git\"", true),
        ("store = \"b\"", false), ("store = \"ab\"", false), ("store = \"/a\"", false),
        ("store = \"b/a\"", false),
    ])
    func `a store is where the units let its backend write, or it is not`(
        _ store: String,
        _ isInOwnFolder: Bool
    ) throws {
        let settings = try contacts("[instances.a]\n\(store)\nvhosts = [\"a\"]\n")

        #expect(settings.instances.first?.isInOwnFolder == isInOwnFolder)
    }

    @Test(arguments: [
        ("contacts.example.com", "contacts.example.com"), ("EXAMPLE.com.", "example.com"),
        ("localhost", "localhost"), ("127.0.0.1", "127.0.0.1"), ("[2001:DB8::1]", "[2001:db8::1]"),
        ("[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]"), ("my_host", "my_host"), ("*", "*"),
    ])
    func `RFC 3986 §3.2.2: a host is kept in one spelling`(_ host: String, _ kept: String) throws {
        let settings = try contacts("[instances.a]\nvhosts = [\(TOMLText.quote(host))]\n")

        #expect(settings.instances.first?.vhosts == [kept])
    }

    @Test(arguments: [
        "", ".", "a..b", ".a", "example.com:8080", "::1", "[::1", "::1]", "[]", "[[::1]]",
        "[::1]:80",
        "[12]", "*.*.example.com", "a b", "a/b", "http://a", "příklad.cz", "a\n",
        String(repeating: "a", count: 64),
        Array(repeating: "abcdefg", count: 32).joined(separator: "."),
    ])
    func `what is no host is refused with key, line and remedy`(_ host: String) throws {
        let text = "[instances.a]\nvhosts = [\(TOMLText.quote(host))]\n"
        let error = try #require(throws: SettingsError.self) { try contacts(text) }

        #expect(error.line == 2)
        #expect(error.key == "instances.a.vhosts")
        #expect(error.remedy == "write vhosts = [\"contacts.example.com\"]")
    }

    @Test(arguments: [
        ("a", "A"), ("example.com", "example.com."), ("*", "*"), ("[::A]", "[::a]"),
    ])
    func `a host that two instances claim is refused`(_ one: String, _ other: String) throws {
        let text = "[instances.x]\nvhosts = [\"\(one)\"]\n[instances.y]\nvhosts = [\"\(other)\"]\n"
        let error = try #require(throws: SettingsError.self) { try contacts(text) }

        #expect(error.line == 3)
        #expect(error.key == "instances.y.vhosts")
        #expect(error.problem.contains("x"))
    }

    @Test(arguments: [("s", "s"), ("s", "./s/"), ("/a/b", "/a//b"), ("y/../z", "z")])
    func `a store that two instances claim, or that leaves its folder, is refused`(
        _ one: String,
        _ other: String
    ) {
        let text =
            "[instances.a]\nstore = \"\(one)\"\nvhosts = [\"a\"]\n"
            + "[instances.b]\nstore = \"\(other)\"\nvhosts = [\"b\"]\n"

        #expect(throws: SettingsError.self) { try contacts(text) }
    }

    @Test(arguments: ["", ".", "/", "..", "a/../b", "a\\u0000b"])
    func `a path that is no store is refused`(_ store: String) throws {
        let text = "[instances.a]\nstore = \"\(store)\"\nvhosts = [\"a\"]\n"
        let error = try #require(throws: SettingsError.self) { try contacts(text) }

        #expect(error.key == "instances.a.store")
        #expect(error.line == 2)
    }

    @Test(arguments: [
        "A", "1a", "-a", "a_b", "a.b", "ä", "", "a/b", String(repeating: "a", count: 28),
    ])
    func `what is no instance name is refused`(_ name: String) throws {
        let text = "[instances.\(TOMLText.quote(name))]\nvhosts = [\"a\"]\n"
        let error = try #require(throws: SettingsError.self) { try contacts(text) }

        #expect(error.problem == "is no instance name")
        #expect(error.line == 1)
    }

    @Test func `an instance name may have 27 bytes`() throws {
        let name = String(repeating: "a", count: 27)

        #expect(try contacts("[instances.\(name)]\nvhosts = [\"a\"]\n").instances.count == 1)
    }
}
