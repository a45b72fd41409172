import TestSupport
import Testing
import WebDAV

/// `addressbook-multiget` (RFC 6352 §8.7).
struct MultigetTests {
    private static let book = TestServer.book
    private static let notFound = "HTTP/1.1 404 Not Found"

    @Test(arguments: [["Depth": "0"], ["Depth": "1"], ["Depth": "infinity"], [:]])
    func `RFC 6352 §8.7: any Depth is taken, for the hrefs are the scope`(
        fields: [String: String]
    ) throws {
        try withServer { server throws in
            for name in ["a", "b"] { try server.put(name) }

            let answer = try Multistatus(server.multiget(["\(Self.book)b.vcf"], fields))

            #expect(answer.cardNames == ["b"])
        }
    }

    @Test func `RFC 6352 §8.7: each href has its response, in order, also one that is there twice`()
        throws
    {
        try withServer { server throws in
            for name in ["a", "b"] { try server.put(name) }
            let hrefs = ["b", "x", "a", "b", "x", "a"].map { "\(Self.book)\($0).vcf" }

            let answer = try Multistatus(server.multiget(hrefs))

            #expect(answer.responses.map(\.href) == hrefs)
            #expect(
                answer.responses.map(\.status) == [
                    nil, Self.notFound, nil, nil, Self.notFound, nil,
                ]
            )
        }
    }

    @Test(arguments: [
        "/dav/addressbooks/default/a@b%20c.vcf", "/dav/addressbooks/default/a%40b%20c.vcf",
        "/dav/addressbooks/default/%61%40%62%20%63%2Evcf", "/dav/addressbooks/default/a@b c.vcf",
        "/%64av/addressbooks/d%65fault/a@b%20c.vcf",
        "http://localhost/dav/addressbooks/default/a@b%20c.vcf",
        "http://localhost:8080/dav/addressbooks/default/a@b%20c.vcf",
        "HTTPS://LOCALHOST/dav/addressbooks/default/a@b%20c.vcf",
        "http://alice@localhost/dav/addressbooks/default/a%40b%20c.vcf",
        "\n  /dav/addressbooks/default/a@b%20c.vcf\n  ",
    ])
    func `RFC 6352 §8.7: an href is the same in every spelling, and answered in one`(
        href: String
    ) throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "\(Self.book)a@b%20c.vcf",
                body: TestCard.text("A", uid: "1")
            )

            let answer = try Multistatus(server.multiget([href]))

            #expect(answer.responses.map(\.href) == ["\(Self.book)a@b%20c.vcf"])
            #expect(answer.responses[0].property(.dav("getetag")) != nil)
        }
    }

    @Test(arguments: [
        "/dav/addressbooks/other/x.vcf", "/dav/addressbooks/default/", "/dav/addressbooks/default",
        "/dav/addressbooks/", "/dav/principals/me/", "/", "", "x.vcf", "*", "mailto:a@example.com",
        "/dav/addressbooks/default/config.toml", "/dav/addressbooks/default/a.vcf/",
        "/dav/addressbooks/default/../default/a.vcf", "/dav/addressbooks/default/%2e%2e/a.vcf",
        "/dav/addressbooks/default//a.vcf", "/dav/addressbooks/default/a%2Fb.vcf", "/%zz", "/%00",
        "/dav/addressbooks/default/.a.vcf", "/dav/addressbooks/missing/a.vcf",
    ])
    func `RFC 6352 §8.7: what is no card of this book is 404, as the client spelled it`(
        href: String
    ) throws {
        try withServer { server throws in
            try server.put("a")
            try server.makeBook("other")
            try server.put("x", in: "/dav/addressbooks/other/")

            let answer = try Multistatus(server.multiget([href, "\(Self.book)a.vcf"]))

            #expect(answer.responses.map(\.href) == [href, "\(Self.book)a.vcf"])
            #expect(answer.responses.map(\.status) == [Self.notFound, nil])
        }
    }

    @Test func `RFC 6352 §8.7: on the home it reaches all books, on a card that card alone`() throws
    {
        try withServer { server throws in
            try server.makeBook("other")
            try server.put("a")
            try server.put("x", in: "\(TestServer.home)other/")
            let hrefs = ["\(TestServer.home)other/x.vcf", "\(Self.book)a.vcf", TestServer.home]

            let home = try Multistatus(server.multiget(hrefs, of: TestServer.home))
            let card = try Multistatus(server.multiget(hrefs, of: "\(Self.book)a.vcf"))
            let missing = try server.multiget(hrefs, of: "\(Self.book)none.vcf")

            #expect(home.responses.map(\.status) == [nil, nil, Self.notFound])
            #expect(card.responses.map(\.status) == [Self.notFound, nil, Self.notFound])
            #expect(missing.status == 404)
        }
    }

    @Test func `RFC 6352 §8.7: a multiget that names nothing is 400`() throws {
        try withServer { server throws in
            #expect(try server.multiget([]).status == 400)
        }
    }

    @Test func `RFC 6352 §8.7: 40,000 hrefs are answered, one by one, in linear time`() throws {
        try withServer { server throws in
            try server.put("a")
            func time(_ count: Int) throws -> Duration {
                let hrefs = (0..<count).map { "\(Self.book)\($0 % 100 == 0 ? "a" : "n\($0)").vcf" }
                let began = ContinuousClock.now
                let answer = try server.multiget(hrefs)
                let time = ContinuousClock.now - began
                let responses = answer.text.split(separator: "<D:href>").dropFirst()
                #expect(responses.map { String($0.prefix { $0 != "<" }) } == hrefs)
                #expect(responses.filter { $0.contains("getetag") }.count == count / 100)
                return time
            }

            let some = try time(4_000)
            let all = try time(40_000)

            // Quadratic work would take a hundred times as long.
            #expect(all < some * 40 + .seconds(2))
        }
    }

    @Test func `RFC 6352 §8.7: more than a body may have is refused before it is looked at`() throws
    {
        try withServer { server throws in
            let answer = try server.multiget(Array(repeating: "/a", count: 100_001))

            #expect([400, 413].contains(answer.status))
        }
    }

    @Test func `RFC 6352 §10.4: address-data is given whole, in part, or refused by its type`()
        throws
    {
        try withServer { server throws in
            try server.put("a", "Alice", "EMAIL:a@example.com")
            func ask(_ data: String) throws -> HTTPAnswer {
                try server.multiget(["\(Self.book)a.vcf"], properties: data)
            }

            let part = try Multistatus(
                ask("<C:address-data><C:prop name=\"EMAIL\"/></C:address-data>")
            )
            let refused = try ask("<C:address-data content-type=\"text/html\"/>")

            let text = part.responses[0].property(.carddav("address-data"))?.text
            #expect(text?.contains("EMAIL:a@example.com") == true)
            #expect(text?.contains("\r\nN:") == false)
            #expect(refused.status == 403)
            #expect(refused.text.contains("<C:supported-address-data>"))
        }
    }
}
