import Testing
import VCard

struct CardChangeTests {
    private func adding(_ uid: String, to text: String) throws -> String {
        let uid = try #require(UID(uid))
        return String(decoding: try Card(parsing: Array(text.utf8)).adding(uid: uid), as: UTF8.self)
    }

    @Test(arguments: [
        (
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nEND:VCARD\r\n",
            "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u-1\r\nFN:x\r\nEND:VCARD\r\n"
        ),
        (
            "\u{FEFF}\nbegin:vcard\nfn:x\nend:vcard",
            "\u{FEFF}\nbegin:vcard\nUID:u-1\nfn:x\nend:vcard"
        ),
        (
            "BEGIN:VCARD\rFN:x\rVERSION:\r 2.1\rEND:VCARD",
            "BEGIN:VCARD\rFN:x\rVERSION:\r 2.1\rUID:u-1\rEND:VCARD"
        ),
        (
            "BEGIN:VCARD\nVERSION:3.0\nFN:x\nuid;X=y: \r\nTEL:1\nEND:VCARD\n",
            "BEGIN:VCARD\nVERSION:3.0\nFN:x\nUID:u-1\r\nTEL:1\nEND:VCARD\n"
        ),
        (
            "BEGIN:VCARD\n  FN:x\nTEL:1\nEND:VCARD\n",
            "BEGIN:VCARD\n  FN:x\nUID:u-1\nTEL:1\nEND:VCARD\n"
        ),
        (
            "BEGIN:VCARD\rVERSION:3.0\r\r\n\n FN:x\rEND:VCARD",
            "BEGIN:VCARD\rVERSION:3.0\rUID:u-1\r\r\n\n FN:x\rEND:VCARD"
        ),
        (
            "BEGIN:VCARD\rVERSION:3.0\n\n FN:x\rEND:VCARD",
            "BEGIN:VCARD\rVERSION:3.0\nUID:u-1\r\n\n FN:x\rEND:VCARD"
        ),
        (
            "BEGIN:VCARD\nVERSION:3.0\nFN:x\n\n UID:\n END:VCARD",
            "BEGIN:VCARD\nVERSION:3.0\nFN:x\n\n UID:u-1\n END:VCARD"
        ),
    ])
    func `RFC 6352 §5.1: a UID is put in, and nothing else is touched`(
        before: String,
        after: String
    ) throws {
        #expect(try adding("u-1", to: before) == after)
    }

    @Test(arguments: ["2.1", "3.0", "4.0"])
    func `a UID with separators and line breaks stays one line and reads as it was`(
        version: String
    ) throws {
        let text = version == "2.1" ? #"a;b,c\d"# : "a;b,c\\d\ne"
        let card = "BEGIN:VCARD\nVERSION:\(version)\nFN:x\nEND:VCARD\n"

        let changed = try Card(parsing: Array(try adding(text, to: card).utf8))

        #expect(changed.uid?.text == text)
        #expect(changed.properties.map(\.name) == ["VERSION", "UID", "FN"])
    }

    private static let full = """
        BEGIN:VCARD\r\nversion:3.0\r\nFN;X=y:Jane\r\n  Doe\r\nitem1.EMAIL;TYPE=\r\n home:a\r
        item2.EMAIL:b\r\nEMAIL:c\r\nNOTE:secret\r\nEND:VCARD\r\n\r\n
        """

    private func selecting(_ wanted: PropertySelection...) throws -> String {
        let card = try Card(parsing: Array(Self.full.utf8))
        return String(decoding: card.selecting(wanted), as: UTF8.self)
    }

    @Test
    func `RFC 6352 §10.4.2: lines wanted come as they are, between BEGIN, VERSION and END`() throws
    {
        let part = try selecting(PropertySelection(name: "fn"))

        #expect(
            part == "BEGIN:VCARD\r\nversion:3.0\r\nFN;X=y:Jane\r\n  Doe\r\nEND:VCARD\r\n"
        )
    }

    @Test
    func `RFC 6352 §10.4: what no card is without stays, wanted or not`() throws {
        let bytes = cardBytes("UID:1", "a.FN:x", "N:x", "TEL:1")
        let part = try Card(parsing: bytes).selecting([PropertySelection(name: "TEL")])

        #expect(part == cardBytes("UID:1", "a.FN:x", "TEL:1"))
    }

    @Test
    func `RFC 6352 §10.4.2: novalue leaves name and parameters`() throws {
        let part = try selecting(
            PropertySelection(name: "VERSION", withoutValue: true),
            PropertySelection(name: "FN", withoutValue: true),
            PropertySelection(name: "ITEM1.email", withoutValue: true)
        )

        #expect(
            part == """
                BEGIN:VCARD\r\nversion:3.0\r\nFN;X=y:\r\nitem1.EMAIL;TYPE=\r\n home:\r
                END:VCARD\r\n
                """
        )
    }

    @Test
    func `RFC 6352 §10.4.2: a name with a group means that group, one without means any`() throws {
        let one = try selecting(PropertySelection(name: "item2.EMAIL"))
        let all = try selecting(PropertySelection(name: "EMAIL"))

        #expect(one.contains("item2.EMAIL:b") && !one.contains("item1") && !one.contains("EMAIL:c"))
        #expect(all.contains("item2.EMAIL:b") && all.contains("item1") && all.contains("EMAIL:c"))
    }

    @Test
    func `RFC 6352 §10.4.2: nothing wanted that the card has leaves what no card is without`()
        throws
    {
        let part = try selecting(PropertySelection(name: "PHOTO"))

        #expect(
            part == "BEGIN:VCARD\r\nversion:3.0\r\nFN;X=y:Jane\r\n  Doe\r\nEND:VCARD\r\n"
        )
    }

    @Test
    func `RFC 6352 §10.4.2: an AGENT comes with its card`() throws {
        let agent = "AGENT:\nBEGIN:VCARD\nFN:Inner\nEND:VCARD\n"
        let card = try Card(parsing: Array("BEGIN:VCARD\nFN:x\n\(agent)TEL:1\nEND:VCARD\n".utf8))

        let part = card.selecting([PropertySelection(name: "AGENT")])

        #expect(part == Array("BEGIN:VCARD\nFN:x\n\(agent)END:VCARD\n".utf8))
    }
}
