/// The properties of one name of many cards, side by side: whoever looks for a text in all of them
/// reads one stretch of memory, and needs none of the cards.
///
/// ```
/// keys       A L I C E FF B O FF E V E FF        the texts' keys, each with a byte behind it
/// keyEnds              5      8        12        where each key ends
/// cards                0      2        2         the card that each property is of
/// headNumbers          0      0        1         its group and parameters, in `heads`
/// ```
///
/// Cards are told by their place among those that the column was made of; a card may have no such
/// property, or several.
public struct PropertyColumn: Sendable {
    /// Which properties a column holds, and in what form their texts.
    public struct Name: Sendable, Hashable {
        /// The properties' name in upper case, without a group.
        public let property: String
        /// What the texts were brought into.
        public let form: TextForm

        /// Names a column, by the property's name in any letter case.
        public init(_ property: String, _ form: TextForm) {
            self.property = property.uppercased()
            self.form = form
        }
    }

    /// What stands before a property's value, but for its name.
    public struct Head: Sendable, Hashable {
        /// The property's group, as the card has it.
        public let group: String?
        /// The property's parameters, in order.
        public let parameters: [Parameter]
    }

    /// The byte behind each key, which no key holds: it occurs nowhere in UTF-8.
    public static let separator: UInt8 = 0xFF

    /// What the column holds.
    public let name: Name
    /// How many cards there are, with such a property or without.
    public internal(set) var cardCount = 0
    /// The cards that could not be read, in ascending order.
    public internal(set) var unreadableCards: [UInt32] = []
    /// The keys of the properties' texts, each with a ``separator`` behind it.
    public internal(set) var keys: [UInt8] = []
    /// Where each property's key ends in ``keys``, and its separator stands.
    public internal(set) var keyEnds: [UInt32] = []
    /// The card of each property, in ascending order.
    public internal(set) var cards: [UInt32] = []
    /// The place of each property's head in ``heads``.
    public internal(set) var headNumbers: [UInt32] = []
    /// The heads that occur, each once.
    public internal(set) var heads: [Head] = []

    private var numbers: [Head: UInt32] = [:]
    private var headBytes = 0

    /// Begins with no card.
    public init(_ name: Name) {
        self.name = name
    }

    /// How many properties there are.
    public var count: Int { keyEnds.count }

    /// What the column takes, in bytes; of its name and the heads an estimate.
    public var byteCount: Int {
        let words = unreadableCards.count + keyEnds.count + cards.count + headNumbers.count
        return 256 + name.property.utf8.count + keys.count + 4 * words + headBytes
    }

    /// Adds a card; `nil` stands for one that cannot be read.
    public mutating func append(_ card: Card?) {
        if let card {
            for property in card.properties where property.name == name.property {
                keys += name.form.key(property.text)
                keyEnds.append(UInt32(keys.count))
                keys.append(Self.separator)
                cards.append(UInt32(cardCount))
                let head = Head(group: property.group, parameters: property.parameters)
                headNumbers.append(number(of: head))
            }
        } else {
            unreadableCards.append(UInt32(cardCount))
        }
        cardCount += 1
    }

    /// The place of a head in ``heads``, where it is put if it is new.
    mutating func number(of head: Head) -> UInt32 {
        if let number = numbers[head] { return number }
        let number = UInt32(heads.count)
        heads.append(head)
        numbers[head] = number
        headBytes += head.byteCount
        return number
    }
}

extension PropertyColumn.Head {
    /// About what a head takes, in bytes.
    fileprivate var byteCount: Int {
        parameters.reduce(64 + (group?.utf8.count ?? 0)) { bytes, parameter in
            parameter.values.reduce(bytes + 64 + parameter.name.utf8.count) {
                $0 + 32 + $1.utf8.count
            }
        }
    }
}
