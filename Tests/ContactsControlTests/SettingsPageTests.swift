import Glibc
import Settings
import Testing

@testable import ContactsControl

/// Holds the pages to the readers, so that neither says what the other does not.
struct SettingsPageTests {
    /// Reads a file's text; what is wrong with it.
    private static func errors(_ page: String, _ text: String) -> [SettingsError] {
        let bytes = Array(text.utf8)
        switch page {
        case "contacts.toml":
            return SettingsReview(bytes: bytes, file: page) {
                (table, file) throws(SettingsError) in
                try ContactsSettings(table: table, file: file)
            }.errors
        case "users.toml":
            return SettingsReview(bytes: bytes, file: page) {
                (table, file) throws(SettingsError) in try UsersFile(table: table, file: file)
            }.errors
        default:
            return SettingsReview(bytes: bytes, file: page) {
                (table, file) throws(SettingsError) in
                try GatewaySettings(table: table, file: file)
            }.errors
        }
    }

    /// The keys that a reader knows in a table: it says so when it meets another.
    private static func known(_ page: String, in table: String, beside text: String) -> Set<String>
    {
        let header = table.isEmpty ? "" : "[\(table)]\n"
        let errors = errors(page, "\(header)zzz = 1\n\(text)")
        let prefix = "known here: "
        let remedies = errors.filter { $0.key?.hasSuffix("zzz") == true }.compactMap(\.remedy)
        return Set(
            remedies.filter { $0.hasPrefix(prefix) }
                .flatMap { $0.dropFirst(prefix.count).split(separator: ", ").map(String.init) }
        )
    }

    /// A table that has keys of its own: its name on the page, its header, and what else it needs.
    private struct Table {
        let title: String
        let header: String
        var text = ""
    }

    private static let tables: [String: [Table]] = [
        "contacts.toml": [
            Table(title: "", header: ""),
            Table(title: "instances.NAME", header: "instances.a", text: "vhosts = [\"a.example\"]"),
        ],
        "users.toml": [
            Table(title: "", header: ""),
            Table(title: "users.NAME", header: "users.a", text: "password = \"x\""),
            Table(
                title: "users.NAME.app_passwords.ID",
                header: "users.a.app_passwords.b",
                text: "hash = \"x\"\n[users.a]\npassword = \"x\""
            ), Table(title: "groups.NAME", header: "groups.a", text: "members = []"),
            Table(title: "anonymous", header: "anonymous"),
        ],
        "gateway.toml": [
            Table(title: "", header: ""), Table(title: "times", header: "times"),
            Table(title: "auth", header: "auth"), Table(title: "pam", header: "pam"),
            Table(title: "throttle", header: "throttle"),
            Table(title: "oauth", header: "oauth"), Table(title: "tls", header: "tls"),
            Table(title: "proxy", header: "proxy"), Table(title: "limits", header: "limits"),
            Table(title: "answers", header: "answers"),
            Table(title: "backends", header: "backends"), Table(title: "rates", header: "rates"),
            Table(title: "metrics", header: "metrics"), Table(title: "log", header: "log"),
            Table(
                title: "cors.NAME",
                header: "cors.a",
                text: "origins = [\"https://a.example\"]"
            ),
            Table(
                title: "certificate",
                header: "[certificate]",
                text: "chain = \"/a.pem\"\nkey = \"/b.pem\""
            ),
            Table(
                title: "oauth.issuers.NAME",
                header: "oauth.issuers.a",
                text: "issuer = \"https://a.example/\"\naudience = \"a\"\n"
                    + "keys = \"https://a.example/keys\"\n"
                    + "[oauth.scopes]\nr = \"reader\""
            ),
        ],
    ]

    @Test(arguments: SettingsPage.all.map(\.name))
    func `the example of a page reads without an error`(name: String) throws {
        let page = try #require(SettingsPage.all.first { $0.name == name })

        #expect(Self.errors(name, page.example) == [])
    }

    @Test(arguments: SettingsPage.all.map(\.name))
    func `a page has every key that is read, and no other`(name: String) throws {
        let page = try #require(SettingsPage.all.first { $0.name == name })
        var described = Set<String>()
        for key in page.keys {
            let parts = key.name.split(separator: ".").map(String.init)
            for count in 1...parts.count {
                described.insert(parts[..<count].joined(separator: "."))
            }
        }

        var read = Set<String>()
        for table in Self.tables[name] ?? [] {
            for key in Self.known(name, in: table.header, beside: table.text) {
                read.insert(table.title.isEmpty ? key : "\(table.title).\(key)")
            }
        }
        #expect(!read.isEmpty)
        #expect(read.subtracting(described) == [], "not on the page")
        let extra = described.subtracting(read).filter { name in
            !["NAME", "ID"].contains(name.split(separator: ".").last)
        }
        #expect(extra == [], "not read")
    }

    @Test(arguments: SettingsPage.all.map(\.name))
    func `mandoc finds nothing to complain about`(name: String) throws {
        let page = try #require(SettingsPage.all.first { $0.name == name })
        let path = "/tmp/evl-page-\(UInt32.random(in: 0 ... .max)).5"
        try FileBytes.replace(path, with: Array(page.text.utf8))
        defer { unlink(path) }

        let lint = try Subprocess.run(["mandoc", "-T", "lint", "-W", "warning", path])

        #expect(lint.output == "")
        #expect(lint.status == 0)
    }
}
