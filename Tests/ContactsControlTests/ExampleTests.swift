import Foundation
import Settings
import Testing

@testable import ContactsControl

/// The examples that are installed beside the programs.
struct ExampleTests {
    private static func text(_ name: String) throws -> String {
        let top = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: top.appending(path: "systemd/examples/\(name)"),
            encoding: .utf8
        )
    }

    private static func gateway(_ text: String) throws -> GatewaySettings {
        try GatewaySettings(bytes: Array(text.utf8), file: "gateway.toml")
    }

    /// The example with its settings in force; what has a space behind its mark is a remark.
    private static func uncommented() throws -> String {
        try text("gateway.toml").split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("#") && !$0.hasPrefix("# ") ? $0.dropFirst() : $0 }
            .joined(separator: "\n")
    }

    @Test func `each example is read without an error`() throws {
        let contacts = Array(try Self.text("contacts.toml").utf8)
        let users = Array(try Self.text("users.toml").utf8)

        #expect(throws: Never.self) { try ContactsSettings(bytes: contacts, file: "contacts.toml") }
        #expect(throws: Never.self) { try UsersFile(bytes: users, file: "users.toml") }
        #expect(try Self.gateway(Self.text("gateway.toml")) == Self.gateway(""))
    }

    @Test func `what gateway.toml has behind its marks is what is in force without it`() throws {
        let example = try Self.gateway(Self.uncommented())
        let none = try Self.gateway("")

        #expect(example.times == none.times)
        #expect(example.auth == none.auth)
        #expect(example.throttle == none.throttle)
        #expect(example.limits == none.limits)
        #expect(example.answers == none.answers)
        #expect(example.backends == none.backends)
        #expect(example.rates == none.rates)
        #expect(example.log == none.log)
        #expect(example.proxy.fields == none.proxy.fields)
        #expect(example.proxy.speaksProxyProtocol == none.proxy.speaksProxyProtocol)
        let bare = try Self.gateway("[[certificate]]\nchain = \"a\"\nkey = \"b\"\n")
        #expect(example.tls == bare.tls)
        let issuer = try #require(example.oauth.issuers.first)
        let least = try Self.gateway(
            """
            [oauth.scopes]
            r = "reader"
            [oauth.issuers.\(issuer.name)]
            issuer = "\(issuer.issuer)"
            audience = "\(issuer.audience)"
            keys = "https://id.example.com/jwks.json"
            """
        )
        #expect(least.oauth.issuers == [issuer])
        let page = try #require(example.cors.first)
        #expect(page.maximumAge == .seconds(3_600))
    }

    @Test func `gateway.toml has every key of its page`() throws {
        var table = ""
        var found = Set<String>()
        for line in try Self.text("gateway.toml").split(separator: "\n") {
            // Remarks among them name no key that there is.
            let words = line.drop { $0 == "#" || $0 == " " }.split(separator: " ")
            if words[0].hasPrefix("[") {
                table = words[0].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
                table = table.replacing("issuers.home", with: "issuers.NAME")
                    .replacing("\"contacts.example.com\"", with: "NAME")
            } else {
                found.insert("\(table).\(words[0])")
            }
        }
        let keys = SettingsPage.gateway.keys.map(\.name)
            .filter { !$0.hasSuffix("NAME") && $0 != "certificate" && $0 != "oauth.scopes" }

        #expect(Set(keys).subtracting(found) == [])
    }
}
