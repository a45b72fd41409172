import Settings
import Testing

struct SettingsReviewTests {
    private static func contacts(_ text: String) -> SettingsReview<ContactsSettings> {
        SettingsReview(bytes: Array(text.utf8), file: "contacts.toml") {
            (table, file) throws(SettingsError) in try ContactsSettings(table: table, file: file)
        }
    }

    @Test func `every error is found, with its line, and what is right is kept`() {
        let review = Self.contacts(
            """
            enabled = 1
            colour = "red"

            [instances.default]
            vhosts = ["no host!"]
            speed = 3

            [instances.Bad]
            vhosts = ["b.example"]

            [instances.work]
            vhosts = ["work.example"]
            """
        )

        #expect(
            review.errors.map { [$0.line.map { "\($0)" } ?? "", $0.key ?? ""] } == [
                ["1", "enabled"], ["2", "colour"], ["5", "instances.default.vhosts"],
                ["6", "instances.default.speed"], ["8", "instances.Bad"],
            ]
        )
        #expect(review.settings?.instances.map(\.name) == ["work"])
    }

    @Test func `a host that two instances claim is found beside another error`() {
        let review = Self.contacts(
            """
            [instances.a]
            vhosts = ["same.example"]
            [instances.b]
            vhosts = ["same.example"]
            [instances.c]
            vhosts = 3
            """
        )

        #expect(review.errors.map(\.key) == ["instances.b.vhosts", "instances.c.vhosts"])
        #expect(review.settings?.instances.map(\.name) == ["a"])
    }

    @Test func `what is missing is found beside what is too much`() {
        let review = SettingsReview(
            bytes: Array(
                "[users.alice]\nwhat = 1\n[users.\"b c\"]\n[users.carl]\npassword = \"x\"\n".utf8
            ),
            file: "users.toml"
        ) { (table, file) throws(SettingsError) in try UsersFile(table: table, file: file) }

        #expect(
            review.errors.map(\.key)
                == ["users.alice.password", "users.alice.what", "users.\"b c\".password"]
        )
        #expect(review.settings?.users.map(\.name) == ["carl"])
    }

    @Test func `what has no stand-in is named once, and the rest is read on`() {
        let text = """
            [users.alice]
            password = "x"
            [groups.g]
            members = ["carol"]
            [groups.g.access]
            "http/contacts" = 3
            [groups."a:b"]
            members = ["alice"]
            """

        let review = SettingsReview(bytes: Array(text.utf8), file: "users.toml") {
            (table, file) throws(SettingsError) in try UsersFile(table: table, file: file)
        }

        #expect(
            review.errors.map { [$0.line.map(String.init) ?? "", $0.key ?? ""] } == [
                ["4", "groups.g.members"], ["6", "groups.g.access.\"http/contacts\""],
                ["7", "groups.\"a:b\""],
            ]
        )
        #expect(review.settings?.users.map(\.name) == ["alice"])
    }

    @Test func `each table of a list has errors of its own`() {
        let text = """
            [[certificate]]
            chain = "/a.pem"
            colour = 1
            [[certificate]]
            chain = "/b.pem"
            key = ""
            colour = 2
            [times]
            stall = "long"
            """

        let review = SettingsReview(bytes: Array(text.utf8), file: "gateway.toml") {
            (table, file) throws(SettingsError) in try GatewaySettings(table: table, file: file)
        }

        #expect(
            review.errors.map(\.key) == [
                "certificate.key", "certificate.colour", "certificate.key", "certificate.colour",
                "times.stall",
            ]
        )
        #expect(review.settings != nil)
    }

    @Test func `a file that is no TOML has one error and no settings`() {
        let review = Self.contacts("enabled = \n")

        #expect(review.errors.count == 1)
        #expect(review.errors.first?.line == 1)
        #expect(review.settings == nil)
    }

    @Test func `a file may be missing where it is optional`() {
        let path = "/nonexistent/gateway.toml"
        let wanted = SettingsReview(path: path) {
            (table, file) throws(SettingsError) in try GatewaySettings(table: table, file: file)
        }
        let optional = SettingsReview(path: path, isOptional: true) {
            (table, file) throws(SettingsError) in try GatewaySettings(table: table, file: file)
        }

        #expect(wanted.errors.count == 1)
        #expect(optional.errors.isEmpty)
        #expect(optional.settings != nil)
    }

    @Test func `no more errors are looked for than anybody reads`() {
        let keys = (0..<300).map { "key\($0) = 1\n" }.joined()

        #expect(Self.contacts(keys).errors.count == 100)
    }
}
