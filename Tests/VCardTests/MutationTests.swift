import Testing
import VCard

/// Cards changed at random, the same way on each run: none traps, and what is read holds together.
struct MutationTests {
    private static let seedCards: [[UInt8]] = [
        cardBytes(
            "UID:u",
            "FN:Jane",
            "N:Doe;Jane;;;",
            "item1.EMAIL;TYPE=\"a,b\":x@y",
            "NOTE:a\r\n b"
        ),
        cardBytes(
            "FN:Jürg",
            "TEL;HOME;VOICE:1",
            "NOTE;QUOTED-PRINTABLE:=C3=\r\n=BC=",
            version: "2.1"
        ),
        cardBytes("AGENT:", "BEGIN:VCARD", "UID:i", "END:VCARD", "UID:", "FN:x", version: "2.1"),
        cardBytes("ADR;LABEL=\"a^nb\";X='q':;;1\\;\\n", "FN:y", version: "4.0", lineEnd: "\n"),
        cardBytes(" FN:z", "", " TEL:1", "junk", version: nil, lineEnd: "\r"),
    ]
    private static let pieces =
        [
            ":", ";", ",", "=", "\"", "\\", "^", "\r", "\n", "\r\n ", " ", "\t", ".", "=\r\n",
            "\n ",
            "BEGIN:VCARD\n", "END:VCARD\n", "\n END:VCARD\n", "AGENT:\n", "VERSION:2.1\n", "UID:\n",
        ].map { Array($0.utf8) } + [[0xC3], [0xFF], [0xEF, 0xBB, 0xBF], [0]]

    private static func mutated(_ generator: inout FixedGenerator) -> [UInt8] {
        var bytes = seedCards[Int.random(in: 0..<seedCards.count, using: &generator)]
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 0...4, using: &generator))
            let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            bytes.replaceSubrange(place..<end, with: Bool.random(using: &generator) ? piece : [])
        }
        return bytes
    }

    @Test(arguments: 1...8)
    func `a mutated card is refused or holds together`(seed: UInt64) throws {
        var generator = FixedGenerator(seed: seed)
        var readable = 0
        for _ in 0..<3_000 {
            let bytes = Self.mutated(&generator)
            for range in CardFile.split(bytes) { #expect(range.upperBound <= bytes.count) }
            let card: Card
            do { card = try Card(parsing: bytes) } catch { continue }
            readable += 1
            try checkRanges(of: card)
            try checkChanges(of: card)
        }

        #expect((300..<3_000).contains(readable))
    }

    private func checkRanges(of card: Card) throws {
        var end = 0
        for property in card.properties {
            #expect(property.byteRange.lowerBound >= end)
            end = property.byteRange.upperBound
            #expect(property.text.utf8.count <= 3 * property.byteRange.count)
            #expect(!property.components.isEmpty)
        }
        #expect(end <= card.bytes.count)
    }

    private func checkChanges(of card: Card) throws {
        let selections = card.properties.map { PropertySelection(name: $0.name) }
        let part = try Card(parsing: card.selecting(selections))
        let before = card.properties.map { [$0.name, $0.rawValue] }
        #expect(part.properties.map { [$0.name, $0.rawValue] } == before)

        guard card.uid == nil, let uid = UID("urn:uuid:new") else { return }
        let changed = try Card(parsing: card.adding(uid: uid))
        #expect(
            changed.uid == uid,
            "\(String(decoding: card.bytes, as: UTF8.self).debugDescription)"
        )
        let others = changed.properties.filter { $0.name != "UID" }.map { [$0.name, $0.rawValue] }
        #expect(others == before.filter { $0[0] != "UID" })
    }
}
