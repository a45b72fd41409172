import Access
import Framing
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// `users.toml` as the gateway asks it.
struct UserDirectoryTests {
    private static let hash = TestHash.cheap("secret")
    private static let zoe = "[users.zoe]\npassword = \"\(hash)\"\n"

    private static func directory(_ text: String) throws -> UserDirectory {
        try UserDirectory(
            UsersFile(bytes: Array(text.utf8), file: "users.toml"),
            path: "users.toml"
        )
    }

    private static func books(_ count: Int, _ name: (Int) -> String = { "b\($0)" }) -> String {
        (0..<count).map { "\"http/contacts/default/\(name($0))\" = \"reader\"\n" }.joined()
    }

    @Test func `groups give to their members what the users' own rules leave open`() throws {
        let directory = try Self.directory(
            Self.zoe + """
                [users.zoe.access]
                "http/contacts/default/a" = "none"
                [users.yan]
                password = "\(Self.hash)"
                [groups.one]
                members = ["zoe", "zoe", "yan"]
                [groups.one.access]
                "http/contacts/default/a" = "writer"
                "http/contacts/default/b" = "reader"
                [groups.two]
                members = ["zoe"]
                [groups.two.access]
                "http/contacts/default/b" = "writer"
                """
        )
        func role(_ user: String, _ book: String) -> Role? {
            directory[user]?.rules.authorization(instance: "default").role(book: book)
        }

        #expect(role("zoe", "a") == .nothing)
        #expect(role("zoe", "b") == .writer)
        #expect(role("yan", "a") == .writer)
        #expect(role("yan", "b") == .reader)
        #expect(role("yan", "c") == .nothing)
    }

    @Test func `all that is wrong is told, and the first of it refuses the file`() throws {
        let text = """
            [users.zoe]
            password = "plain"
            [users.zoe.app_passwords.phone]
            hash = "none"
            [users.zoe.access]
            "http/contacts" = "boss"
            "nowhere" = "reader"
            [users.yan]
            password = "plain too"
            [anonymous.access]
            "http/contacts/default" = "writer"
            """
        let file = try UsersFile(bytes: Array(text.utf8), file: "users.toml")
        var problems: [SettingsError] = []
        _ = UserDirectory(file, path: "users.toml", &problems)

        #expect(
            Set(problems.map { "\($0.line ?? 0) \($0.key ?? "")" }) == [
                "1 users.zoe.password", "3 users.zoe.app_passwords.phone.hash",
                "6 users.zoe.access", "7 users.zoe.access", "8 users.yan.password",
                "11 anonymous.access",
            ]
        )
        let first = try #require(problems.first)
        #expect(throws: first) { try Self.directory(text) }
    }

    @Test func `nothing may be done without logging in unless a rule says so`() throws {
        let closed = try Self.directory(Self.zoe)
        let open = try Self.directory(
            "[anonymous.access]\n\"http/contacts/default/club\" = \"reader\"\n"
        )

        #expect(closed.anonymous.authorization(instance: "default").permitsNothing)
        #expect(open.anonymous.authorization(instance: "default").role(book: "club") == .reader)
        #expect(open.anonymous.authorization(instance: "default").role == .nothing)
    }

    @Test(arguments: [
        ("[users.zoe.access]\n\"http/contacts/a/b/c\" = \"reader\"\n", 4, "users.zoe.access"),
        ("[users.zoe.access]\n\"http/contacts\" = \"boss\"\n", 4, "users.zoe.access"),
        (
            "[groups.g]\nmembers = []\n[groups.g.access]\n\"http/contacts\" = \"\"\n", 6,
            "groups.g.access"
        ),
        ("[anonymous.access]\n\"http/contacts\" = \"writer\"\n", 4, "anonymous.access"),
        ("[anonymous.access]\n\"http\" = \"reader\"\n", 4, "anonymous.access"),
    ])
    func `a rule that is none is refused with its line`(
        text: String,
        line: Int,
        key: String
    ) throws {
        let error = try #require(throws: SettingsError.self) { try Self.directory(Self.zoe + text) }

        #expect(error.line == line)
        #expect(error.key == key)
    }

    @Test func `a user has so many books of an instance as a request carries`() throws {
        let limit = FramingLimits.maximumGrants
        let access = "\(Self.zoe)[users.zoe.access]\n"
        let group = "[groups.g]\nmembers = [\"zoe\"]\n[groups.g.access]\n"

        let full = try Self.directory(access + Self.books(limit))
        let error = try #require(throws: SettingsError.self) {
            try Self.directory(
                access + Self.books(limit) + group + Self.books(limit + 1) { "g\($0)" }
            )
        }

        let zoe = try #require(full["zoe"]).rules.authorization(instance: "default")
        #expect(zoe.grants.count == limit)
        #expect(error.line == 1)
        #expect(error.key == "users.zoe.access")
        #expect(error.problem.contains("names 2049 books of default"))
        #expect(error.remedy == "give a role for the whole instance and name the exceptions")
    }

    @Test func `long names fill a request sooner`() throws {
        let access = "\(Self.zoe)[users.zoe.access]\n"
        let long = String(repeating: "x", count: 190)
        // 4 bytes of lengths, 6 of the role, 193 of the name.
        let room = FramingLimits.maximumGrantBytes / 203

        #expect(
            throws: Never.self,
            performing: {
                _ = try Self.directory(access + Self.books(room) { "\(100 + $0)\(long)" })
            }
        )
        #expect(throws: SettingsError.self) {
            try Self.directory(access + Self.books(room + 1) { "\(100 + $0)\(long)" })
        }
    }
}
