import TestSupport
import Testing
import WebDAV

/// The grammar of filters, each rule asked over the wire.
struct QueryFilterTests {
    /// Cards that differ in what filters can tell.
    private static func withCards(_ body: (TestServer) throws -> Void) throws {
        try withServer { server throws in
            for (name, lines) in [
                ("a", ["EMAIL;TYPE=HOME:ann@example.com", "TEL;TYPE=cell,voice:1", "X-ODD:yes"]),
                (
                    "b",
                    [
                        "item1.EMAIL;TYPE=work:ben@example.org", "item1.X-ABLabel:Büro",
                        "item2.TEL:2", "NOTE:one\\, two\\; three\\nfour",
                    ]
                ),
                ("c", ["EMAIL:cid@home.example", "EMAIL;TYPE=work:cid@work.example"]),
                ("d", ["NICKNAME:Zoë,Æsop", "ORG:Firm;Unit", "CATEGORIES:GROUP,PERSON"]),
                ("e", []),
            ] {
                let text = TestCard.text("Name \(name)", uid: name)
                let more = lines.map { "\($0)\r\n" }.joined()
                let put = try server.request(
                    "PUT",
                    "\(TestServer.book)\(name).vcf",
                    body: text.replacing("END:VCARD\r\n", with: "\(more)END:VCARD\r\n")
                )
                guard put.status == 201 else { throw HTTPTrouble.malformed(put.text) }
            }
            try body(server)
        }
    }

    private static func expect(
        _ table: [(inside: String, names: String)],
        test: String = ""
    ) throws {
        try withCards { server throws in
            for (inside, names) in table {
                let answer = try Multistatus(server.query("<C:filter\(test)>\(inside)</C:filter>"))

                #expect(answer.cardNames.joined(separator: " ") == names, "\(inside)")
            }
        }
    }

    /// A prop-filter.
    private static func property(_ name: String, _ inside: String = "", _ test: String = "")
        -> String
    {
        "<C:prop-filter name=\"\(name)\"\(test)>\(inside)</C:prop-filter>"
    }

    /// A text-match.
    private static func text(_ text: String, _ attributes: String = "") -> String {
        "<C:text-match \(attributes)>\(text)</C:text-match>"
    }

    /// A param-filter.
    private static func parameter(_ name: String, _ inside: String = "") -> String {
        "<C:param-filter name=\"\(name)\">\(inside)</C:param-filter>"
    }

    private static let absent = "<C:is-not-defined/>"

    @Test(arguments: [("", "a b"), (" test=\"anyof\"", "a b"), (" test=\"allof\"", "")])
    func `RFC 6352 §10.5: anyof and allof join the properties; without a test it is anyof`(
        test: String,
        names: String
    ) throws {
        try Self.expect([(Self.property("X-ODD") + Self.property("NOTE"), names)], test: test)
    }

    @Test func `RFC 6352 §10.5.1: a property is there, or not, in any letter case and any group`()
        throws
    {
        try Self.expect([
            (Self.property("EMAIL"), "a b c"), (Self.property("email"), "a b c"),
            (Self.property("TEL"), "a b"), (Self.property("X-ODD"), "a"),
            (Self.property("X-ABLABEL"), "b"), (Self.property("X-NOWHERE"), ""),
            (Self.property("EMAIL", Self.absent), "d e"), (Self.property("FN", Self.absent), ""),
            (Self.property("X-NOWHERE", Self.absent), "a b c d e"),
        ])
    }

    @Test func `RFC 6352 §10.5.1: a name with a group means the property in that group alone`()
        throws
    {
        try Self.expect([
            (Self.property("item1.EMAIL"), "b"), (Self.property("ITEM1.email"), "b"),
            (Self.property("item2.EMAIL"), ""), (Self.property("item2.TEL"), "b"),
            (Self.property("item2.EMAIL", Self.absent), "a b c d e"),
            (Self.property("item1.EMAIL", Self.text("ben")), "b"),
            (Self.property("item1.EMAIL", Self.text("ann")), ""),
        ])
    }

    @Test func `RFC 6352 §10.5.1: conditions of one property are joined by its own test`() throws {
        let both = Self.text("cid") + Self.parameter("TYPE", Self.text("work"))
        let twoTexts = Self.text("cid") + Self.text("home.example")
        try Self.expect([
            (Self.property("EMAIL", both), "b c"),
            (Self.property("EMAIL", both, " test=\"anyof\""), "b c"),
            (Self.property("EMAIL", both, " test=\"allof\""), "c"),
            (Self.property("EMAIL", twoTexts, " test=\"allof\""), "c"),
            // Both must hold for one and the same property.
            (
                Self.property(
                    "EMAIL",
                    Self.text("home.example") + Self.parameter("TYPE", Self.text("work")),
                    " test=\"allof\""
                ), ""
            ),
        ])
    }

    @Test func `RFC 6352 §10.5.2: a parameter is there, not there, or has a text`() throws {
        try Self.expect([
            (Self.property("EMAIL", Self.parameter("TYPE")), "a b c"),
            (Self.property("EMAIL", Self.parameter("type")), "a b c"),
            (Self.property("EMAIL", Self.parameter("TYPE", Self.absent)), "c"),
            (Self.property("EMAIL", Self.parameter("PREF")), ""),
            (Self.property("EMAIL", Self.parameter("TYPE", Self.text("HOME"))), "a"),
            (
                Self.property(
                    "TEL",
                    Self.parameter("TYPE", Self.text("Voice", "match-type=\"equals\""))
                ), "a"
            ),
            (
                Self.property(
                    "TEL",
                    Self.parameter("TYPE", Self.text("voic", "match-type=\"equals\""))
                ), ""
            ),
        ])
    }

    @Test func `RFC 6352 §10.5.4: a parameter that must not have a text is there, without it`()
        throws
    {
        let notWork = Self.text("work", "negate-condition=\"yes\"")
        let notVoice = Self.text("voice", "negate-condition=\"yes\"")
        try Self.expect([
            (Self.property("EMAIL", Self.parameter("TYPE", notWork)), "a"),
            (Self.property("TEL", Self.parameter("TYPE", notVoice)), ""),
        ])
    }

    @Test func `RFC 6352 §10.5.4: equals, contains, starts-with and ends-with are told apart`()
        throws
    {
        func matches(_ wanted: String, _ type: String) -> String {
            Self.property("EMAIL", Self.text(wanted, type.isEmpty ? "" : "match-type=\"\(type)\""))
        }
        try Self.expect([
            (matches("ANN@EXAMPLE.COM", "equals"), "a"), (matches("ann@example", "equals"), ""),
            (matches("EXAMPLE", "contains"), "a b c"), (matches("example.", ""), "a b"),
            (matches("cid@", "starts-with"), "c"), (matches("@", "starts-with"), ""),
            (matches(".org", "ends-with"), "b"), (matches("ben", "ends-with"), ""),
            (matches("", "contains"), "a b c"), (matches("", "equals"), ""),
        ])
    }

    @Test func `RFC 6352 §10.5.4: a negated text needs a property that has it not`() throws {
        func not(_ name: String, _ wanted: String) -> String {
            Self.property(name, Self.text(wanted, "negate-condition=\"yes\""))
        }
        try Self.expect([
            (not("EMAIL", "example"), ""), (not("EMAIL", "cid@home"), "a b c"),
            (not("EMAIL", "ann"), "b c"), (not("CATEGORIES", "PERSON"), ""),
            (Self.property("EMAIL", Self.text("ann", "negate-condition=\"no\"")), "a"),
        ])
    }

    @Test func `RFC 6352 §10.5.4: values are compared as text, without the card's escapes`() throws
    {
        try Self.expect([
            (
                Self.property("NOTE", Self.text("one, two; three\nfour", "match-type=\"equals\"")),
                "b"
            ),
            (Self.property("NOTE", Self.text("one\\, two")), ""),
            (Self.property("NICKNAME", Self.text("ZOË,Æ")), "d"),
            (Self.property("ORG", Self.text("firm;unit", "match-type=\"equals\"")), "d"),
            (Self.property("FN", Self.text("Name <![CDATA[a]]>")), "a"),
        ])
    }

    @Test func `RFC 6352 §8.3: each collation compares in its own way`() throws {
        func by(_ collation: String, _ wanted: String) -> String {
            Self.property("NICKNAME", Self.text(wanted, "collation=\"\(collation)\""))
        }
        try Self.expect([
            (by("i;octet", "Zoë"), "d"), (by("i;octet", "zoë"), ""), (by("i;octet", "ZOË"), ""),
            (by("i;ascii-casemap", "zOë"), "d"), (by("i;ascii-casemap", "ZOË"), ""),
            (by("i;unicode-casemap", "zoË"), "d"), (by("i;unicode-casemap", "æSOP"), "d"),
            (by("default", "ZOË"), "d"), (by("I;Unicode-Casemap", "ZOË"), "d"),
        ])
    }

    @Test(arguments: ["", "<C:filter/>", "<C:filter test=\"allof\"/>", "<C:filter></C:filter>"])
    func `RFC 6352 §10.5: no filter, and one without conditions, means every card`(
        filter: String
    ) throws {
        try Self.withCards { server throws in
            #expect(try Multistatus(server.query(filter)).cardNames == ["a", "b", "c", "d", "e"])
        }
    }
}

/// Filters that are refused, and filters made to exhaust a server.
struct QueryRefusalTests {
    private static func expectRefused(_ filter: String, _ condition: String) throws {
        try withServer { server throws in
            try server.put("a")

            let answer = try server.query(filter)

            #expect(answer.status == 403)
            #expect(answer.text.contains("<C:\(condition)>"))
        }
    }

    @Test(arguments: [
        "<C:prop-filter name=\"FN\"><C:text-match negate-condition=\"maybe\">a</C:text-match></C:prop-filter>",
        "<C:prop-filter name=\"FN\"><C:text-match match-type=\"like\">a</C:text-match></C:prop-filter>",
        "<C:prop-filter name=\"FN\" test=\"noneof\"/>", "<C:prop-filter/>",
        "<D:prop-filter name=\"FN\"/>",
        "<C:prop-filter name=\"FN\"><C:is-not-defined/><C:text-match>a</C:text-match></C:prop-filter>",
        "<C:prop-filter name=\"FN\"><C:param-filter/></C:prop-filter>",
        "<C:comp-filter name=\"VCARD\"/>",
    ])
    func `RFC 6352 §8.6: what is no filter is refused with supported-filter`(inside: String) throws
    {
        try Self.expectRefused("<C:filter>\(inside)</C:filter>", "supported-filter")
    }

    @Test(arguments: ["i;basic", "i;ascii-numeric", "*", "i;*", ""])
    func `RFC 6352 §8.3: an unknown collation or a wildcard is refused with supported-collation`(
        collation: String
    ) throws {
        for inside in ["%@", "<C:param-filter name=\"TYPE\">%@</C:param-filter>"] {
            let match = "<C:text-match collation=\"\(collation)\">a</C:text-match>"
            try Self.expectRefused(
                "<C:filter><C:prop-filter name=\"FN\">\(inside.replacing("%@", with: match))"
                    + "</C:prop-filter></C:filter>",
                "supported-collation"
            )
        }
    }

    @Test func `RFC 6352 §8.6: too many conditions, and too long a text, are refused`() throws {
        let one = "<C:prop-filter name=\"FN\"/>"
        let long = String(repeating: "x", count: 4_097)
        for inside in [
            String(repeating: one, count: 257),
            "<C:prop-filter name=\"FN\"><C:text-match>\(long)</C:text-match></C:prop-filter>",
        ] {
            try Self.expectRefused("<C:filter>\(inside)</C:filter>", "supported-filter")
        }
    }

    @Test(arguments: [40, 100_000])
    func `RFC 4918 §20.6: a filter nested without end is refused, and nothing falls over`(
        depth: Int
    ) throws {
        try withServer { server throws in
            try server.put("a")
            let open = String(repeating: "<C:prop-filter name=\"FN\">", count: depth)
            let close = String(repeating: "</C:prop-filter>", count: depth)

            let answer = try server.query("<C:filter>\(open)\(close)</C:filter>")

            #expect([400, 403, 413].contains(answer.status))
            #expect(try Multistatus(server.query()).cardNames == ["a"])
        }
    }

    @Test func `RFC 6352 §8.6: the dearest filter there is ends soon`() throws {
        try withServer { server throws in
            let note = String(repeating: "a", count: 20_000)
            for name in ["a", "b", "c"] { try server.put(name, "A", "NOTE:\(note)") }
            let text = String(repeating: "a", count: 4_000)
            let match = "<C:text-match>\(text)b</C:text-match>"
            let filter =
                "<C:filter><C:prop-filter name=\"NOTE\">"
                + String(repeating: match, count: 255) + "</C:prop-filter></C:filter>"

            let began = ContinuousClock.now
            let answer = try Multistatus(server.query(filter))

            #expect(answer.responses.isEmpty)
            // A search that goes back would take 255 × 4,000 × 60,000 steps: many minutes.
            #expect(ContinuousClock.now - began < .seconds(50))
        }
    }
}
