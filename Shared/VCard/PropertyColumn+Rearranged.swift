extension PropertyColumn {
    /// Some cards, one behind the other, that a column is put together of.
    public enum Stretch: Sendable, Equatable {
        /// Cards of the column as it was.
        case kept(Range<Int>)
        /// Cards of the column that comes in.
        case fresh(Range<Int>)
    }

    /// This column with other cards: some kept, some taken from another column of the same name.
    ///
    /// Costs a copy of the bytes; the result takes no more memory than it needs.
    public func rearranged(_ stretches: [Stretch], with fresh: PropertyColumn) -> PropertyColumn {
        let parts = stretches.map { stretch in
            switch stretch {
            case .kept(let cards): (isFresh: false, part: Part(of: self, cards))
            case .fresh(let cards): (isFresh: true, part: Part(of: fresh, cards))
            }
        }
        var result = PropertyColumn(name)
        result.reserve(
            properties: parts.reduce(0) { $0 + $1.part.properties.count },
            keyBytes: parts.reduce(0) { $0 + $1.part.keys.count }
        )
        var known = [UInt32?](repeating: nil, count: heads.count)
        var knownFresh = [UInt32?](repeating: nil, count: fresh.heads.count)
        for (isFresh, part) in parts {
            if isFresh {
                result.append(part, of: fresh, &knownFresh)
            } else {
                result.append(part, of: self, &known)
            }
        }
        return result
    }

    /// What a column has of a stretch of cards.
    private struct Part {
        let cards: Range<Int>
        let properties: Range<Int>
        let keys: Range<Int>
        let unreadable: Range<Int>

        init(of column: PropertyColumn, _ cards: Range<Int>) {
            self.cards = cards
            properties = Self.places(of: cards, in: column.cards)
            unreadable = Self.places(of: cards, in: column.unreadableCards)
            let keyEnds = column.keyEnds
            func keyStart(_ property: Int) -> Int {
                property == 0 ? 0 : Int(keyEnds[property - 1]) + 1
            }
            keys = keyStart(properties.lowerBound)..<keyStart(properties.upperBound)
        }

        /// Where, among ascending numbers of cards, those of a stretch are.
        private static func places(of cards: Range<Int>, in numbers: [UInt32]) -> Range<Int> {
            place(of: cards.lowerBound, in: numbers)..<place(of: cards.upperBound, in: numbers)
        }

        private static func place(of card: Int, in numbers: [UInt32]) -> Int {
            var low = 0
            var high = numbers.count
            while low < high {
                let middle = (low + high) / 2
                if Int(numbers[middle]) < card { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private mutating func reserve(properties: Int, keyBytes: Int) {
        keys.reserveCapacity(keyBytes)
        keyEnds.reserveCapacity(properties)
        cards.reserveCapacity(properties)
        headNumbers.reserveCapacity(properties)
    }

    /// Adds a part of a column; `known` says what number here a head of that column has.
    private mutating func append(
        _ part: Part,
        of column: PropertyColumn,
        _ known: inout [UInt32?]
    ) {
        // A difference below zero wraps around, and back when it is added.
        let keyShift = UInt32(truncatingIfNeeded: keys.count - part.keys.lowerBound)
        let cardShift = UInt32(truncatingIfNeeded: cardCount - part.cards.lowerBound)
        keys += column.keys[part.keys]
        for end in column.keyEnds[part.properties] { keyEnds.append(end &+ keyShift) }
        for card in column.cards[part.properties] { cards.append(card &+ cardShift) }
        for head in column.headNumbers[part.properties] {
            let number = known[Int(head)] ?? number(of: column.heads[Int(head)])
            known[Int(head)] = number
            headNumbers.append(number)
        }
        for card in column.unreadableCards[part.unreadable] {
            unreadableCards.append(card &+ cardShift)
        }
        cardCount += part.cards.count
    }
}
