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

extension Card {
    /// The card with only some of its properties, each line as it came.
    ///
    /// `BEGIN`, `VERSION` and `END` are always there, since without them it would be no card. What
    /// is wanted without its value ends behind the colon (`novalue`, RFC 6352 §10.4.2).
    public func selecting(_ wanted: [PropertySelection]) -> [UInt8] {
        let wanted = Dictionary(grouping: wanted, by: \.upperName)
        var selected = Array(bytes[begin])
        for property in properties {
            if property.name == "VERSION" {
                selected += bytes[property.byteRange]
            } else if let selection = wanted[property.name]?.first(where: { $0.selects(property) })
            {
                if selection.withoutValue {
                    selected +=
                        bytes[property.byteRange.lowerBound..<property.valueRange.lowerBound]
                    selected += lineEnd
                } else {
                    selected += bytes[property.byteRange]
                }
            }
        }
        return selected + bytes[end]
    }
}
