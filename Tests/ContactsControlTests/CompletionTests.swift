import Foundation
import Testing

@testable import ContactsControl

struct CompletionTests {
    private static let settings = [
        "contacts.toml": "[instances.home]\nvhosts = [\"*\"]\n",
        "users.toml": """
        [users.alice]
        password = "x"
        [users.alice.access]
        "http/contacts/old" = "reader"
        [users.alice.app_passwords.k7m2]
        name = "Phone"
        hash = "x"
        [users.bob]
        password = "x"
        [users.bob.app_passwords.other]
        name = "Phone"
        hash = "x"
        [groups.family]
        members = ["alice"]
        """,
    ]

    private static func withSettings(_ body: (_ options: [String]) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-completion-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            // What is left lies in the folder for what is passing.
            try? FileManager.default.removeItem(at: folder)
        }
        for (name, text) in settings {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        try body(["contactsctl", "--config", folder.path, "--state", folder.path])
    }

    @Test(arguments: [
        (["grant"], ["alice", "bob"]),
        (["grant", "set"], ["alice", "bob"]),
        (["grant", "--json", "alice"], ["http/contacts", "home"]),
        (["grant", "--group", "family"], ["http/contacts", "home"]),
        (["grant", "--anonymous"], ["http/contacts", "home"]),
        (["grant", "alice", "home"], ["reader", "writer", "none"]),
        (["grant", "alice", "home", "reader"], []),
        (["grant", "remove"], ["alice", "bob"]),
        (["grant", "remove", "alice"], ["http/contacts/old"]),
        (["grant", "remove", "alice", "http/contacts/old"], []),
    ])
    func `a grant is completed with a user, then a path, then a role`(
        words: [String],
        expected: [String]
    ) throws {
        try Self.withSettings { options in
            let line = options + words

            #expect(Completion.grants(line + [""], upTo: line.count, prefix: "") == expected)
        }
    }

    @Test func `what is revoked is completed with the ids of the user that is named`() throws {
        try Self.withSettings { options in
            let line = options + ["app-password", "revoke"]

            #expect(Completion.appPasswords(line + ["alice", ""]) == ["k7m2"])
            #expect(Completion.appPasswords(line + ["carol", ""]) == [])
        }
    }

    @Test func `an instance without a store has no books to complete with, and gets none`() throws {
        try Self.withSettings { options in
            let line = options + ["grant", "alice"]

            let paths = Completion.grants(line + ["home/"], upTo: line.count, prefix: "home/")

            #expect(paths == [])
            #expect(Completion.bookNames(options + ["export", "home", ""]) == [])
            #expect(!FileManager.default.fileExists(atPath: "\(options[2])/home"))
        }
    }

    @Test func `without settings there is nothing to complete with`() {
        let line = ["contactsctl", "--config", "/nonexistent", "grant", ""]

        #expect(Completion.grants(line, upTo: 4, prefix: "") == [])
    }
}
