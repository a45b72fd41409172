import Testing
import VCard

struct PropertyColumnTests {
    private static let form = TextForm(name: "upper") { Array($0.uppercased().utf8) }

    private static func column(_ cards: [Card?], of name: String = "EMAIL") -> PropertyColumn {
        var column = PropertyColumn(PropertyColumn.Name(name, form))
        for card in cards { column.append(card) }
        return column
    }

    /// What a column says of each card, whatever numbers its heads have.
    private static func rows(_ column: PropertyColumn) -> [[String]] {
        var rows = [[String]](repeating: [], count: column.cardCount)
        var start = 0
        for property in 0..<column.count {
            let end = Int(column.keyEnds[property])
            let head = column.heads[Int(column.headNumbers[property])]
            let key = String(decoding: column.keys[start..<end], as: UTF8.self)
            #expect(column.keys[end] == PropertyColumn.separator)
            rows[Int(column.cards[property])].append(
                "\(head.group ?? "").\(head.parameters.map { "\($0.name)=\($0.values)" }):\(key)"
            )
            start = end + 1
        }
        #expect(start == column.keys.count)
        for card in column.unreadableCards { rows[Int(card)].append("unreadable") }
        return rows
    }

    @Test func `a column holds the properties of its name, in any group, with their heads`() throws
    {
        let card = try Card(
            parsing: cardBytes("FN:x", "item1.EMAIL;TYPE=home:a@b", "email:c\\,d", "TEL:1")
        )

        let column = Self.column([card, nil, card])

        let rows = ["item1.[\"TYPE=[\\\"home\\\"]\"]:A@B", ".[]:C,D"]
        #expect(Self.rows(column) == [rows, ["unreadable"], rows])
        #expect(column.cards == [0, 0, 2, 2])
        #expect(column.heads.count == 2)
        #expect(column.unreadableCards == [1])
        #expect(Self.rows(Self.column([card], of: "NOTE")) == [[]])
    }

    @Test(arguments: 1...6)
    func `a column put together of stretches is the one made of those cards`(seed: UInt64) throws {
        var random = FixedGenerator(seed: seed)
        func card() throws -> Card? {
            if Int.random(in: 0..<8, using: &random) == 0 { return nil }
            let lines = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                let group = ["", "a.", "b."].randomElement(using: &random) ?? ""
                return "\(group)EMAIL;X=\(random.next() % 4):\(random.next() % 1_000)\r\n"
            }
            return try Card(parsing: cardBytes("FN:x\r\n" + lines.joined() + "TEL:1"))
        }
        var cards = try (0..<30).map { _ in try card() }
        var column = Self.column(cards)
        for _ in 0..<40 {
            let fresh = try (0..<Int.random(in: 0...5, using: &random)).map { _ in try card() }
            var stretches: [PropertyColumn.Stretch] = []
            var next: [Card?] = []
            for _ in 0..<Int.random(in: 0...8, using: &random) {
                let isFresh = Bool.random(using: &random)
                let source = isFresh ? fresh : cards
                let start = Int.random(in: 0...source.count, using: &random)
                let range = start..<Int.random(in: start...source.count, using: &random)
                stretches.append(isFresh ? .fresh(range) : .kept(range))
                next += source[range]
            }

            column = column.rearranged(stretches, with: Self.column(fresh))
            cards = next

            let expected = Self.column(cards)
            #expect(Self.rows(column) == Self.rows(expected))
            #expect(column.byteCount == expected.byteCount)
        }
    }
}
