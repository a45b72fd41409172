import TestSupport
import Testing
import WebDAV

struct MkcolTests {
    private static func body(_ properties: String) -> String {
        """
        <D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:set><D:prop>\
        \(properties)</D:prop></D:set></D:mkcol>
        """
    }

    @Test(arguments: ["/dav/addressbooks/work/", "/dav/addressbooks/work"])
    func `RFC 4918 §9.3: a plain MKCOL makes an address book`(path: String) throws {
        try withServer { server throws in
            #expect(try server.request("MKCOL", path).status == 201)
            let home = try server.propfind("/dav/addressbooks/", depth: "1", "<D:resourcetype/>")
            #expect(
                home["/dav/addressbooks/work/"]?.property(.dav("resourcetype"))?
                    .first(.carddav("addressbook")) != nil
            )
            #expect(try server.request("MKCOL", path).status == 405)
        }
    }

    @Test func `RFC 5689 §3: an extended MKCOL sets the properties that it names`() throws {
        try withServer { server throws in
            let made = try server.request(
                "MKCOL",
                "/dav/addressbooks/work/",
                ["Content-Type": "application/xml"],
                body: Self.body(
                    """
                    <D:resourcetype><D:collection/><C:addressbook/></D:resourcetype>\
                    <D:displayname>Work</D:displayname>\
                    <C:addressbook-description>At work</C:addressbook-description>
                    """
                )
            )
            let answer = try server.propfind(
                "/dav/addressbooks/work/",
                "<D:displayname/><C:addressbook-description/>"
            )

            #expect(made.status == 201)
            #expect(answer.responses.first?.property(.dav("displayname"))?.text == "Work")
            #expect(
                answer.responses.first?.property(.carddav("addressbook-description"))?.text
                    == "At work"
            )
        }
    }

    @Test func `RFC 5689 §3: one property that cannot be set leaves no book`() throws {
        try withServer { server throws in
            let answer = try server.request(
                "MKCOL",
                "/dav/addressbooks/work/",
                ["Content-Type": "application/xml"],
                body: Self.body("<D:displayname>Work</D:displayname><D:getetag>x</D:getetag>")
            )

            #expect(answer.status == 403)
            #expect(answer.text.contains("mkcol-response"))
            #expect(answer.text.contains("424 Failed Dependency"))
            #expect(
                try server.request("PROPFIND", "/dav/addressbooks/work/", ["Depth": "0"]).status
                    == 404
            )
        }
    }

    @Test func `RFC 5689 §3.3: another type of collection is refused with valid-resourcetype`()
        throws
    {
        try withServer { server throws in
            let answer = try server.request(
                "MKCOL",
                "/dav/addressbooks/work/",
                ["Content-Type": "application/xml"],
                body: Self.body(
                    "<D:resourcetype><D:collection/><X:calendar xmlns:X=\"urn:x\"/></D:resourcetype>"
                )
            )

            #expect(answer.status == 403)
            #expect(answer.text.contains("valid-resourcetype"))
        }
    }

    @Test func `RFC 4918 §9.3: a body of another type is refused with 415`() throws {
        try withServer { server throws in
            let answer = try server.request(
                "MKCOL",
                "/dav/addressbooks/work/",
                ["Content-Type": "application/json"],
                body: "{}"
            )

            #expect(answer.status == 415)
        }
    }

    @Test func `RFC 6352 §5.2: no book is made inside a book, or elsewhere`() throws {
        try withServer { server throws in
            let inside = try server.request("MKCOL", "/dav/addressbooks/default/inner")
            let elsewhere = try server.request("MKCOL", "/dav/books/")

            #expect(inside.status == 403)
            #expect(inside.text.contains("addressbook-collection-location-ok"))
            #expect(elsewhere.status == 403)
            #expect(try server.request("MKCOL", "/dav/addressbooks/none/inner/x/").status == 409)
        }
    }
}
