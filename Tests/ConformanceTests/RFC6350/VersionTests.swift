import TestSupport
import Testing
import WebDAV

/// Cards of all versions, as they are stored, asked for and overwritten.
struct VersionTests {
    private static let path = "/dav/addressbooks/default/alice.vcf"
    private static let book = "/dav/addressbooks/default/"

    private static func card(_ version: String, _ lines: String...) -> String {
        (["BEGIN:VCARD", "VERSION:\(version)"] + lines + ["END:VCARD", ""])
            .joined(separator: "\r\n")
    }

    private static let new = card(
        "4.0",
        "UID:1",
        "FN:Alice",
        "BDAY:--0412",
        "GENDER:F",
        "XML:<a/>",
        "item1.X-ABLabel:Own"
    )
    private static let old = card(
        "3.0",
        "UID:1",
        "FN:Alice",
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12",
        "X-GENDER:F",
        "item1.X-ABLabel:Own"
    )

    @Test(arguments: [
        "BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:J=C3=BC=\n=C3=BC\nTEL;CELL:1\nUID:1\nPHOTO;JPEG;BASE64:\n/9j/\nAAAA\n\nEND:VCARD\n",
        "BEGIN:VCARD\r\nVERSION:2.1\r\nUID:1\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:B\r\nEND:VCARD\r\nEND:VCARD",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nEMAIL:a\r\n  b@x.example\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\nitem1.X-Odd;x=\"a;b\":c\\d\r\nEND:VCARD\r\n",
        "\u{FEFF}BEGIN:VCARD\nUID:1\nFN:no version\nno colon\nEND:VCARD\n\n\n",
    ])
    func `RFC 6352 §6.3.2.3: a readable card of any version is kept as it came, with its ETag`(
        card: String
    ) throws {
        try withServer { server throws in
            let put = try server.request("PUT", Self.path, body: card)
            let read = try server.request("GET", Self.path)

            #expect(put.status == 201)
            #expect(put["etag"] != nil)
            #expect(put["etag"] == read["etag"])
            #expect(read.text == card)
        }
    }

    @Test(arguments: [
        card("3.0", "UID:1", "FN:x") + card("3.0", "UID:2", "FN:y"),
        card("3.0", "UID:1", "FN:x") + "garbage", "FN:x\r\n", "BEGIN:VCARD\r\nFN:x\r\n", "",
    ])
    func `RFC 6352 §6.3.2.1: what is not one card is refused with valid-address-data`(
        body: String
    ) throws {
        try withServer { server throws in
            let put = try server.request("PUT", Self.path, body: body)

            #expect(put.status == 403)
            #expect(put.text.contains("valid-address-data"))
            #expect(try server.request("GET", Self.path).status == 404)
        }
    }

    @Test(arguments: ["application/vcard+json", "application/json", "text/calendar"])
    func `RFC 6352 §6.3.2.1: another type is refused with supported-address-data`(
        type: String
    ) throws {
        try withServer { server throws in
            let put = try server.request("PUT", Self.path, ["Content-Type": type], body: Self.old)

            #expect(put.status == 415)
            #expect(put.text.contains("supported-address-data"))
        }
    }

    @Test func `RFC 6352 §5.1.1: Accept chooses the version, and the ETag stays that of the card`()
        throws
    {
        try withServer { server throws in
            let put = try server.request("PUT", Self.path, body: Self.new)

            let kept = try server.request("GET", Self.path)
            let old = try server.request("GET", Self.path, ["Accept": "text/vcard;version=3.0"])
            let head = try server.request("HEAD", Self.path, ["Accept": "text/vcard;version=3.0"])
            let any = try server.request("GET", Self.path, ["Accept": "text/vcard"])

            #expect(kept.text == Self.new)
            #expect(kept["content-type"] == "text/vcard; charset=utf-8")
            #expect(old.text == Self.old)
            #expect(old["content-type"] == "text/vcard; charset=utf-8; version=3.0")
            #expect(head["content-length"] == "\(Self.old.utf8.count)")
            #expect(head["content-type"] == old["content-type"])
            #expect(any.text == Self.new)
            #expect(any["content-type"] == "text/vcard; charset=utf-8; version=4.0")
            for answer in [kept, old, head, any] {
                #expect(answer["etag"] == put["etag"])
                #expect(answer["vary"] == "Accept")
            }
        }
    }

    @Test(arguments: ["text/html", "text/vcard;version=2.1", "application/vcard+xml"])
    func `RFC 6352 §5.1.1.1: a form that there is not is supported-address-data-conversion`(
        accept: String
    ) throws {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: Self.new)

            for path in [Self.path, Self.book] {
                let answer = try server.request("GET", path, ["Accept": accept])

                #expect(answer.status == 406)
                #expect(answer.text.contains("supported-address-data-conversion"))
            }
        }
    }

    @Test func `RFC 6352 §5.1.1: a book is given in the version that Accept names`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: Self.new)
            _ = try server.request(
                "PUT",
                Self.book + "b.vcf",
                body: Self.card("3.0", "UID:2", "FN:B")
            )

            let old = try server.request("GET", Self.book, ["Accept": "text/vcard;version=3.0"])

            #expect(old.text == Self.old + Self.card("3.0", "UID:2", "FN:B"))
        }
    }

    private static func reports(_ data: String) -> [String] {
        let names = "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\""
        return [
            "<C:addressbook-query \(names)><D:prop>\(data)</D:prop></C:addressbook-query>",
            "<C:addressbook-multiget \(names)><D:prop>\(data)</D:prop><D:href>\(path)</D:href>"
                + "</C:addressbook-multiget>",
            "<D:sync-collection \(names)><D:sync-token/><D:sync-level>1</D:sync-level>"
                + "<D:prop>\(data)</D:prop></D:sync-collection>",
        ]
    }

    @Test func `RFC 6352 §10.4: each report gives cards in the version asked for`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: Self.new)

            for (data, text, version) in [
                ("<C:address-data/>", Self.new, nil),
                ("<C:address-data content-type=\"text/vcard\"/>", Self.new, nil),
                ("<C:address-data version=\"3.0\"/>", Self.old, "3.0"),
                ("<C:address-data Content-Type=\"text/vcard\" Version=\"4.0\"/>", Self.new, "4.0"),
            ] {
                for report in Self.reports(data) {
                    let answer = try Multistatus(server.report(Self.book, report))

                    let told = answer.responses.first?.property(.carddav("address-data"))
                    #expect(told?.text == text)
                    #expect(told?.attribute("version") == version)
                    #expect(told?.attribute("content-type") == version.map { _ in "text/vcard" })
                }
            }
        }
    }

    @Test func `RFC 6352 §10.4.2: each report gives a part of a card, named as its version has it`()
        throws
    {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: Self.new)
            let data = """
                <C:address-data version="3.0"><C:prop Name="x-gender"/>\
                <C:prop name="BDAY" NoValue="yes"/></C:address-data>
                """

            for report in Self.reports(data) {
                let answer = try Multistatus(server.report(Self.book, report))

                #expect(
                    answer.responses.first?.property(.carddav("address-data"))?.text
                        == Self.card(
                            "3.0",
                            "UID:1",
                            "FN:Alice",
                            "BDAY;X-APPLE-OMIT-YEAR=1604:",
                            "X-GENDER:F"
                        )
                )
            }
        }
    }

    @Test(arguments: ["version=\"2.1\"", "content-type=\"application/vcard+xml\""])
    func `RFC 6352 §8.6, §8.7: a form that there is not is supported-address-data`(
        attribute: String
    ) throws {
        try withServer { server throws in
            for report in Self.reports("<C:address-data \(attribute)/>") {
                let answer = try server.report(Self.book, report)

                #expect(answer.status == 403)
                #expect(answer.text.contains("supported-address-data"))
            }
        }
    }

    @Test func `RFC 6352 §8.7.2: a card that cannot be converted is told so, and no other harmed`()
        throws
    {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: Self.new)
            _ = try server.request(
                "PUT",
                Self.book + "strange.vcf",
                body: Self.card("9.9", "UID:9", "FN:Strange")
            )

            let report = Self.reports("<C:address-data version=\"3.0\"/>")[0]
            let answer = try Multistatus(server.report(Self.book, report))

            #expect(answer[Self.path]?.property(.carddav("address-data"))?.text == Self.old)
            let strange = try #require(answer[Self.book + "strange.vcf"])
            #expect(strange.status == "HTTP/1.1 415 Unsupported Media Type")
            #expect(strange.error?.first(.carddav("supported-address-data-conversion")) != nil)
        }
    }

    @Test func `a client of 3.0 that overwrites a card of 4.0 does not wipe what it cannot see`()
        throws
    {
        try withServer { server throws in
            let first = try server.request("PUT", Self.path, body: Self.new)
            let etag = try #require(first["etag"])
            let edited = Self.card("3.0", "UID:1", "FN:Alice B.", "X-GENDER:F")

            let put = try server.request("PUT", Self.path, ["If-Match": etag], body: edited)
            let read = try server.request("GET", Self.path)
            let seen = try server.request("GET", Self.path, ["Accept": "text/vcard;version=3.0"])

            #expect(put.status == 204)
            #expect(put["etag"] == nil)
            #expect(read["etag"] != etag)
            #expect(read.text == Self.card("4.0", "UID:1", "FN:Alice B.", "GENDER:F", "XML:<a/>"))
            #expect(seen.text == edited)
        }
    }

    @Test func `a card of 3.0 over one of 4.0 without anything unseen is kept as it came`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: Self.card("4.0", "UID:1", "FN:A"))
            let put = try server.request("PUT", Self.path, body: Self.old)
            let back = try server.request("PUT", Self.path, body: Self.new)

            #expect(put["etag"] != nil)
            #expect(back["etag"] != nil)
            #expect(try server.request("GET", Self.path).text == Self.new)
        }
    }

    @Test func `RFC 6352 §6.2.2: a book takes cards of 3.0 and 4.0, and no jCard`() throws {
        try withServer { server throws in
            let answer = try server.propfind(Self.book, "<C:supported-address-data/>")

            let types = answer.responses.first?.property(.carddav("supported-address-data"))?
                .children.map { type in
                    "\(type.attribute("content-type") ?? "") \(type.attribute("version") ?? "")"
                }
            #expect(types == ["text/vcard 3.0", "text/vcard 4.0"])
        }
    }
}
