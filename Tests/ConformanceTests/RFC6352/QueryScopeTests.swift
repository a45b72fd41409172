import TestSupport
import Testing
import WebDAV

/// Where a query looks (RFC 6352 §8.2, §8.6), and where it stops (§8.6.1, §8.6.2).
struct QueryScopeTests {
    private static let everyone = "<C:filter><C:prop-filter name=\"FN\"/></C:filter>"

    private static func filter(_ text: String) -> String {
        """
        <C:filter><C:prop-filter name="FN"><C:text-match>\(text)</C:text-match></C:prop-filter>\
        </C:filter>
        """
    }

    /// Two books: alice and bob in the one, carol in the other.
    private static func withBooks(_ body: (TestServer) throws -> Void) throws {
        try withServer { server throws in
            try server.makeBook("other")
            try server.put("alice", "Alice")
            try server.put("bob", "Bob")
            try server.put("carol", "Carol Alice", in: "\(TestServer.home)other/")
            try body(server)
        }
    }

    @Test(arguments: [["Depth": "0"], ["Depth": "1"], ["Depth": "infinity"], [:]])
    func `RFC 6352 §8.6: on a book any Depth means its cards; Evolution sends 0`(
        fields: [String: String]
    ) throws {
        try Self.withBooks { server throws in
            #expect(try Multistatus(server.query(fields)).cardNames == ["alice", "bob"])
            let found = try Multistatus(server.query(Self.filter("alice"), fields))
            #expect(found.cardNames == ["alice"])
        }
    }

    @Test(arguments: [
        (["Depth": "1"], ["alice", "carol"]), (["Depth": "infinity"], ["alice", "carol"]),
        (["Depth": "0"], []), ([:], []),
    ])
    func `RFC 6352 §8.2: on the home 1 and infinity mean the cards of all books, 0 none`(
        fields: [String: String],
        names: [String]
    ) throws {
        try Self.withBooks { server throws in
            let path = TestServer.home
            let answer = try Multistatus(server.query(Self.filter("alice"), of: path, fields))

            #expect(answer.cardNames == names)
            #expect(answer.responses.allSatisfy { $0.property(.dav("getetag")) != nil })
        }
    }

    @Test(arguments: ["0", "1", "infinity"])
    func `RFC 6352 §8.6: on a card the query is about that card alone`(depth: String) throws {
        try Self.withBooks { server throws in
            let path = "\(TestServer.book)alice.vcf"
            for (filter, names) in [
                ("", ["alice"]), (Self.everyone, ["alice"]), (Self.filter("ALICE"), ["alice"]),
                (Self.filter("bob"), []),
            ] {
                let answer = try Multistatus(server.query(filter, of: path, ["Depth": depth]))

                #expect(answer.cardNames == names)
            }
        }
    }

    @Test func `RFC 6352 §8: books, cards and the home list the reports that they answer`() throws {
        try Self.withBooks { server throws in
            for path in [TestServer.home, TestServer.book, "\(TestServer.book)alice.vcf"] {
                let answer = try server.propfind(path, "<D:supported-report-set/>")

                #expect(answer.answer.text.contains("addressbook-query"))
                #expect(answer.answer.text.contains("addressbook-multiget"))
            }
            let principal = "/dav/principals/me/"
            #expect(try server.query(of: principal).text.contains("<D:supported-report>"))
            #expect(try server.query(of: "\(TestServer.book)none.vcf").status == 404)
            #expect(try server.query(of: "\(TestServer.home)none/").status == 404)
        }
    }

    @Test(arguments: ["2", "-1", "one"])
    func `RFC 4918 §10.2: a Depth that is none is 400`(depth: String) throws {
        try Self.withBooks { server throws in
            #expect(try server.query(["Depth": depth]).status == 400)
        }
    }

    @Test(arguments: [(0, 0, true), (1, 1, true), (2, 2, true), (3, 3, false), (9, 3, false)])
    func `RFC 6352 §8.6.2: on the home the limit counts all books, and the 507 is the home's`(
        limit: Int,
        count: Int,
        isCut: Bool
    ) throws {
        try Self.withBooks { server throws in
            for filter in ["", Self.everyone] {
                let answer = try Multistatus(
                    server.query(filter, of: TestServer.home, limit: limit)
                )

                #expect(answer.cardNames == Array(["alice", "bob", "carol"].prefix(count)))
                #expect(answer.truncation?.href == (isCut ? TestServer.home : nil))
                #expect(
                    (answer.truncation?.error?.first(.dav("number-of-matches-within-limits")) != nil)
                        == isCut
                )
            }
        }
    }

    @Test func `RFC 6352 §8.6.2: matches alone count for the limit, and none too few are no cut`()
        throws
    {
        try Self.withBooks { server throws in
            let one = try Multistatus(server.query(Self.filter("bob"), limit: 1))
            let none = try Multistatus(server.query(Self.filter("nobody"), limit: 0))
            let card = try Multistatus(
                server.query(of: "\(TestServer.book)alice.vcf", limit: 0)
            )

            #expect(one.cardNames == ["bob"])
            #expect(one.truncation == nil)
            #expect(none.responses.isEmpty)
            #expect(card.truncation?.href == "\(TestServer.book)alice.vcf")
            for wrong in ["-1", "x", "1.5", ""] {
                let limit = "<C:limit><C:nresults>\(wrong)</C:nresults></C:limit>"
                #expect(try server.query(limit).status == 400)
            }
        }
    }

    @Test func `RFC 6352 §8.6: a property that is not there is 404 in its own propstat`() throws {
        try Self.withBooks { server throws in
            let answer = try Multistatus(
                server.query(Self.filter("bob"), properties: "<D:getetag/><D:nothing/>")
            )

            #expect(answer.responses[0].property(.dav("getetag")) != nil)
            #expect(answer.responses[0].missing == [.dav("nothing")])
        }
    }

    @Test(arguments: ["<D:allprop/>", "<D:propname/>", ""])
    func `RFC 6352 §10.3: allprop, propname and no properties at all are taken`(form: String) throws
    {
        try Self.withBooks { server throws in
            let answer = try server.report(
                TestServer.book,
                """
                <C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
                \(form)</C:addressbook-query>
                """
            )

            let read = try Multistatus(answer)
            #expect(read.cardNames == ["alice", "bob"])
            #expect(read.responses.allSatisfy { $0.propstats.count == 1 })
            #expect(answer.text.contains("getetag") == !form.isEmpty)
        }
    }

    @Test func `RFC 6352 §10.4: address-data is given whole, in part, or refused by its type`()
        throws
    {
        try Self.withBooks { server throws in
            func ask(_ data: String) throws -> HTTPAnswer {
                try server.query(Self.filter("bob"), properties: data)
            }
            let part = try Multistatus(
                ask("<C:address-data><C:prop name=\"UID\"/></C:address-data>")
            )
            let whole = try Multistatus(ask("<C:address-data/>"))
            let refused = try ask("<C:address-data content-type=\"text/html\"/>")

            let name = QualifiedName.carddav("address-data")
            #expect(whole.responses[0].property(name)?.text == TestCard.text("Bob", uid: "bob"))
            #expect(part.responses[0].property(name)?.text.contains("UID:bob") == true)
            #expect(part.responses[0].property(name)?.text.contains("\r\nN:") == false)
            #expect(refused.status == 403)
            #expect(refused.text.contains("<C:supported-address-data>"))
        }
    }
}

extension TestServer {
    /// A query without a filter.
    fileprivate func query(_ fields: [String: String]) throws -> HTTPAnswer {
        try query("", fields)
    }
}
