/// A property that a client names (RFC 6352 §10.4.2, §10.5.1).
public struct PropertySelection: Sendable, Equatable {
    /// The name, with a group before it where only that group's is meant: `EMAIL`, `item1.EMAIL`.
    public let name: String
    /// Whether the value is to be left out.
    public let withoutValue: Bool

    /// The name in upper case, without a group.
    public let upperName: String

    /// In upper case; `nil` where any group is meant.
    private let group: String?

    /// Names a property, in any letter case.
    public init(name: String, withoutValue: Bool = false) {
        self.name = name
        self.withoutValue = withoutValue
        let upper = name.uppercased()
        if let dot = upper.utf8.lastIndex(of: 0x2E) {
            group = String(upper[..<dot])
            upperName = String(upper[upper.utf8.index(after: dot)...])
        } else {
            group = nil
            upperName = upper
        }
    }

    /// Whether a property is the one meant; a name without a group means any group.
    public func selects(_ property: Property) -> Bool {
        property.name == upperName && allows(group: property.group)
    }

    /// Whether a property of that name is meant where it is of a group, or of none.
    public func allows(group: String?) -> Bool {
        self.group == nil || group?.uppercased() == self.group
    }
}

/// Which properties of a card are given, and how.
struct Selector {
    /// What is given of a property.
    enum Choice {
        case whole
        case withoutValue
    }

    /// Given whatever is asked for: without `VERSION` it is no card, without `UID` nobody knows
    /// which one (RFC 6352 §5.1), and `FN` is what every version demands (RFC 6350 §6.2.1).
    private static let mandatory: Set = ["VERSION", "UID", "FN"]

    private let wanted: [String: [PropertySelection]]

    init(_ wanted: [PropertySelection]) {
        self.wanted = Dictionary(grouping: wanted, by: \.upperName)
    }

    /// What is given of a property; `nil` for nothing. Where nothing is asked for, all is given.
    func choice(of property: Property) -> Choice? {
        if wanted.isEmpty || property.name == "VERSION" { return .whole }
        if let selection = wanted[property.name]?.first(where: { $0.selects(property) }) {
            return selection.withoutValue ? .withoutValue : .whole
        }
        return Self.mandatory.contains(property.name) ? .whole : nil
    }
}

extension Card {
    /// The card with only some of its properties, each line as it came.
    ///
    /// `BEGIN`, `END` and what no card is without are always there. What is wanted without its value
    /// ends behind the colon (`novalue`, RFC 6352 §10.4.2).
    public func selecting(_ wanted: [PropertySelection]) -> [UInt8] {
        let selector = Selector(wanted)
        var selected = Array(bytes[begin])
        for property in properties {
            switch selector.choice(of: property) {
            case .whole: selected += bytes[property.byteRange]
            case .withoutValue:
                selected += bytes[property.byteRange.lowerBound..<property.valueRange.lowerBound]
                selected += lineEnd
            case nil: break
            }
        }
        return selected + bytes[end]
    }
}
