import CardDAV
import Testing
import VCard

/// Filters asked of many cards at once (RFC 6352 §10.5).
struct FilterColumnTests {
    private static func columns(_ cards: [Card?], for filter: Filter) -> [PropertyColumn] {
        filter.columns.map { name in
            var column = PropertyColumn(name)
            for card in cards { column.append(card) }
            return column
        }
    }

    @Test(arguments: 1...8)
    func `RFC 6352 §10.5: columns answer any filter as the cards do, one by one`(
        seed: UInt64
    ) throws {
        var random = RandomCards(seed: seed)
        var matched = 0
        for _ in 0..<150 {
            let plain = random.filter()
            let filter = try plain.filter()
            let cards = (0..<20).map { _ in random.card() }

            let expected = cards.indices.filter { cards[$0].map(plain.matches) ?? false }
            let found = filter.matches(in: Self.columns(cards, for: filter))
            let foundAlone = cards.indices.filter { cards[$0].map(filter.matches) ?? false }

            #expect(found == expected, "\(plain)")
            #expect(foundAlone == expected, "\(plain)")
            matched += found.count
        }
        // Neither everything nor next to nothing, or the test would say little.
        #expect((400...2_600).contains(matched))
    }

    @Test func `a filter names a column for each property and collation that it compares`() throws {
        let filter = try filter(
            """
            <prop-filter name='item1.email'><text-match>a</text-match>\
            <text-match collation='i;octet'>b</text-match></prop-filter>\
            <prop-filter name='TEL'><is-not-defined/></prop-filter>
            """
        )

        #expect(
            filter.columns == [
                PropertyColumn.Name("EMAIL", Collation.unicodeCasemap.form),
                PropertyColumn.Name("EMAIL", Collation.octet.form),
                PropertyColumn.Name("TEL", Collation.unicodeCasemap.form),
            ]
        )
        #expect(Filter.everything.columns.isEmpty)
    }

    @Test func `a text is not found across two cards`() throws {
        let filter = try filter("<prop-filter name='FN'><text-match>ab</text-match></prop-filter>")
        let cards = try ["xa", "bx", "xab", "", "aab"].map {
            try Card(parsing: cardBytes(["FN:\($0)"]))
        }

        #expect(filter.matches(in: Self.columns(cards, for: filter)) == [2, 4])
    }

    @Test func `a search through many cards takes linear time, whatever is looked for`() throws {
        let text = String(repeating: "a", count: 4_000)
        let conditions = String(repeating: "<text-match>\(text)b</text-match>", count: 20)
        let filter = try filter("<prop-filter name='NOTE'>\(conditions)</prop-filter>")
        let card = try Card(parsing: cardBytes(["NOTE:\(String(repeating: "a", count: 3_999))c"]))
        let columns = Self.columns(Array(repeating: card, count: 250), for: filter)
        var found = [0]

        let time = ContinuousClock().measure { found = filter.matches(in: columns) }

        #expect(found.isEmpty)
        // Each of the 20 searches would take 4,000 steps a byte, 80 billion in all: minutes.
        #expect(time < .seconds(30))
    }
}
