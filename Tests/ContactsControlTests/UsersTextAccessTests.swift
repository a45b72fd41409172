import Testing

@testable import ContactsControl

/// One rule, one line.
struct UsersTextAccessTests {
    private static let alice = "[users.alice]\npassword = \"a\"\n"
    private static let work = "http/contacts/default/work"

    @Test func `the first rule of a user makes the table, behind the user's own`() {
        var text = UsersText(Self.alice + "\n[users.bob]\npassword = \"b\"\n")

        text.setAccess(Self.work, "reader", of: .user("alice"))

        #expect(
            text.text == Self.alice
                + "\n[users.alice.access]\n\"http/contacts/default/work\" = \"reader\"\n"
                + "\n[users.bob]\npassword = \"b\"\n"
        )
    }

    @Test func `the first rule for whoever has not logged in makes both tables`() {
        var text = UsersText("")

        text.setAccess(Self.work, "reader", of: .anonymous)

        #expect(text.text == "[anonymous.access]\n\"http/contacts/default/work\" = \"reader\"\n")
    }

    @Test func `a rule comes behind those that are there, before what stands above the next`() {
        var text = UsersText(
            "[users.alice.access] # hers\n\"http/contacts\" = \"reader\" # all\n\n# Bob\n[users.bob]\n"
        )

        text.setAccess(Self.work, "writer", of: .user("alice"))

        #expect(
            text.text
                == "[users.alice.access] # hers\n\"http/contacts\" = \"reader\" # all\n"
                + "\"http/contacts/default/work\" = \"writer\"\n\n# Bob\n[users.bob]\n"
        )
    }

    @Test(arguments: [
        (
            "\"http/contacts/default/work\" = \"writer\"",
            "\"http/contacts/default/work\" = \"none\""
        ),
        (
            "  'http/contacts/default/work'='writer' # \"why\"",
            "  'http/contacts/default/work'=\"none\" # \"why\""
        ),
    ])
    func `a role changes on its line, with the comment kept`(before: String, after: String) {
        let rest = "\"http/contacts/default/work2\" = \"writer\"\n"
        var text = UsersText("[groups.'g']\n[groups.'g'.access]\n\(before)\n\(rest)")

        text.setAccess(Self.work, "none", of: .group("g"))

        #expect(text.text == "[groups.'g']\n[groups.'g'.access]\n\(after)\n\(rest)")
    }

    @Test(arguments: [
        "http/contacts/a/b=c", "http/contacts/a/b\"c", "http/contacts/a/b#c", "http/contacts/a/b'c",
        "http/contacts/a/[b]", "http/contacts/a/é = \"x\"",
    ])
    func `a path of odd characters is found again`(path: String) {
        var text = UsersText(Self.alice)
        text.setAccess(path, "reader", of: .user("alice"))
        let once = text.text

        text.setAccess(path, "writer", of: .user("alice"))
        #expect(text.text == once.replacing("\"reader\"", with: "\"writer\""))

        text.removeAccess(path, of: .user("alice"))
        #expect(text.text == "\(Self.alice)\n[users.alice.access]\n")
    }

    @Test func `a user and a group of one name have rules of their own`() {
        var text = UsersText(
            "[users.x.access]\n\"http/contacts\" = \"reader\"\n[groups.x.access]\n"
        )

        text.removeAccess("http/contacts", of: .group("x"))
        text.setAccess("http/contacts", "writer", of: .group("x"))

        #expect(
            text.text == "[users.x.access]\n\"http/contacts\" = \"reader\"\n"
                + "[groups.x.access]\n\"http/contacts\" = \"writer\"\n"
        )
    }
}
