import Settings
import Testing

struct GroupTests {
    private static let people = """
        [users.alice]
        password = "a"
        [users."b.c"]
        password = "b"

        """

    @Test func `groups come with their members, their access and their lines`() throws {
        let file = try users(
            Self.people + """
                [groups.family]
                members = ["alice", "b.c"]
                [groups.family.access]
                "http/contacts/default/family" = "writer"
                [groups.empty]
                members = []
                """
        )

        #expect(file.groups.map(\.name) == ["family", "empty"])
        #expect(file.groups.first?.members == ["alice", "b.c"])
        #expect(file.groups.first?.access.map(\.path) == ["http/contacts/default/family"])
        #expect(file.groups.first?.access.map(\.line) == [8])
        #expect(file.groups.map(\.line) == [5, 9])
        #expect(file.groups(of: "alice").map(\.name) == ["family"])
        #expect(file.groups(of: "zoe").isEmpty)
    }

    @Test func `access without logging in stands by itself, and is none where nobody gave it`()
        throws
    {
        let file = try users("[anonymous.access]\n\"http/contacts/default/club\" = \"reader\"\n")

        #expect(file.anonymousAccess.map(\.role) == ["reader"])
        #expect(file.anonymousAccess.map(\.line) == [2])
        #expect(try users(Self.people).anonymousAccess.isEmpty)
    }

    @Test(
        arguments: [
            (
                "[groups.g]\nmembers = [\"alice\",\n\"zoë\"]\n", 6, "groups.g.members",
                "names \"zoë\", who is no user", "add [users.\"zoë\"], or take the name out"
            ),
            (
                "[groups.g]\n", 5, "groups.g.members", "is missing",
                "write members = [\"alice\", \"bob\"]"
            ),
            (
                "[groups.g]\nmembers = \"alice\"\n", 6, "groups.g.members",
                "must be a list of texts", "write members = [\"alice\", \"bob\"]"
            ),
            (
                "[groups.g]\nmembers = []\nowner = 1\n", 7, "groups.g.owner",
                "is not a known key", "known here: access, members"
            ),
            (
                "[groups.\"a:b\"]\nmembers = []\n", 5, "groups.\"a:b\"", "is no group name",
                "1 to 64 bytes without a colon, a slash or a control character"
            ),
            ("anonymous = true\n", 5, "anonymous", "must be a table", "write [anonymous.access]"),
            (
                "[anonymous]\npassword = \"\"\n", 6, "anonymous.password",
                "is not a known key", "known here: access"
            ),
        ] as [(String, Int, String, String, String)]
    )
    func `what makes no sense is refused with its line and a remedy`(
        text: String,
        line: Int,
        key: String,
        problem: String,
        remedy: String
    ) throws {
        let top = text.hasPrefix("anonymous =")
        let error = try #require(throws: SettingsError.self) {
            try users(top ? text + Self.people : Self.people + text)
        }

        #expect(error.line == (top ? 1 : line))
        #expect(error.key == key)
        #expect(error.problem == problem)
        #expect(error.remedy == remedy)
    }
}
