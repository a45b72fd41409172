import Testing
import WebDAV

/// Bodies that something went wrong with.
struct XMLReaderMutationTests {
    private static let seed = Array(
        """
        <?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:" xmlns:x='urn:x&amp;y'>
        <D:prop a="1" x:b='&#233;'><D:getetag/><![CDATA[<]]>text &lt; é<!-- c --></D:prop>
        <x:y xml:lang="de"><?p i?></x:y></D:propfind>
        """.utf8
    )

    @Test func `a damaged body is read or refused, the same in one piece and in many`() {
        var random = Xorshift(state: 0x2545_F491_4F6C_DD1D)

        for _ in 0..<3_000 {
            let bytes = Self.damaged(&random)
            let whole = Self.outcome([bytes])
            let pieces = Self.outcome(bytes.map { [$0] })

            #expect(whole.isRefused == pieces.isRefused, "\(bytes)")
            #expect(whole.root == pieces.root, "\(bytes)")
        }
    }

    private static func damaged(_ random: inout Xorshift) -> [UInt8] {
        var bytes = seed
        for _ in 0...random.below(4) {
            let place = random.below(bytes.count)
            switch random.below(4) {
            case 0: bytes[place] = UInt8(random.below(256))
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: bytes[place...].prefix(random.below(20)), at: place)
            default: bytes[place] = "<>&;:'\"=/!?[]".utf8.randomElement(using: &random) ?? 0
            }
        }
        return bytes
    }

    private static func outcome(_ pieces: [[UInt8]]) -> (root: XMLElement?, isRefused: Bool) {
        let reader = XMLReader()
        do {
            for piece in pieces { try reader.feed(piece) }
            return (try reader.finish(), false)
        } catch {
            return (nil, true)
        }
    }
}

/// Numbers that look random and are the same in every run (Marsaglia, 2003).
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
