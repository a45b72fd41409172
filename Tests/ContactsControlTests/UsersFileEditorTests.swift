import Glibc
import Testing

@testable import ContactsControl

struct UsersFileEditorTests {
    /// A `users.toml` in a folder of its own, removed at the end.
    private static func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let folder = "/tmp/evl-users-\(UInt32.random(in: 0 ... .max))"
        try #require(mkdir(folder, 0o700) == 0)
        let path = "\(folder)/users.toml"
        defer {
            unlink(path)
            rmdir(folder)
        }
        try FileBytes.replace(path, with: Array(text.utf8))
        try body(path)
    }

    @Test(arguments: [
        "[users]\nalice.password = \"a\"\n", "[users]\nalice = { password = \"a\" }\n",
        "users.alice.password = \"a\"\n", "[users . alice]\npassword = \"a\"\n",
    ])
    func `a user in a form that lines cannot change is refused and left alone`(_ text: String)
        throws
    {
        try Self.withFile(text) { path in
            #expect(throws: CommandFailure.self) {
                try UsersFileEditor(path: path).edit(user: "alice", leaving: nil) { text, isThere in
                    #expect(isThere)
                    text.remove("alice")
                }
            }
            let bytes = try FileBytes.read(path)
            #expect(bytes == Array(text.utf8))
        }
    }

    @Test func `a change that reaches another user is not made`() throws {
        let text = "[users.alice]\npassword = \"a\"\n[users.bob]\npassword = \"b\"\n"
        try Self.withFile(text) { path in
            #expect(throws: CommandFailure.self) {
                try UsersFileEditor(path: path).edit(user: "alice", leaving: nil) { text, _ in
                    text.remove("alice")
                    text.setPassword("bob", hash: "c")
                }
            }
            let bytes = try FileBytes.read(path)
            #expect(bytes == Array(text.utf8))
        }
    }

    @Test(arguments: [
        "[users.alice]\npassword = \"a\"\naccess = {}\n",
        "[users.alice]\npassword = \"a\"\naccess.\"http/contacts\" = \"reader\"\n",
        "[users . alice]\npassword = \"a\"\n[users . alice . access]\n",
    ])
    func `rules in a form that lines cannot change are refused and left alone`(_ text: String)
        throws
    {
        try Self.withFile(text) { path in
            #expect(throws: CommandFailure.self) {
                try UsersFileEditor(path: path).edit(
                    ruleOf: .user("alice"),
                    for: "http/contacts",
                    leaving: "writer"
                ) { _ in }
            }
            let bytes = try FileBytes.read(path)
            #expect(bytes == Array(text.utf8))
        }
    }

    @Test func `who is in a group is not removed before the name is out of it`() throws {
        let text = "[users.alice]\npassword = \"a\"\n[groups.g]\nmembers = [\"alice\"]\n"
        try Self.withFile(text) { path in
            let failure = try #require(throws: CommandFailure.self) {
                try UsersFileEditor(path: path).edit(user: "alice", leaving: nil) { text, _ in
                    text.remove("alice")
                }
            }
            #expect(failure.message.contains("a member of the group g"))
            #expect(failure.message.contains("users.toml:3"))
        }
    }

    @Test func `a change keeps the file's mode`() throws {
        try Self.withFile("[users.alice]\npassword = \"a\"\n") { path in
            chmod(path, 0o640)

            try UsersFileEditor(path: path).edit(user: "alice", leaving: nil) { text, _ in
                text.remove("alice")
            }

            var status = stat()
            try #require(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o640)
            #expect(status.st_size == 0)
        }
    }
}
