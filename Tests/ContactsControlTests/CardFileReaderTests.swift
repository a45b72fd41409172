import Testing
import VCard

@testable import ContactsControl

struct CardFileReaderTests {
    private static let samples = [
        // Cards with what stands between them, each way to end a line, an AGENT inside, no end.
        "junk\nBEGIN:VCARD\nFN:A\nEND:VCARD\n\n\nmore junk\nBEGIN:VCARD\nFN:B\nEND:VCARD\n",
        "BEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\n\r\nBEGIN:VCARD\r\nFN:B\r\nEND:VCARD",
        "BEGIN:VCARD\rFN:A\rEND:VCARD\rBEGIN:VCARD\rFN:B\rEND:VCARD\r",
        "\u{FEFF}BEGIN:VCARD\nFN:A\nAGENT:\nBEGIN:VCARD\nFN:X\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\n",
        "BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\nrest", "", "nothing here", "\n\n\n",
    ]

    /// The cards of a file that is read in pieces.
    private static func read(
        _ bytes: [UInt8],
        pieceBytes: Int
    ) throws -> [CardFileReader.Found] {
        var rest = bytes[...]
        var reader = CardFileReader {
            defer { rest = rest.dropFirst(pieceBytes) }
            return Array(rest.prefix(pieceBytes))
        }
        var found: [CardFileReader.Found] = []
        while let card = try reader.next() { found.append(card) }
        return found
    }

    @Test(arguments: samples)
    func `pieces of every size make the cards that the whole file makes`(_ text: String) throws {
        let bytes = Array(text.utf8)
        let whole = CardFile.split(bytes).map { Array(bytes[$0]) }

        for pieceBytes in 1...max(1, bytes.count) {
            let found = try Self.read(bytes, pieceBytes: pieceBytes)
            #expect(found.map(\.bytes) == whole, "pieces of \(pieceBytes)")
        }
    }

    @Test(arguments: [1, 7, 1_000])
    func `a card knows the line that it begins in`(pieceBytes: Int) throws {
        let lines = try Self.samples.prefix(3).map { text in
            try Self.read(Array(text.utf8), pieceBytes: pieceBytes).map(\.line)
        }

        #expect(lines == [[2, 8], [1, 5], [1, 4]])
    }

    @Test func `a card larger than any may be is given cut off, and the next one whole`() throws {
        let giant = "BEGIN:VCARD\nNOTE:" + String(repeating: "x", count: Card.maximumBytes + 5_000)
        let bytes = Array("\(giant)\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n".utf8)

        let found = try Self.read(bytes, pieceBytes: 1 << 20)

        #expect(found.count == 2)
        #expect(found.first?.bytes.count == Card.maximumBytes + 1)
        #expect(found.last == .init(line: 4, bytes: Array("BEGIN:VCARD\nFN:B\nEND:VCARD\n".utf8)))
    }

    @Test func `a file without a card and without an end takes no memory`() throws {
        var pieces = 0
        var reader = CardFileReader {
            pieces += 1
            return pieces > 64 ? [] : [UInt8](repeating: 0x61, count: 1 << 20)
        }

        #expect(try reader.next() == nil)
        #expect(reader.heldBytes < 16 << 20)
    }
}
