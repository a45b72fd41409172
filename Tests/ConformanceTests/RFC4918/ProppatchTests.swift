import TestSupport
import Testing
import WebDAV

struct ProppatchTests {
    private static func update(_ steps: String) -> String {
        """
        <D:propertyupdate xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\(steps)\
        </D:propertyupdate>
        """
    }

    @Test func `RFC 4918 §9.2: display name and description are set and kept`() throws {
        try withServer { server throws in
            let set = try Multistatus(
                server.request(
                    "PROPPATCH",
                    "/dav/addressbooks/default/",
                    body: Self.update(
                        """
                        <D:set><D:prop><D:displayname>Friends &amp; "Kin" \\</D:displayname>\
                        <C:addressbook-description>Zoë</C:addressbook-description></D:prop></D:set>
                        """
                    )
                )
            )
            server.stopBackend("default")
            try server.startBackend("default")
            let answer = try server.propfind(
                "/dav/addressbooks/default/",
                "<D:displayname/><C:addressbook-description/>"
            )

            #expect(set.responses.first?.propstats.map(\.status) == ["HTTP/1.1 200 OK"])
            let book = try #require(answer.responses.first)
            #expect(book.property(.dav("displayname"))?.text == "Friends & \"Kin\" \\")
            #expect(book.property(.carddav("addressbook-description"))?.text == "Zoë")
        }
    }

    @Test func `RFC 4918 §9.2: one protected property fails all, the others with 424`() throws {
        try withServer { server throws in
            let answer = try Multistatus(
                server.request(
                    "PROPPATCH",
                    "/dav/addressbooks/default/",
                    body: Self.update(
                        """
                        <D:set><D:prop><D:displayname>New</D:displayname></D:prop></D:set>\
                        <D:remove><D:prop><D:resourcetype/></D:prop></D:remove>
                        """
                    )
                )
            )
            let after = try server.propfind(
                "/dav/addressbooks/default/",
                "<D:displayname/><D:resourcetype/>"
            )

            let statuses = answer.responses.first?.propstats.map(\.status) ?? []
            #expect(statuses == ["HTTP/1.1 424 Failed Dependency", "HTTP/1.1 403 Forbidden"])
            #expect(answer.answer.text.contains("cannot-modify-protected-property"))
            #expect(after.responses.first?.property(.dav("displayname"))?.text == "Contacts")
            #expect(
                after.responses.first?.property(.dav("resourcetype"))?
                    .first(.carddav("addressbook")) != nil
            )
        }
    }

    @Test func `RFC 4918 §9.2: a removed display name falls back to one that is not empty`() throws
    {
        try withServer { server throws in
            _ = try server.request(
                "PROPPATCH",
                "/dav/addressbooks/default/",
                body: Self.update(
                    "<D:set><D:prop><D:displayname>A</D:displayname></D:prop></D:set>"
                )
            )
            _ = try server.request(
                "PROPPATCH",
                "/dav/addressbooks/default/",
                body: Self.update("<D:remove><D:prop><D:displayname/></D:prop></D:remove>")
            )

            let answer = try server.propfind("/dav/addressbooks/default/", "<D:displayname/>")

            #expect(answer.responses.first?.property(.dav("displayname"))?.text == "Contacts")
        }
    }

    @Test func `RFC 4918 §9.2: a property on a card is refused with a 403 propstat`() throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )

            let answer = try Multistatus(
                server.request(
                    "PROPPATCH",
                    "/dav/addressbooks/default/a.vcf",
                    body: Self.update(
                        "<D:set><D:prop><X:y xmlns:X=\"urn:x\">1</X:y></D:prop></D:set>"
                    )
                )
            )

            #expect(answer.responses.first?.propstats.map(\.status) == ["HTTP/1.1 403 Forbidden"])
        }
    }
}
