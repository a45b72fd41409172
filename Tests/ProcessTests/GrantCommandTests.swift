import Foundation
import TestSupport
import Testing

/// `contactsctl grant`, as operators type it.
struct GrantCommandTests {
    private static let users = """
        # Everybody
        [users.alice]
        password = "\(TestHash.cheap("correct horse"))" # hers

        [users.alice.access]
        "http/contacts" = "writer"

        [users.bob]
        password = "\(TestHash.cheap("x"))"

        # Those at home
        [groups.family]
        members = ["alice", "bob"]

        """

    private static func withUsers(_ body: (TestServer) throws -> Void) throws {
        try withServer { server throws in
            try server.write(users, to: "users.toml")
            try body(server)
        }
    }

    @Test func `a role is given, changed and taken away, and the rest of the file is kept`() throws
    {
        try Self.withUsers { server throws in
            #expect(try server.control("grant", "bob", "default/work", "reader").status == 0)
            let given = try server.text(of: "users.toml")
            #expect(try server.control("grant", "bob", "default/work", "writer").status == 0)
            let changed = try server.text(of: "users.toml")
            #expect(
                try server.control("grant", "remove", "bob", "http/contacts/default/work").status
                    == 0
            )

            let table = "\n[users.bob.access]\n"
            let rule = "\"http/contacts/default/work\" = \"reader\"\n"
            #expect(
                given == Self.users.replacing("\n# Those", with: "\(table)\(rule)\n# Those")
            )
            #expect(changed == given.replacing("\"reader\"", with: "\"writer\""))
            #expect(
                try server.text(of: "users.toml")
                    == Self.users.replacing("\n# Those", with: "\(table)\n# Those")
            )
        }
    }

    @Test func `a running gateway has what was granted after a moment`() throws {
        try withServer { server throws in
            let rules = [("default", "reader")]
            try server.setGuest(rules.map { (path: $0.0, role: $0.1) })
            let card = TestCard.text("a", uid: "a")
            func put() throws -> Int {
                try server.guest("PUT", "\(TestServer.book)a.vcf", body: card).status
            }
            #expect(try put() == 403)

            #expect(try server.control("grant", "gus", "default/default", "writer").status == 0)

            try eventually { try put() != 403 }
            #expect(try put() == 204)
        }
    }

    @Test func `groups and whoever has not logged in are given roles too, and all are listed`()
        throws
    {
        try Self.withUsers { server throws in
            #expect(
                try server.control("grant", "--group", "family", "default/home", "writer").status
                    == 0
            )
            #expect(
                try server.control("grant", "--anonymous", "default/club", "reader").status == 0
            )
            #expect(try server.control("grant", "alice", "default/home", "reader").status == 0)

            let all = try server.control("grant", "list")
            let hers = try server.control("grant", "list", "alice", "--json")

            #expect(
                all.output == """
                    user alice\thttp/contacts\twriter
                    user alice\thttp/contacts/default/home\treader
                    group family\thttp/contacts/default/home\twriter
                    anonymous\thttp/contacts/default/club\treader

                    """
            )
            let rows = try #require(
                JSONSerialization.jsonObject(with: Data(hers.output.utf8)) as? [[String: Any]]
            )
            #expect(rows.map { $0["holder"] as? String } == ["user", "user", "group"])
            #expect(rows.map { $0["counts"] as? Bool } == [true, true, false])
            #expect(
                try server.control("grant", "list", "alice").output
                    .contains("group family\thttp/contacts/default/home\twriter\t(overruled)\n")
            )
        }
    }

    @Test func `what was done is told as JSON`() throws {
        try Self.withUsers { server throws in
            let given = try server.control("grant", "bob", "default", "none", "--json")
            let taken = try server.control("grant", "remove", "bob", "default", "--json")

            #expect(
                given.output == """
                    {"holder":"user","name":"bob","path":"http/contacts/default","role":"none"}

                    """
            )
            #expect(
                taken.output == """
                    {"holder":"user","name":"bob","path":"http/contacts/default"}

                    """
            )
        }
    }

    @Test func `a book that is not there is granted with a warning, where a backend runs`() throws {
        try Self.withUsers { server throws in
            let runtime = server.folder.appending(path: "run").path
            let missing = try server.control(
                "grant",
                "bob",
                "default/wörk",
                "reader",
                "--runtime",
                runtime
            )
            let there = try server.control(
                "grant",
                "bob",
                "default/default",
                "reader",
                "--runtime",
                runtime
            )
            server.stopBackend("default")
            let unknown = try server.control(
                "grant",
                "bob",
                "default/work",
                "reader",
                "--runtime",
                runtime
            )

            #expect(missing.status == 0)
            #expect(missing.errors.contains("default has no address book wörk"))
            #expect(there.status == 0 && there.errors.isEmpty)
            #expect(unknown.status == 0 && unknown.errors.isEmpty)
            #expect(try server.text(of: "users.toml").contains("default/wörk"))
        }
    }

    @Test(arguments: [
        (["bob", "default/work", "boss"], 64, "a role is reader, writer or none, and not boss"),
        (["bob", "default/work"], 64, "what is needed is <user> <path> <role>"),
        (["--group", "family", "bob", "default", "reader"], 64, "what is needed is <path> <role>"),
        (["bob", "default/", "reader"], 64, "is no path"),
        (["bob", "default/a/b", "reader"], 64, "is no path"),
        (["bob", "default/.git", "reader"], 64, "is no path"),
        (["--anonymous", "default", "writer"], 64, "nobody writes to http/contacts/default"),
        (["bob", "other/work", "reader"], 1, "has no instance other"),
        (["carol", "default", "reader"], 1, "there is no user carol"),
        (["--group", "friends", "default", "reader"], 1, "add [groups.friends] with members"),
        (["remove", "bob", "default"], 1, "there is no rule for http/contacts/default"),
        (["list", "carol"], 1, "there is no user carol"),
    ])
    func `what makes no sense is refused, and the file is left alone`(
        words: [String],
        status: Int32,
        told: String
    ) throws {
        try Self.withUsers { server throws in
            let done = try Programs.run(
                "contactsctl",
                ["grant"] + words + ["--config", server.folder.path, "--state", server.folder.path]
            )

            #expect(done.status == status)
            #expect(done.errors.contains(told), "\(done.errors)")
            #expect(try server.text(of: "users.toml") == Self.users)
        }
    }

    @Test(arguments: [
        ("[groups.family.access]\n\"http/contacts/a/b/c\" = \"reader\"\n", "is no access path"),
        ("[anonymous.access]\n\"http/contacts\" = \"writer\"\n", "nobody writes"),
        ("[groups.g]\nmembers = [\"carol\"]\n", "who is no user"),
    ])
    func `contactsctl check reads the rules of all`(text: String, told: String) throws {
        try Self.withUsers { server throws in
            #expect(try server.control("check").status == 0)
            try server.write(Self.users + text, to: "users.toml")

            let done = try server.control("check")

            #expect(done.status == 78)
            #expect(done.errors.contains(told))
            #expect(done.errors.contains("users.toml:"))
        }
    }
}
