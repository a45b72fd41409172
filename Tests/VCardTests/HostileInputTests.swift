import Testing
import VCard

/// Inputs that cost a careless reader time in the square of their size, or its stack.
struct HostileInputTests {
    /// How often the hostile piece is repeated: its square is minutes, even without optimisation.
    private static let count = 300_000

    @Test(
        .timeLimit(.minutes(10)),
        arguments: [
            ("NOTE:", "\n ", ""), ("NOTE", "\n ", ":x"), ("N:", ";", ""), ("N", ";", ":x"),
            ("N:", ",", ""), ("NOTE:", "\\", ""), ("NOTE;A=", "^", ":x"), ("NOTE;A=", "\"", ":x"),
            ("NOTE;A=", "\"\n ", ":x"), ("NOTE:", "\"", ""), ("NOTE:", "é", ""),
            ("NOTE;ENCODING=QUOTED-PRINTABLE:", "=\n", "x"),
            ("NOTE;ENCODING=QUOTED-PRINTABLE:", "=41", ""), ("", ".", "NOTE:x"),
            ("NOTE:x\n", "y", ""), ("NOTE:", " ", ""),
        ]
    )
    func `a piece repeated without end is read in the time of its bytes`(
        start: String,
        piece: String,
        end: String
    ) throws {
        let line = start + String(repeating: piece, count: Self.count) + end
        let bytes = cardBytes("FN:x", line, version: nil, lineEnd: "\n")

        let card = try Card(parsing: bytes)

        #expect(card.formattedName == "x")
        for property in card.properties {
            #expect(property.text.utf8.count <= bytes.count)
            #expect(property.components.count <= Property.maximumComponents + 1)
        }
        #expect(CardFile.split(bytes) == [0..<bytes.count])
    }

    @Test(
        .timeLimit(.minutes(10)),
        arguments: [
            ";A", ";A=\"", ";A=,", "\nX:y", "\n\n", "\nBEGIN:VCARD", "\nAGENT:\nBEGIN:VCARD",
        ]
    )
    func `a piece repeated beyond a limit is refused`(piece: String) {
        let line = "NOTE" + String(repeating: piece, count: Self.count) + ":x"
        let bytes = cardBytes("FN:x", line, lineEnd: "\n")

        #expect(throws: CardError.self) { try Card(parsing: bytes) }
        #expect(!CardFile.split(bytes).isEmpty)
    }
}
