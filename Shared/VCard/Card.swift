/// One vCard: its bytes as they came, and its properties.
///
/// Reading is forgiving, since the bytes are kept whatever is understood of them: any line end, any
/// letter case, a missing version or name, lines that are no property. What is refused could not be
/// told apart from something else, or would harm those who read it.
public struct Card: Sendable {
    /// The largest card, in bytes.
    public static let maximumBytes = 10 * 1024 * 1024
    /// The most content lines of a card. Folds do not count: a large photo has many.
    public static let maximumLines = 100_000
    /// How many cards may lie in each other (AGENT of version 2.1).
    public static let maximumNesting = 8

    /// The bytes, as they came.
    public let bytes: [UInt8]
    /// The version that the card says it has; `nil` where it says none, or one that is not known.
    public let version: CardVersion?
    /// The properties in order, without `BEGIN`, `END`, and what lies in a card nested in this one.
    public let properties: [Property]

    /// Where the line of `BEGIN:VCARD` lies, and that of `END:VCARD`.
    let begin: Range<Int>
    let end: Range<Int>

    /// Reads a card.
    ///
    /// Takes time in proportion to the bytes, whatever they are.
    ///
    /// - Throws: ``CardError`` for bytes that are no card, more than one, or beyond a limit.
    ///
    /// RFC 6350 §3.2, §3.3; RFC 2426 §2; version 2.1 as it is met in exports of phones.
    public init(parsing bytes: [UInt8]) throws(CardError) {
        guard bytes.count <= Self.maximumBytes else { throw .tooLarge(limit: Self.maximumBytes) }
        if let offset = bytes.firstIndex(of: 0) { throw .controlCharacter(offset: offset) }
        var parser = CardParser(bytes)
        try parser.parse()
        var properties = parser.properties
        let version = properties.first { $0.name == "VERSION" }
            .flatMap { CardVersion(rawValue: $0.firstWord) }
        if version == .v2_1 {
            for place in properties.indices { properties[place].isVersion21 = true }
        } else if let offset = UTF8Check.firstFault(in: bytes) {
            throw .notUTF8(offset: offset)
        }
        self.bytes = bytes
        self.version = version
        self.properties = properties
        begin = parser.begin
        end = parser.end
    }

    /// The properties of a name, in any letter case and any group.
    public func properties(named name: String) -> [Property] {
        let name = name.uppercased()
        return properties.filter { $0.name == name }
    }

    /// The first property of a name, in any letter case and any group.
    public func first(_ name: String) -> Property? {
        let name = name.uppercased()
        return properties.first { $0.name == name }
    }
}
