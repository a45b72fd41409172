/// One property of a card (RFC 6350 §3.3).
///
/// The value is unfolded and decoded when it is asked for, not before: most of a card's properties
/// are never looked at.
public struct Property: Sendable, Equatable {
    /// What stands before the dot: `item1` of `item1.EMAIL`.
    public let group: String?
    /// The name in upper case, without the group.
    public let name: String
    /// The parameters, in order.
    public let parameters: [Parameter]
    /// Where the property lies in the card's bytes, folds and line end included.
    public private(set) var byteRange: Range<Int>

    /// Where the value lies in the card's bytes, folds included.
    let valueRange: Range<Int>
    /// The card's bytes, shared with the card.
    let bytes: [UInt8]
    let isQuotedPrintable: Bool
    /// Whether the card is of version 2.1, which has fewer escapes and other charsets.
    var isVersion21 = false

    init(
        _ head: ContentLine,
        isQuotedPrintable: Bool,
        in bytes: [UInt8],
        value: Range<Int>,
        whole: Range<Int>
    ) {
        group = head.group
        name = head.name
        parameters = head.parameters
        self.isQuotedPrintable = isQuotedPrintable
        self.bytes = bytes
        valueRange = value
        byteRange = whole
    }

    /// Takes what follows the property's line in, as AGENT's card does.
    mutating func extend(to end: Int) {
        byteRange = byteRange.lowerBound..<end
    }

    /// The values of a parameter, by its name in any letter case; none where it is absent.
    public func values(of parameter: String) -> [String] {
        let name = parameter.uppercased()
        return parameters.filter { $0.name == name }.flatMap(\.values)
    }

    /// Whether the property has a parameter, by its name in any letter case.
    public func has(parameter: String) -> Bool {
        let name = parameter.uppercased()
        return parameters.contains { $0.name == name }
    }

    /// Whether two properties say the same at the same place of a card.
    public static func == (left: Property, right: Property) -> Bool {
        left.group == right.group && left.name == right.name && left.parameters == right.parameters
            && left.byteRange == right.byteRange && left.rawValue == right.rawValue
    }
}
