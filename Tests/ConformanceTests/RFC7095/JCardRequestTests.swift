import TestSupport
import Testing
import WebDAV

struct JCardRequestTests {
    private static let book = "/dav/addressbooks/default/"
    private static let json =
        #"["vcard",[["version",{},"text","4.0"],["fn",{},"text","A <b>"],"#
        + #"["n",{},"text",["A <b>","","","",""]],["uid",{},"text","1"],"#
        + #"["tel",{"pref":"1"},"text","1"]]]"#

    private static func fill(_ server: TestServer) throws {
        _ = try server.request(
            "PUT",
            "\(book)a.vcf",
            body: TestCard.text("A <b>", uid: "1", "TEL;TYPE=PREF:1")
        )
    }

    @Test func `RFC 7095 §3: Accept gives a card as jCard`() throws {
        try withServer { server throws in
            try Self.fill(server)

            let answer = try server.request(
                "GET",
                "\(Self.book)a.vcf",
                ["Accept": "application/vcard+json, text/vcard;q=0.5"]
            )

            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/vcard+json; version=4.0")
            #expect(answer["vary"] == "Accept")
            #expect(answer.text == Self.json)
        }
    }

    @Test func `RFC 7095 §3.2: a book is an array of jCards`() throws {
        try withServer { server throws in
            let accept = ["Accept": "application/vcard+json"]
            let empty = try server.request("GET", Self.book, accept)
            try Self.fill(server)
            let one = try server.request("GET", Self.book, accept)

            #expect(empty.text == "[]")
            #expect(one.text == "[\(Self.json)]")
            #expect(one["content-type"] == "application/vcard+json; version=4.0")
        }
    }

    @Test func `RFC 6352 §10.4: a report gives cards as jCard`() throws {
        try withServer { server throws in
            try Self.fill(server)

            let answer = try Multistatus(
                server.report(
                    Self.book,
                    """
                    <C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
                    <D:prop><C:address-data content-type="application/vcard+json"/></D:prop>\
                    </C:addressbook-query>
                    """
                )
            )

            let data = answer.responses.first?.property(.carddav("address-data"))
            #expect(data?.text == Self.json)
            #expect(data?.attribute("content-type") == "application/vcard+json")
        }
    }
}
