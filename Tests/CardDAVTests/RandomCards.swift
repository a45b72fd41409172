import CardDAV
import VCard

/// Filters and cards made at random, of few names and short texts so that they often meet.
struct RandomCards {
    private var generator: FixedGenerator

    init(seed: UInt64) { generator = FixedGenerator(seed: seed) }

    private static let names = ["FN", "EMAIL", "Tel", "item1.EMAIL", "ITEM2.tel", "x-a", "a.b.FN"]
    private static let parameters = ["TYPE", "type", "X-P", "PREF"]
    private static let texts = [
        "", "a", "A", "ab", "aab", "ä", "Ä", "a\u{308}", "ß", "SS", "é", "aba", "ba", "ﬁ", "日本",
        "b",
    ]

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }

    private mutating func text() -> String {
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in pick(Self.texts) }.joined()
    }

    private mutating func many<Element>(
        _ counts: ClosedRange<Int>,
        _ make: (inout RandomCards) -> Element
    ) -> [Element] {
        (0..<Int.random(in: counts, using: &generator)).map { _ in make(&self) }
    }

    /// A card, or `nil` for one that cannot be read.
    mutating func card() -> Card? {
        if Int.random(in: 0..<10, using: &generator) == 0 { return nil }
        let lines = many(0...5) { random in
            let parameters = random.many(0...2) { ";\($0.pick(Self.parameters))=\($0.text())" }
            let fold = random.pick(["", "", "\r\n "])
            return "\(random.pick(Self.names))\(parameters.joined()):\(random.text())\(fold)b\\,"
        }
        do {
            return try Card(parsing: cardBytes(["NOTE:x"] + lines))
        } catch {
            return nil
        }
    }

    mutating func filter() -> PlainFilter {
        PlainFilter(
            test: pick(["anyof", "allof"]),
            properties: many(1...3) { random in
                PlainFilter.PropertyCondition(
                    name: random.pick(Self.names + ["none", "item3.EMAIL", "FN.", ".FN"]),
                    isAbsent: random.pick([true, false, false, false]),
                    test: random.pick(["anyof", "allof"]),
                    conditions: random.many(0...3) { $0.condition() }
                )
            }
        )
    }

    private mutating func condition() -> PlainFilter.Condition {
        guard pick([true, false, false]) else { return .text(textMatch()) }
        let name = pick(Self.parameters)
        return switch pick([0, 1, 2, 3]) {
        case 0: .parameter(name: name, .present)
        case 1: .parameter(name: name, .absent)
        default: .parameter(name: name, .text(textMatch()))
        }
    }

    private mutating func textMatch() -> PlainFilter.Text {
        PlainFilter.Text(
            text: text(),
            collation: pick(Collation.allCases),
            type: pick(["equals", "contains", "contains", "starts-with", "ends-with"]),
            isNegated: pick([true, false, false])
        )
    }
}

/// The same numbers on every run.
struct FixedGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
