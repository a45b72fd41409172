import TestSupport
import Testing
import WebDAV

/// Single requests of clients that have no model here, each with what it is known to stumble over.
struct OtherClientsTests {
    private static let book = "/dav/addressbooks/default/"

    private static func put(_ server: TestServer, _ names: String...) throws {
        for name in names {
            let card = TestCard.text(name, uid: name)
            let answer = try server.request("PUT", "\(book)\(name).vcf", body: card)
            try #require(answer.status == 201)
        }
    }

    @Test func `CardBook: a multiget of forty with content-type='text/vcard' is answered`() throws {
        try withServer { server throws in
            try Self.put(server, "a", "b")
            let hrefs =
                (0..<38).map { "\(Self.book)none-\($0).vcf" }
                + ["a", "b"].map { "\(Self.book)\($0).vcf" }

            let answer = try Multistatus(
                server.request(
                    "REPORT",
                    Self.book,
                    ["Depth": "1", "Content-Type": "application/xml; charset=utf-8"],
                    body: """
                        <?xml version="1.0" encoding="UTF-8"?><C:addressbook-multiget \
                        xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop>\
                        <D:getetag/><C:address-data content-type='text/vcard'/></D:prop>\
                        \(hrefs.map { "<D:href>\($0)</D:href>" }.joined())\
                        </C:addressbook-multiget>
                        """
                )
            )

            #expect(answer.responses.map(\.href) == hrefs)
            #expect(
                answer.responses.filter { $0.property(.carddav("address-data")) != nil }.count == 2
            )
        }
    }

    @Test func `vdirsyncer: Content-Type with capitals and version 4.0 is taken for what it means`()
        throws
    {
        try withServer { server throws in
            try Self.put(server, "a")

            let answer = try Multistatus(
                server.report(
                    Self.book,
                    """
                    <C:addressbook-multiget xmlns:D="DAV:" \
                    xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/>\
                    <C:address-data Content-Type="text/vcard" version="4.0"/></D:prop>\
                    <D:href>\(Self.book)a.vcf</D:href></C:addressbook-multiget>
                    """,
                    [:]
                )
            )

            let data = answer.responses.first?.property(.carddav("address-data"))?.text
            #expect(data.map { CardText.value("FN", in: $0) } == "a")
        }
    }

    @Test func `CardDAV-Sync: the principal tells its name, type and home`() throws {
        try withServer { server throws in
            let answer = try server.propfind(
                "/dav/principals/me/",
                "<D:displayname/><D:resourcetype/><C:addressbook-home-set/>"
            )

            let response = try #require(answer.responses.first)
            #expect(response.missing.isEmpty)
            #expect(response.property(.dav("resourcetype"))?.first(.dav("principal")) != nil)
        }
    }

    @Test(arguments: ["", "<C:filter/>"])
    func `Roundcube: a query without a filter, or an empty one, is answered with all cards`(
        filter: String
    ) throws {
        try withServer { server throws in
            try Self.put(server, "a", "b")

            let answer = try Multistatus(
                server.report(
                    Self.book,
                    """
                    <C:addressbook-query xmlns:D="DAV:" \
                    xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/></D:prop>\
                    \(filter)</C:addressbook-query>
                    """
                )
            )

            #expect(answer.responses.count == 2)
        }
    }

    @Test func `eM Client: a card of 3.0 comes back as 4.0 with urn:uuid: before its UID`() throws {
        try withServer { server throws in
            let uid = "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"
            let path = "\(Self.book)\(uid).vcf"
            _ = try server.request("PUT", path, body: TestCard.text("Before", uid: uid))

            let answer = try server.request(
                "PUT",
                path,
                ["Content-Type": "text/vcard"],
                body: CardText.card("After", uid: "urn:uuid:\(uid)", version: "4.0")
            )

            #expect(answer.status == 204)
        }
    }

    @Test func `pimsync: a book without its trailing slash is listed and fetched from`() throws {
        try withServer { server throws in
            try Self.put(server, "a")
            let bare = String(Self.book.dropLast())

            let listing = try server.propfind(bare, depth: "1", "<D:getetag/><D:resourcetype/>")
            let cards = try Multistatus(
                server.report(
                    bare,
                    """
                    <C:addressbook-multiget xmlns:D="DAV:" \
                    xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><C:address-data/></D:prop>\
                    <D:href>\(Self.book)a.vcf</D:href></C:addressbook-multiget>
                    """
                )
            )

            #expect(listing.responses.map(\.href) == [Self.book, "\(Self.book)a.vcf"])
            #expect(cards.responses.first?.property(.carddav("address-data")) != nil)
        }
    }

    @Test(arguments: ["user%40host", "user@host", "%75ser%40host", "user%40hos%74"])
    func `vdirsyncer: every spelling of an href is found, one is used in answers`(
        spelling: String
    ) throws {
        try withServer { server throws in
            let card = TestCard.text("A", uid: "a")
            _ = try server.request("PUT", "\(Self.book)\(spelling).vcf", body: card)

            let listing = try server.propfind(Self.book, depth: "1", "<D:getetag/>")

            #expect(listing.responses.last?.href == "\(Self.book)user@host.vcf")
            #expect(try server.request("GET", "\(Self.book)user@host.vcf").text == card)
            #expect(try server.request("GET", "\(Self.book)user%40host.vcf").text == card)
        }
    }

    @Test(arguments: ["text/vcard", "text/x-vcard", "text/directory", nil])
    func `Checklist 9: a card is taken under each type that clients call it`(type: String?) throws {
        try withServer { server throws in
            let answer = try server.request(
                "PUT",
                "\(Self.book)a.vcf",
                type.map { ["Content-Type": $0] } ?? [:],
                body: TestCard.text("A", uid: "a")
            )

            #expect(answer.status == 201)
        }
    }

    @Test func `Checklist 9: a chunked body and Expect: 100-continue are taken`() throws {
        try withServer { server throws in
            let connection = try HTTPConnection(port: server.port)
            let card = TestCard.text("A", uid: "a")
            let fields = ["Transfer-Encoding": "chunked", "Expect": "100-continue"]
            let head = TestServer.head(
                "PUT",
                "\(Self.book)a.vcf",
                fields,
                nil,
                TestServer.writer,
                "localhost"
            )

            try connection.send(head)
            for piece in [card.prefix(20), card.dropFirst(20)] {
                let size = String(piece.utf8.count, radix: 16)
                try connection.send(Array("\(size)\r\n\(piece)\r\n".utf8))
            }
            try connection.send(Array("0\r\n\r\n".utf8))

            #expect(try connection.readAnswer().status == 201)
            #expect(try server.request("GET", "\(Self.book)a.vcf").text == card)
        }
    }

    @Test(arguments: [
        "/dav/", "/dav/principals/me/", "/dav/addressbooks/", book, "\(book)a.vcf",
    ])
    func `Checklist 4: OPTIONS is 200 without content and tells the same everywhere`(
        path: String
    ) throws {
        try withServer { server throws in
            try Self.put(server, "a")

            let answer = try server.request("OPTIONS", path)

            let classes = (answer["dav"] ?? "").split(separator: ",").map {
                $0.filter { $0 != " " }
            }
            #expect(answer.status == 200)
            #expect(answer["content-length"] == "0")
            let wanted = ["1", "3", "access-control", "extended-mkcol", "addressbook"]
            #expect(Set(classes).isSuperset(of: wanted))
        }
    }

    @Test func `vdirsyncer: characters that XML 1.0 has no place for do not reach a listing`()
        throws
    {
        try withServer { server throws in
            let card = TestCard.text("A", uid: "a", "NOTE:before\u{8}after")
            let put = try server.request("PUT", "\(Self.book)a.vcf", body: card)

            let answer = try server.report(
                Self.book,
                """
                <C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
                <D:prop><C:address-data/></D:prop><D:href>\(Self.book)a.vcf</D:href>\
                </C:addressbook-multiget>
                """
            )

            #expect((200..<300).contains(put.status) || put.status == 403)
            #expect(!answer.body.contains(8))
            #expect(!answer.text.contains("&#8;"))
        }
    }

    @Test func `Other servers' faults: %00 in a DELETE path removes nothing`() throws {
        try withServer { server throws in
            try Self.put(server, "a")

            let answer = try server.request("DELETE", "\(Self.book)%00")

            #expect(answer.status == 400)
            #expect(try server.request("GET", "\(Self.book)a.vcf").status == 200)
        }
    }

    @Test func `Other servers' faults: PROPPATCH of resourcetype leaves a book a book`() throws {
        try withServer { server throws in
            let answer = try Multistatus(
                server.request(
                    "PROPPATCH",
                    Self.book,
                    body: """
                        <D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:resourcetype/>\
                        </D:prop></D:set></D:propertyupdate>
                        """
                )
            )

            #expect(answer.responses.first?.propstats.first?.status == "HTTP/1.1 403 Forbidden")
            let type = try server.propfind(Self.book, "<D:resourcetype/>").responses.first?
                .property(.dav("resourcetype"))
            #expect(type?.first(.carddav("addressbook")) != nil)
        }
    }

    @Test(arguments: ["/config.toml", "/default/config.toml", "\(book)config.toml", "/HEAD"])
    func `Other servers' faults: no file of the store is served`(path: String) throws {
        try withServer { server throws in
            let status = try server.request("GET", path).status

            #expect([403, 404].contains(status))
        }
    }
}
