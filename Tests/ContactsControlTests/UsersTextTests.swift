import Testing

@testable import ContactsControl

struct UsersTextTests {
    private static let alice = "[users.alice]\npassword = \"a\"\n"
    private static let bob = "[users.bob]\npassword = \"b\"\n"

    @Test func `a user is added behind the others, with access`() {
        var text = UsersText(Self.alice)

        text.add("a.b", hash: "h", access: [("http/contacts", "reader")])

        #expect(
            text.text == Self.alice + "\n[users.\"a.b\"]\npassword = \"h\"\n"
                + "\n[users.\"a.b\".access]\n\"http/contacts\" = \"reader\"\n"
        )
    }

    @Test func `the first user is added to an empty file`() {
        var text = UsersText("")

        text.add("alice", hash: "a", access: [])

        #expect(text.text == Self.alice)
    }

    @Test(arguments: [
        "[users.alice]\n", "[users.alice] # see [1]\n", "  [ users.alice ]\n",
        "[users.\"alice\"]\n",
        "[users.'alice']\r\n",
    ])
    func `a user is found however the header is spelled`(_ header: String) {
        var text = UsersText(
            "\(header)password = \"a\"\n\n[users.alice.access]\nx = 'y'\n\n\(Self.bob)"
        )

        text.remove("alice")

        #expect(text.text == Self.bob)
    }

    @Test(arguments: ["a]b", "a\"b", "a\\", "a#b", "a.b", "[a]", "a b"])
    func `a name of odd characters is found again`(_ name: String) {
        var text = UsersText(Self.bob)
        text.add(name, hash: "x", access: [])

        text.remove(name)

        #expect(text.text == Self.bob)
    }

    @Test func `what stands above the next user stays when one is removed`() {
        var text = UsersText("# all\n\(Self.alice)\n# Bob, accounting\n\(Self.bob)\n# the end\n")

        text.remove("alice")

        #expect(text.text == "# all\n# Bob, accounting\n\(Self.bob)\n# the end\n")
    }

    @Test func `a user whose name begins with another's is another user`() {
        var text = UsersText("[users.al]\npassword = \"x\"\n\n\(Self.alice)")

        text.remove("al")

        #expect(text.text == Self.alice)
    }

    @Test func `a password changes and nothing else`() {
        var text = UsersText("# c\n[users.alice] # d\npassword = \"a\"\r\n\n\(Self.bob)")

        text.setPassword("alice", hash: "new")

        #expect(text.text == "# c\n[users.alice] # d\npassword = \"new\"\n\n\(Self.bob)")
    }

    @Test func `a user without a password gets one, above all that is below the user`() {
        var text = UsersText(
            "[users.alice.access]\nx = 'y'\n[users.alice] # d\npassword_login = false\n\n\(Self.bob)"
        )

        text.setPassword("alice", hash: "new")

        #expect(
            text.text == "[users.alice.access]\nx = 'y'\n[users.alice] # d\npassword = \"new\"\n"
                + "password_login = false\n\n\(Self.bob)"
        )
    }

    @Test func `who is not there is neither changed nor removed`() {
        var text = UsersText(Self.alice)

        text.setPassword("bob", hash: "new")
        text.remove("bob")

        #expect(text.text == Self.alice)
    }
}
