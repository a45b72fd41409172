import TestSupport
import Testing
import WebDAV

struct AddressBookPropertyTests {
    private static let book = "/dav/addressbooks/default/"

    private static func set(_ server: TestServer, _ path: String, _ inside: String) throws
        -> Multistatus
    {
        try Multistatus(
            server.request(
                "PROPPATCH",
                path,
                body: """
                    <D:propertyupdate xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
                    <D:set><D:prop>\(inside)</D:prop></D:set></D:propertyupdate>
                    """
            )
        )
    }

    @Test func `RFC 6352 §6.2.1: a description keeps its text and its language, over a restart`()
        throws
    {
        try withServer { server throws in
            _ = try Self.set(
                server,
                Self.book,
                """
                <C:addressbook-description xml:lang="fr-CA">Adresses d'O. &amp; D.\
                </C:addressbook-description><D:displayname>Plain</D:displayname>
                """
            )
            server.stopBackend("default")
            try server.startBackend("default")

            let answer = try server.propfind(
                Self.book,
                "<C:addressbook-description/><D:displayname/>"
            )
            let response = try #require(answer.responses.first)
            let description = response.property(.carddav("addressbook-description"))
            #expect(description?.text == "Adresses d'O. & D.")
            #expect(description?.language == "fr-CA")
            #expect(response.property(.dav("displayname"))?.language == nil)
        }
    }

    @Test func `RFC 4918 §4.3: a language goes with the value that it was of`() throws {
        try withServer { server throws in
            for (inside, language) in [
                ("<D:displayname xml:lang=\"de\">Kontakte</D:displayname>", "de" as String?),
                ("<D:displayname>Contacts</D:displayname>", nil),
            ] {
                _ = try Self.set(server, Self.book, inside)
                let name = try server.propfind(Self.book, "<D:displayname/>").responses.first?
                    .property(.dav("displayname"))
                #expect(name?.language == language)
            }
        }
    }

    @Test func `RFC 6352 §6.2.2: the versions told are those that are taken`() throws {
        try withServer { server throws in
            let types =
                try server.propfind(Self.book, "<C:supported-address-data/>").responses
                .first?.property(.carddav("supported-address-data"))?.children ?? []

            #expect(!types.isEmpty)
            for type in types {
                let version = try #require(type.attribute("version"))
                #expect(type.attribute("content-type") == "text/vcard")
                let card = TestCard.text("A", uid: version)
                    .replacing("VERSION:3.0", with: "VERSION:\(version)")
                let put = try server.request(
                    "PUT",
                    "\(Self.book)\(version).vcf",
                    ["Content-Type": "text/vcard"],
                    body: card
                )
                #expect(put.status == 201, "\(version)")
            }
        }
    }

    @Test func `RFC 6352 §6.2.3: the size told is the size that is refused beyond`() throws {
        try withServer { server throws in
            let text = try server.propfind(Self.book, "<C:max-resource-size/>").responses.first?
                .property(.carddav("max-resource-size"))?.text
            let limit = try #require(text.flatMap { Int($0) })
            let rest = TestCard.text("A", uid: "1", "NOTE:").utf8.count
            func card(_ bytes: Int) -> String {
                TestCard.text("A", uid: "1", "NOTE:" + String(repeating: "x", count: bytes - rest))
            }

            let most = try server.request("PUT", "\(Self.book)a.vcf", body: card(limit))
            let more = try server.request("PUT", "\(Self.book)a.vcf", body: card(limit + 1))

            #expect(most.status == 201)
            #expect(more.status == 413)
            #expect(more.text.contains("<C:max-resource-size>"))
        }
    }

    @Test func `RFC 6352 §6.2: allprop tells none of a book's own properties`() throws {
        try withServer { server throws in
            _ = try Self.set(
                server,
                Self.book,
                "<C:addressbook-description>x</C:addressbook-description>"
            )
            let answer = try Multistatus(server.request("PROPFIND", Self.book, ["Depth": "0"]))
            let names =
                answer.responses.first?.propstats.flatMap { $0.properties.map(\.name) } ?? []

            #expect(names.contains(.dav("displayname")))
            #expect(!names.contains { $0.namespace == QualifiedName.Namespace.carddav })
        }
    }

    @Test(arguments: [
        "supported-address-data", "max-resource-size", "supported-collation-set",
        "addressbook-home-set",
    ])
    func `RFC 6352 §6.2: what tells of the server is protected`(name: String) throws {
        try withServer { server throws in
            let answer = try Self.set(server, Self.book, "<C:\(name)/>")

            #expect(answer.responses.first?.propstats.map(\.status) == ["HTTP/1.1 403 Forbidden"])
            #expect(answer.answer.text.contains("cannot-modify-protected-property"))
        }
    }

    @Test func `RFC 6352 §8.3.1: a collation that is told is one that is taken`() throws {
        try withServer { server throws in
            let collations =
                try server.propfind(Self.book, "<C:supported-collation-set/>")
                .responses.first?.property(.carddav("supported-collation-set"))?.children ?? []

            #expect(!collations.isEmpty)
            for collation in collations {
                let answer = try server.report(
                    Self.book,
                    """
                    <C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
                    <D:prop/><C:filter><C:prop-filter name="FN">\
                    <C:text-match collation="\(collation.text)">a</C:text-match>\
                    </C:prop-filter></C:filter></C:addressbook-query>
                    """
                )
                #expect(answer.status == 207)
            }
        }
    }

    @Test func `CalendarServer getctag changes with the content, and only with it`() throws {
        try withServer { server throws in
            let ctag = {
                try server.propfind(Self.book, "<CS:getctag/>").responses.first?
                    .property(.calendarServer("getctag"))?.text
            }
            let before = try ctag()
            let again = try ctag()
            _ = try server.request("PUT", "\(Self.book)a.vcf", body: TestCard.text("A", uid: "1"))
            let after = try ctag()

            #expect(before?.isEmpty == false && before == again)
            #expect(after != before)
        }
    }

    @Test func `iOS scales pictures where max-image-size is told, which a card can hold`() throws {
        try withServer { server throws in
            let answer = try server.propfind(
                Self.book,
                "<C:max-image-size/><C:max-resource-size/>"
            )
            let response = try #require(answer.responses.first)
            let number = { (name: String) in
                response.property(.carddav(name)).flatMap { Int($0.text) }
            }
            let image = try #require(number("max-image-size"))
            let card = try #require(number("max-resource-size"))

            // A picture stands in a card in base64.
            #expect(image > 0 && image * 4 / 3 < card)
        }
    }
}
