import TestSupport
import Testing
import WebDAV

struct ReportTests {
    private static let book = "/dav/addressbooks/default/"

    private static func fill(_ server: TestServer) throws {
        for (name, card) in [
            ("alice", TestCard.text("Alice Smith", uid: "1", "EMAIL;TYPE=work:alice@example.com")),
            (
                "bob",
                TestCard.text("Bob Müller", uid: "2", "item1.EMAIL:bob@example.org", "NICKNAME:Bo")
            ),
            ("carol", TestCard.text("Carol", uid: "3", "TEL;TYPE=\"home,voice\":123")),
        ] {
            let put = try server.request("PUT", "\(book)\(name).vcf", body: card)
            guard put.status == 201 else { throw HTTPTrouble.malformed(put.text) }
        }
    }

    private static func query(
        _ server: TestServer,
        _ filter: String,
        _ more: String = ""
    ) throws -> HTTPAnswer {
        try server.report(
            book,
            """
            <C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
            <D:prop><D:getetag/><C:address-data/></D:prop>\(filter)\(more)</C:addressbook-query>
            """
        )
    }

    private static func names(_ answer: HTTPAnswer) throws -> [String] {
        try Multistatus(answer).responses.map { String($0.href.dropFirst(book.count).dropLast(4)) }
    }

    @Test(arguments: [
        ("<C:filter><C:prop-filter name=\"EMAIL\"/></C:filter>", "alice bob"),
        ("<C:filter><C:prop-filter name=\"item1.email\"/></C:filter>", "bob"),
        (
            "<C:filter><C:prop-filter name=\"EMAIL\"><C:is-not-defined/></C:prop-filter></C:filter>",
            "carol"
        ),
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match>SMITH</C:text-match></C:prop-filter></C:filter>",
            "alice"
        ),
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match>MÜLLER</C:text-match></C:prop-filter></C:filter>",
            "bob"
        ),
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match collation=\"i;octet\">smith</C:text-match></C:prop-filter></C:filter>",
            ""
        ),
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match match-type=\"starts-with\">b</C:text-match></C:prop-filter></C:filter>",
            "bob"
        ),
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match match-type=\"ends-with\">smith</C:text-match></C:prop-filter></C:filter>",
            "alice"
        ),
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match match-type=\"equals\">carol</C:text-match></C:prop-filter></C:filter>",
            "carol"
        ),
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match negate-condition=\"yes\">o</C:text-match></C:prop-filter></C:filter>",
            "alice"
        ),
        (
            "<C:filter><C:prop-filter name=\"TEL\"><C:param-filter name=\"type\"><C:text-match match-type=\"equals\">HOME</C:text-match></C:param-filter></C:prop-filter></C:filter>",
            "carol"
        ),
        (
            "<C:filter><C:prop-filter name=\"EMAIL\"><C:param-filter name=\"TYPE\"><C:is-not-defined/></C:param-filter></C:prop-filter></C:filter>",
            "bob"
        ),
        (
            "<C:filter test=\"anyof\"><C:prop-filter name=\"TEL\"/><C:prop-filter name=\"NICKNAME\"/></C:filter>",
            "bob carol"
        ),
        (
            "<C:filter test=\"allof\"><C:prop-filter name=\"EMAIL\"/><C:prop-filter name=\"NICKNAME\"/></C:filter>",
            "bob"
        ),
        (
            "<C:filter><C:prop-filter name=\"FN\" test=\"allof\"><C:text-match>a</C:text-match><C:text-match>r</C:text-match></C:prop-filter></C:filter>",
            "carol"
        ),
        ("", "alice bob carol"),
        ("<C:filter/>", "alice bob carol"),
    ])
    func `RFC 6352 §10.5: a filter selects just the cards that it matches`(
        filter: String,
        names: String
    )
        throws
    {
        try withServer { server throws in
            try Self.fill(server)

            #expect(try Self.names(Self.query(server, filter)).joined(separator: " ") == names)
        }
    }

    @Test func `RFC 6352 §8.6.2: a query cut by its limit says so with 507 on the book`() throws {
        try withServer { server throws in
            try Self.fill(server)

            let answer = try Multistatus(
                Self.query(server, "", "<C:limit><C:nresults>2</C:nresults></C:limit>")
            )

            #expect(answer.responses.count == 3)
            let last = try #require(answer.responses.last)
            #expect(last.href == Self.book)
            #expect(last.status == "HTTP/1.1 507 Insufficient Storage")
            #expect(last.error?.first(.dav("number-of-matches-within-limits")) != nil)
        }
    }

    @Test(arguments: [
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match collation=\"i;x\">a</C:text-match></C:prop-filter></C:filter>",
            "supported-collation"
        ),
        ("<C:filter><C:comp-filter name=\"FN\"/></C:filter>", "supported-filter"),
        ("<C:filter><C:prop-filter/></C:filter>", "supported-filter"),
        (
            "<C:filter><C:prop-filter name=\"FN\"><C:text-match match-type=\"x\">a</C:text-match></C:prop-filter></C:filter>",
            "supported-filter"
        ),
    ])
    func `RFC 6352 §8.6: a filter that is not understood is refused`(
        filter: String,
        condition: String
    ) throws {
        try withServer { server throws in
            let answer = try Self.query(server, filter)

            #expect(answer.status == 403)
            #expect(answer.text.contains(condition))
        }
    }

    @Test func `RFC 6352 §8.7: multiget answers each href in its order, whatever its spelling`()
        throws
    {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "\(Self.book)a@b%20c.vcf",
                body: TestCard.text("A", uid: "1")
            )
            try Self.fillTwo(server)

            let hrefs = [
                "\(Self.book)z.vcf", "\(Self.book)none.vcf", "\(Self.book)a%40b%20c.vcf",
                "http://alice@localhost\(Self.book)y.vcf", "/elsewhere", "%zz",
            ]
            let answer = try Multistatus(
                server.report(
                    Self.book,
                    """
                    <C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
                    <D:prop><D:getetag/><C:address-data/></D:prop>\
                    \(hrefs.map { "<D:href>\($0)</D:href>" }.joined())</C:addressbook-multiget>
                    """
                )
            )

            #expect(
                answer.responses.map(\.href) == [
                    "\(Self.book)z.vcf", "\(Self.book)none.vcf", "\(Self.book)a@b%20c.vcf",
                    "\(Self.book)y.vcf", "/elsewhere", "%zz",
                ]
            )
            #expect(
                answer.responses.map { $0.status ?? "found" } == [
                    "found", "HTTP/1.1 404 Not Found", "found", "found", "HTTP/1.1 404 Not Found",
                    "HTTP/1.1 404 Not Found",
                ]
            )
            #expect(
                answer.responses[0].property(.carddav("address-data"))?.text
                    == TestCard.text("Z", uid: "z")
            )
        }
    }

    private static func fillTwo(_ server: TestServer) throws {
        for name in ["y", "z"] {
            _ = try server.request(
                "PUT",
                "\(book)\(name).vcf",
                body: TestCard.text(name.uppercased(), uid: name)
            )
        }
    }

    @Test func `RFC 6352 §10.4.2: address-data gives only the properties that are named`() throws {
        try withServer { server throws in
            try Self.fill(server)

            let answer = try Multistatus(
                server.report(
                    Self.book,
                    """
                    <C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
                    <D:prop><C:address-data Content-Type="text/vcard" version="3.0"><C:prop name="UID"/>\
                    <C:prop name="FN" novalue="yes"/></C:address-data></D:prop>\
                    <D:href>\(Self.book)alice.vcf</D:href></C:addressbook-multiget>
                    """
                )
            )

            #expect(
                answer.responses.first?.property(.carddav("address-data"))?.text
                    == "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:\r\nUID:1\r\nEND:VCARD\r\n"
            )
        }
    }

    @Test func `RFC 3253 §3.6: a report that is not known is refused with supported-report`() throws
    {
        try withServer { server throws in
            let answer = try server.report(Self.book, "<D:version-tree xmlns:D=\"DAV:\"/>")

            #expect(answer.status == 403)
            #expect(answer.text.contains("supported-report"))
        }
    }

    @Test func `RFC 6352 §3: a book tells what it supports`() throws {
        try withServer { server throws in
            let answer = try server.propfind(
                Self.book,
                """
                <D:supported-report-set/><C:supported-address-data/><C:max-resource-size/>\
                <C:supported-collation-set/><CS:getctag/><D:sync-token/>
                """
            )

            let book = try #require(answer.responses.first)
            let reports = book.property(.dav("supported-report-set"))?.children
                .compactMap { $0.first(.dav("report"))?.children.first?.name.localName }
            #expect(
                Set(reports ?? []).isSuperset(
                    of: ["addressbook-multiget", "addressbook-query", "sync-collection"]
                )
            )
            let versions = book.property(.carddav("supported-address-data"))?.children
                .compactMap { $0.attribute("version") }
            #expect(versions == ["3.0", "4.0"])
            #expect(book.property(.carddav("max-resource-size"))?.text == "10485760")
            #expect(book.property(.calendarServer("getctag"))?.text.count == 40)
            #expect(book.missing.isEmpty)
        }
    }
}
