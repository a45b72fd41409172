import Glibc
import Settings
import Testing

@testable import ContactsControl

struct ContactsFileEditorTests {
    private static let start = """
        # Who is served.
        enabled = true   # all of them

        [instances.default]  # the first
        vhosts = ["a.example"]

        # The second one.
        [instances."work"]
        store = "w"
        vhosts = ["b.example"]

        """

    /// A `contacts.toml` in a folder of its own, removed at the end.
    private static func withFile(_ text: String?, _ body: (String) throws -> Void) throws {
        let folder = "/tmp/evl-contacts-\(UInt32.random(in: 0 ... .max))"
        try #require(mkdir(folder, 0o700) == 0)
        let path = "\(folder)/contacts.toml"
        defer {
            unlink(path)
            rmdir(folder)
        }
        if let text { try FileBytes.replace(path, with: Array(text.utf8)) }
        try body(path)
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try FileBytes.read(path), as: UTF8.self)
    }

    @Test func `an instance is added behind the others, and all else stays as it is`() throws {
        try Self.withFile(Self.start) { path throws in
            try ContactsFileEditor(path: path)
                .add("new", store: "n \"1\"", vhosts: ["c.example", "*"])

            let expected =
                Self.start + "\n[instances.new]\nstore = \"n \\\"1\\\"\"\n"
                + "vhosts = [\"c.example\", \"*\"]\n"
            #expect(try Self.text(path) == expected)
        }
    }

    @Test func `an instance that was added and is removed leaves the file as it was`() throws {
        try Self.withFile(Self.start) { path throws in
            let editor = ContactsFileEditor(path: path)

            try editor.add("new", store: nil, vhosts: ["c.example"])
            try editor.remove("new")

            #expect(try Self.text(path) == Self.start)
        }
    }

    @Test func `an instance is removed with its tables, and comments of others stay`() throws {
        try Self.withFile(Self.start) { path throws in
            try ContactsFileEditor(path: path).remove("default")

            #expect(
                try Self.text(path)
                    == """
                    # Who is served.
                    enabled = true   # all of them

                    # The second one.
                    [instances."work"]
                    store = "w"
                    vhosts = ["b.example"]

                    """
            )
        }
    }

    @Test func `the first instance makes the file, which all services may read`() throws {
        try Self.withFile(nil) { path throws in
            try ContactsFileEditor(path: path).add("default", store: nil, vhosts: ["*"])

            #expect(try Self.text(path) == "[instances.default]\nvhosts = [\"*\"]\n")
            #expect(FileModes.status(of: path)?.st_mode == S_IFREG | 0o644)
        }
    }

    @Test(
        arguments: [
            ("default", nil, ["x.example"]), ("new", nil, ["a.example"]),
            ("new", "w", ["x.example"]),
            ("new", nil, ["no host"]), ("new", "../x", ["x.example"]), ("Bad", nil, ["x.example"]),
        ] as [(String, String?, [String])]
    )
    func `what the file could not be read with afterwards is not written`(
        name: String,
        store: String?,
        vhosts: [String]
    ) throws {
        try Self.withFile(Self.start) { path throws in
            #expect(throws: (any Error).self) {
                try ContactsFileEditor(path: path).add(name, store: store, vhosts: vhosts)
            }
            #expect(try Self.text(path) == Self.start)
        }
    }

    @Test func `an instance that is there with its store and hosts may be enough`() throws {
        try Self.withFile(Self.start + "idle_exit = \"1m\"\n") { path throws in
            let before = try Self.text(path)
            let editor = ContactsFileEditor(path: path)
            func add(_ name: String, _ store: String?, _ vhosts: [String]) throws -> Bool {
                try editor.add(name, store: store, vhosts: vhosts, unlessThere: true)
            }

            #expect(try !add("work", "w", ["B.example"]))
            #expect(try !add("default", nil, ["a.example"]))
            #expect(throws: CommandFailure.self) { try add("work", nil, ["b.example"]) }
            #expect(throws: CommandFailure.self) { try add("work", "w", ["c.example"]) }
            #expect(try Self.text(path) == before)
            #expect(try add("new", nil, ["c.example"]))
        }
    }

    @Test(arguments: [
        "[instances]\na.vhosts = [\"a.example\"]\n",
        "instances.a = { vhosts = [\"a.example\"] }\n",
    ])
    func `an instance in a form that lines cannot change is refused and left alone`(
        _ text: String
    ) throws {
        try Self.withFile(text) { path throws in
            #expect(throws: CommandFailure.self) { try ContactsFileEditor(path: path).remove("a") }
            #expect(try Self.text(path) == text)
        }
    }
}
