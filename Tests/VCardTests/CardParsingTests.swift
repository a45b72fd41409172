import Testing
import VCard

struct CardParsingTests {
    @Test
    func `RFC 6350 §3.3: a card's properties come in order, without BEGIN and END`() throws {
        let card = try Card(parsing: cardBytes("FN:Jane", "item1.EMAIL:j@x.example"))

        #expect(card.properties.map(\.name) == ["VERSION", "FN", "EMAIL"])
        #expect(card.properties[2].group == "item1")
        #expect(card.version == .v3_0)
    }

    @Test(arguments: ["\r\n", "\n", "\r"])
    func `RFC 6350 §3.2: lines end with CRLF, LF or CR, and folds are taken out`(
        lineEnd: String
    ) throws {
        let bytes = cardBytes("FN:Ja\(lineEnd) ne\(lineEnd)\t Doe", lineEnd: lineEnd)

        let card = try Card(parsing: bytes)

        #expect(card.first("FN")?.text == "Jane Doe")
        #expect(card.bytes == bytes)
    }

    @Test
    func `RFC 6350 §3.2: a fold may lie in a name, a parameter and a character`() throws {
        var bytes = Array("BEGIN:VCARD\r\nVERSION:4.0\r\nF\r\n N;TY\r\n PE=ho\r\n me:J".utf8)
        bytes += [0xC3] + Array("\r\n ".utf8) + [0xBC] + Array("rg\r\nEND:VCARD\r\n".utf8)

        let name = try #require(Card(parsing: bytes).first("FN"))

        #expect(name.text == "Jürg")
        #expect(name.values(of: "type") == ["home"])
    }

    @Test
    func `a property's range holds its folds and its line end`() throws {
        let line = "NOTE:one\r\n  two\r\n"
        let bytes = Array("BEGIN:VCARD\r\n\(line)FN:x\r\nEND:VCARD\r\n".utf8)

        let note = try #require(Card(parsing: bytes).first("note"))

        #expect(Array(bytes[note.byteRange]) == Array(line.utf8))
        #expect(note.rawValue == "one two")
    }

    @Test(arguments: [
        "\u{FEFF}BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n",
        "\r\n \r\nBEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n",
        "begin:vcard\nfn:x\nend:vcard",
        "BEGIN:VCARD \r\nFN:x\r\nEND:VCARD\t\r\n",
        "BEGIN:VCARD\r\nFN:x\r\n END:VCARD\r\n",
        "BEGIN:VCARD\r\nFN:x\r\n\r\n  END:VCARD",
        "BEGIN:VCARD\r\n FN:x\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\n\r\nFN:x\r\n\r\nEND:VCARD\r\n\r\n \r\n",
        "BEGIN:VCARD\r\nno colon here\r\nFN:x\r\n:no name\r\nEND:VCARD\r\n",
    ])
    func `what real exports do is forgiven, and the bytes stay`(text: String) throws {
        let card = try Card(parsing: Array(text.utf8))

        #expect(card.formattedName == "x")
        #expect(card.properties.count == 1)
        #expect(card.bytes == Array(text.utf8))
    }

    @Test
    func `a fold that reads as the card's end is a fold where the end comes later`() throws {
        let card = try Card(parsing: cardBytes("NOTE:x\r\n END:VCARD", "FN:y"))

        #expect(card.first("NOTE")?.text == "xEND:VCARD")
        #expect(card.formattedName == "y")
    }

    @Test(arguments: [("2.1", CardVersion.v2_1), ("3.0", .v3_0), ("4.0", .v4_0), ("5.0", nil)])
    func `an unknown version is none, and is accepted`(text: String, version: CardVersion?) throws {
        #expect(try Card(parsing: cardBytes("FN:x", version: text)).version == version)
    }

    @Test
    func `RFC 6352 §10.5.1: a name finds its property in any letter case and any group`() throws {
        let card = try Card(parsing: cardBytes("EMAIL:a", "item1.email:b", "FN:x"))

        #expect(card.properties(named: "Email").map(\.text) == ["a", "b"])
        #expect(card.first("eMail")?.text == "a")
        #expect(card.first("TEL") == nil)
    }

    @Test
    func `the folds of a photo do not count as lines`() throws {
        let folds = String(repeating: "\n A", count: Card.maximumLines + 1)

        let card = try Card(parsing: cardBytes("PHOTO;ENCODING=b:\(folds)", lineEnd: "\n"))

        #expect(card.first("PHOTO")?.rawValue.utf8.count == Card.maximumLines + 1)
    }

    @Test
    func `the name is FN, else N as spoken, else ORG, else EMAIL`() throws {
        let cases: [([String], String?)] = [
            (["N:Doe;John", "FN: John  Q. \\n Doe "], "John Q. Doe"),
            (["FN:", "N:Doe;John;Quentin,Paul;Dr.;Jr."], "Dr. John Quentin Paul Doe Jr."),
            (["EMAIL:a@x.example", "N:;;;;", "ORG:Example\\, Inc.;Sales"], "Example, Inc."),
            (["TEL:1", "EMAIL:a@x.example"], "a@x.example"),
            (["TEL:1"], nil),
        ]
        for (lines, expected) in cases {
            let card = try Card(parsing: cardBytes(lines.joined(separator: "\r\n")))

            #expect(card.formattedName == expected)
        }
    }
}
