import TestSupport
import Testing
import WebDAV

struct PropfindTests {
    @Test(arguments: [
        "/dav/", "/dav/principals/", "/dav/principals/me/", "/dav/addressbooks/",
        "/dav/addressbooks/default/", "/dav/addressbooks/default", "/dav", "/dav/principals/me",
    ])
    func `RFC 4918 §9.1: every collection answers Depth 0 with itself`(path: String) throws {
        try withServer { server throws in
            let answer = try server.propfind(path, "<D:resourcetype/><D:displayname/>")

            #expect(answer.responses.count == 1)
            let response = try #require(answer.responses.first)
            #expect(response.property(.dav("resourcetype"))?.first(.dav("collection")) != nil)
            #expect(response.property(.dav("displayname"))?.text.isEmpty == false)
            #expect(response.href.hasSuffix("/"))
        }
    }

    @Test
    func `RFC 4918 §9.1: what is asked and not there stands in a 404 propstat, after the 200`()
        throws
    {
        try withServer { server throws in
            let answer = try server.propfind(
                "/dav/addressbooks/default/",
                "<D:displayname/><D:nonsense/><X:p xmlns:X=\"urn:x\"/>"
            )

            let response = try #require(answer.responses.first)
            #expect(
                response.propstats.map(\.status) == ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"]
            )
            #expect(response.propstats[0].properties.map(\.name) == [.dav("displayname")])
            #expect(Set(response.missing) == [.dav("nonsense"), QualifiedName("urn:x", "p")])
        }
    }

    @Test func `RFC 4918 §9.1: an empty body asks for allprop`() throws {
        try withServer { server throws in
            let empty = try Multistatus(
                server.request("PROPFIND", "/dav/addressbooks/default/", ["Depth": "0"])
            )
            let asked = try Multistatus(
                server.request(
                    "PROPFIND",
                    "/dav/addressbooks/default/",
                    ["Depth": "0"],
                    body: "<D:propfind xmlns:D=\"DAV:\"><D:allprop/></D:propfind>"
                )
            )

            let names = { (answer: Multistatus) in
                answer.responses.first?.propstats.flatMap { $0.properties.map(\.name) } ?? []
            }
            #expect(names(empty) == names(asked))
            #expect(names(empty).contains(.dav("resourcetype")))
            #expect(!names(empty).contains(.dav("sync-token")))
        }
    }

    @Test func `RFC 4918 §14.8: allprop with include adds what is named`() throws {
        try withServer { server throws in
            let answer = try Multistatus(
                server.request(
                    "PROPFIND",
                    "/dav/addressbooks/default/",
                    ["Depth": "0"],
                    body: """
                        <D:propfind xmlns:D="DAV:"><D:allprop/><D:include><D:sync-token/>\
                        </D:include></D:propfind>
                        """
                )
            )

            #expect(answer.responses.first?.property(.dav("sync-token")) != nil)
        }
    }

    @Test func `RFC 4918 §14.20: propname tells names without values`() throws {
        try withServer { server throws in
            let answer = try Multistatus(
                server.request(
                    "PROPFIND",
                    "/dav/addressbooks/default/",
                    ["Depth": "0"],
                    body: "<D:propfind xmlns:D=\"DAV:\"><D:propname/></D:propfind>"
                )
            )

            let properties = answer.responses.first?.propstats.first?.properties ?? []
            #expect(properties.contains { $0.name == .dav("sync-token") })
            #expect(properties.allSatisfy { $0.text.isEmpty && $0.children.isEmpty })
        }
    }

    @Test func `RFC 4918 §9.1: Depth infinity is refused with propfind-finite-depth`() throws {
        try withServer { server throws in
            let answer = try server.request("PROPFIND", "/dav/", ["Depth": "infinity"])

            #expect(answer.status == 403)
            #expect(answer.text.contains("propfind-finite-depth"))
        }
    }

    @Test func `RFC 4918 §9.1: Depth 1 on a book tells each card's properties`() throws {
        try withServer { server throws in
            let card = TestCard.text("Bob", uid: "u1")
            let put = try server.request(
                "PUT",
                "/dav/addressbooks/default/b%20ob@x.vcf",
                body: card
            )

            let answer = try server.propfind(
                "/dav/addressbooks/default/",
                depth: "1",
                "<D:getetag/><D:getcontenttype/><D:getcontentlength/><D:getlastmodified/><D:resourcetype/>"
            )

            #expect(answer.responses.count == 2)
            let response = try #require(answer["/dav/addressbooks/default/b%20ob@x.vcf"])
            #expect(response.property(.dav("getetag"))?.text == put["etag"])
            #expect(response.property(.dav("getcontenttype"))?.text == "text/vcard; charset=utf-8")
            #expect(response.property(.dav("getcontentlength"))?.text == String(card.utf8.count))
            #expect(response.property(.dav("getlastmodified"))?.text.hasSuffix(" GMT") == true)
            #expect(response.property(.dav("resourcetype"))?.children.isEmpty == true)
        }
    }

    @Test(arguments: [
        "<D:propfind xmlns:D=\"DAV:\"><D:allprop/>", "<propfind/>", "nonsense",
        "<D:propfind xmlns:D=\"DAV:\"/>", "<E:propfind><E:allprop/></E:propfind>",
        String(repeating: "<a>", count: 5_000),
    ])
    func `RFC 4918 §8.2: a body that is no propfind is refused with 400`(body: String) throws {
        try withServer { server throws in
            let answer = try server.request(
                "PROPFIND",
                "/dav/",
                ["Depth": "0", "Content-Type": "application/xml"],
                body: body
            )

            #expect(answer.status == 400)
            #expect(answer.text.contains("error"))
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY b \"c\">]>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE a [<!ENTITY b SYSTEM \"http://127.0.0.1/\">]>",
    ])
    func `RFC 4918 §8.2: a document type is refused with no-external-entities`(doctype: String)
        throws
    {
        try withServer { server throws in
            let answer = try server.request(
                "PROPFIND",
                "/dav/",
                ["Depth": "0"],
                body: doctype + "<D:propfind xmlns:D=\"DAV:\"><D:allprop/></D:propfind>"
            )

            #expect(answer.status == 403)
            #expect(answer.text.contains("no-external-entities"))
        }
    }

    @Test func `RFC 4918 §9.1: what is not there is answered with 404`() throws {
        try withServer { server throws in
            for path in [
                "/dav/addressbooks/none/", "/dav/addressbooks/default/none.vcf", "/dav/else/",
            ] {
                let answer = try server.request("PROPFIND", path, ["Depth": "0"])
                #expect(answer.status == 404)
            }
        }
    }
}
