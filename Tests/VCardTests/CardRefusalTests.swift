import Testing
import VCard

struct CardRefusalTests {
    private static let nested = String(repeating: "BEGIN:VCARD\n", count: Card.maximumNesting + 1)

    @Test(arguments: [
        ("", CardError.notACard),
        ("\r\n\r\n", .notACard),
        ("hello", .notACard),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", .notACard),
        ("FN:x\nBEGIN:VCARD\nFN:x\nEND:VCARD\n", .notACard),
        ("BEGIN:VCARD\nFN:x\n", .unterminated(line: 2)),
        ("BEGIN:VCARD\nFN:x\nEND:VCARDS\n", .unterminated(line: 3)),
        ("BEGIN:VCARD\nFN:x\nBEGIN:VCARD\nFN:y\nEND:VCARD\n", .unterminated(line: 5)),
        ("BEGIN:VCARD\nFN:x\nEND:VCARD\nBEGIN:VCARD\nFN:y\nEND:VCARD\n", .severalCards(line: 4)),
        ("BEGIN:VCARD\nFN:x\nEND:VCARD\n\n x\n", .severalCards(line: 5)),
        ("BEGIN:VCARD\nEND:VCARD\n", .noProperty),
        ("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n", .noProperty),
        ("BEGIN:VCARD\nVERSION:3.0\ngarbage\nmore\nEND:VCARD\n", .malformedLine(line: 3)),
        ("BEGIN:VCARD\nFN:\u{0}\nEND:VCARD\n", .controlCharacter(offset: 15)),
        (nested, .nestedTooDeep(line: Card.maximumNesting + 1)),
    ])
    func `RFC 6352 §5.1: what is not one card is refused, and the place is told`(
        text: String,
        error: CardError
    ) {
        #expect(throws: error) { try Card(parsing: Array(text.utf8)) }
    }

    @Test
    func `RFC 6350 §3.1: bytes that are not UTF-8 are refused but in version 2.1`() throws {
        func bytes(_ version: String) -> [UInt8] {
            Array("BEGIN:VCARD\nVERSION:\(version)\nFN:J".utf8) + [0xFC]
                + Array("rg\nEND:VCARD\n".utf8)
        }

        #expect(throws: CardError.notUTF8(offset: 28)) { try Card(parsing: bytes("3.0")) }
        #expect(throws: CardError.notUTF8(offset: 28)) { try Card(parsing: bytes("4.0")) }
        #expect(throws: CardError.notUTF8(offset: 28)) { try Card(parsing: bytes("9.9")) }
        #expect(try Card(parsing: bytes("2.1")).first("FN")?.text == "Jürg")
    }

    @Test(arguments: [
        [0xC0, 0x80], [0xC3], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x80], [0xE2, 0x82], [0xFF],
    ])
    func `RFC 3629 §3: overlong, surrogate, cut and stray bytes are refused`(
        fault: [UInt8]
    ) {
        let start = Array("BEGIN:VCARD\nFN:".utf8)
        let bytes = start + fault + Array("x\nEND:VCARD\n".utf8)

        #expect(throws: CardError.notUTF8(offset: start.count)) { try Card(parsing: bytes) }
    }

    @Test
    func `a card is as large as the limit and no larger`() throws {
        func bytes(_ count: Int) -> [UInt8] {
            let start = Array("BEGIN:VCARD\nFN:".utf8)
            let end = Array("\nEND:VCARD\n".utf8)
            return start + [UInt8](repeating: 0x61, count: count - start.count - end.count) + end
        }

        #expect(try Card(parsing: bytes(Card.maximumBytes)).properties.count == 1)
        #expect(throws: CardError.tooLarge(limit: Card.maximumBytes)) {
            try Card(parsing: bytes(Card.maximumBytes + 1))
        }
    }

    @Test
    func `a card has as many lines as the limit and no more`() throws {
        func bytes(_ lines: Int) -> [UInt8] {
            Array("BEGIN:VCARD\n\(String(repeating: "X:y\n", count: lines))END:VCARD\n".utf8)
        }

        #expect(try Card(parsing: bytes(Card.maximumLines - 1)).properties.count == 99_999)
        #expect(throws: CardError.tooManyLines(limit: Card.maximumLines)) {
            try Card(parsing: bytes(Card.maximumLines))
        }
    }

    @Test(arguments: [";a", ";a=b", ",b", ";TYPE=\"a\""])
    func `a property has as many parameters as the limit and no more`(piece: String) throws {
        func bytes(_ count: Int) -> [UInt8] {
            let first = piece.hasPrefix(",") ? ";x=b" : piece
            let rest = String(repeating: piece, count: count - 1)
            return cardBytes("FN:x", "TEL\(first)\(rest):1")
        }

        #expect(try Card(parsing: bytes(Parameter.maximumCount)).first("TEL")?.text == "1")
        #expect(throws: CardError.malformedLine(line: 4)) {
            try Card(parsing: bytes(Parameter.maximumCount + 1))
        }
    }

    @Test
    func `every refusal says what is wrong`() {
        #expect(CardError.severalCards(line: 7).description.contains("line 7"))
        #expect(CardError.notUTF8(offset: 12).description.contains("byte 12"))
        #expect(CardError.tooLarge(limit: 99).description.contains("99 bytes"))
    }
}
