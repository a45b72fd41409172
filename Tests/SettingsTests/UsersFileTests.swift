import Settings
import Testing

struct UsersFileTests {
    @Test func `users come with their hash, their access and their lines`() throws {
        let file = try users(
            """
            [users.zoe]
            password = "$y$z"

            [users."Alice Ärmel"]
            password = "$y$a"
            [users."Alice Ärmel".access]
            "http/contacts/work" = "writer"
            "http/contacts" = "reader"
            """
        )

        #expect(file.users.map(\.name) == ["zoe", "Alice Ärmel"])
        #expect(file.users.map(\.passwordHash) == ["$y$z", "$y$a"])
        #expect(file.users.map(\.line) == [1, 4])
        #expect(file.users.first?.access.isEmpty == true)
        #expect(file.users.last?.access.map(\.path) == ["http/contacts/work", "http/contacts"])
        #expect(file.users.last?.access.map(\.role) == ["writer", "reader"])
        #expect(file.users.last?.access.map(\.line) == [7, 8])
    }

    @Test func `an empty file has no user`() throws {
        #expect(try users("").users.isEmpty)
    }

    @Test(arguments: [
        "", "a:b", "a/b", "a\u{0}", "a\n", "a\u{7F}", "a\u{85}", String(repeating: "a", count: 65),
        String(repeating: "ä", count: 33),
    ])
    func `RFC 7617 §2: a name that credentials cannot carry is refused`(_ name: String) throws {
        let text = "[users.\(TOMLText.quote(name))]\npassword = \"x\"\n"
        let error = try #require(throws: SettingsError.self) { try users(text) }

        #expect(error.problem == "is no user name")
        #expect(!UserEntry.isName(name))
    }

    @Test(arguments: ["a", "alice@example.com", "Ä", "a b", String(repeating: "a", count: 64)])
    func `a name of 1 to 64 bytes is a user`(_ name: String) throws {
        let file = try users("[users.\(TOMLText.key(name))]\npassword = \"x\"\n")

        #expect(file.users.map(\.name) == [name])
    }
}
