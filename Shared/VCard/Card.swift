/// One vCard: its bytes as they came, and its properties.
///
/// Reading is forgiving, since the bytes are kept whatever is understood of them: any line end, any
/// letter case, a missing version or name, lines that are no property. What is refused could not be
/// told apart from something else, or would harm those who read it.
public struct Card: Sendable {
    /// The largest card, in bytes.
    public static let maximumBytes = 10 * 1024 * 1024
    /// The most physical lines of a card.
    public static let maximumLines = 400_000

    /// The bytes, as they came.
    public let bytes: [UInt8]
    /// The version that the card says it has; `nil` where it says none, or one that is not known.
    public let version: CardVersion?
    /// The properties in order, without `BEGIN`, `END`, and what lies in a card nested in this one.
    public let properties: [Property]

    /// Reads a card.
    ///
    /// - Throws: ``CardError`` for bytes that are no card, or more than one.
    public init(parsing bytes: [UInt8]) throws(CardError) {
        guard bytes.count <= Self.maximumBytes else { throw .tooLarge(limit: Self.maximumBytes) }
        if let offset = bytes.firstIndex(of: 0) { throw .controlCharacter(offset: offset) }
        var parser = CardParser(bytes)
        properties = try parser.parse()
        version = properties.first { $0.name == "VERSION" }
            .flatMap { CardVersion(rawValue: $0.rawValue.filter { $0 != " " }) }
        self.bytes = bytes
        guard properties.contains(where: { $0.name != "VERSION" }) else { throw .noProperty }
        if version != .v2_1, let line = parser.lineNotUTF8 { throw .notUTF8(line: line) }
    }

    /// The properties of a name, in any letter case and any group.
    public func properties(named name: String) -> [Property] {
        let name = name.uppercased()
        return properties.filter { $0.name == name }
    }

    /// The first property of a name.
    public func first(_ name: String) -> Property? {
        let name = name.uppercased()
        return properties.first { $0.name == name }
    }

    /// The card's UID; `nil` where it has none, or an empty one.
    public var uid: UID? {
        properties.lazy.filter { $0.name == "UID" }.compactMap { UID($0.text) }.first
    }

    /// What people call whom the card is about: FN, or what else the card has for a name.
    public var formattedName: String? {
        if let name = Self.trimmed(first("FN")?.text) { return name }
        if let parts = first("N")?.components {
            // RFC 6350 §6.2.2: family, given, additional, prefixes, suffixes.
            let order = [1, 2, 0].filter { $0 < parts.count }
            let name = order.flatMap { parts[$0] }.filter { !$0.isEmpty }.joined(separator: " ")
            if let name = Self.trimmed(name) { return name }
        }
        for name in ["ORG", "NICKNAME", "EMAIL"] {
            let text = first(name)?.components.first?.first
            if let text = Self.trimmed(text) { return text }
        }
        return nil
    }

    private static func trimmed(_ text: String?) -> String? {
        guard let text else { return nil }
        let words = text.split { $0 == " " || $0 == "\n" || $0 == "\t" }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }
}

/// Reads a card's lines.
private struct CardParser {
    private let bytes: [UInt8]
    private var scanner: LineScanner
    private var lines = 0
    /// The first line that is not UTF-8.
    private(set) var lineNotUTF8: Int?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        scanner = LineScanner(bytes, from: hasMark ? 3 : 0)
    }

    mutating func parse() throws(CardError) -> [Property] {
        try begin()
        var properties: [Property] = []
        var depth = 1
        while let line = try nextLine() {
            let range = line.start..<line.end
            if bytes.reads("BEGIN:VCARD", in: range) {
                // An AGENT of 2.1 is a card inside the card; its lines are not this card's.
                depth += 1
            } else if bytes.reads("END:VCARD", in: range) {
                depth -= 1
                if depth == 0 {
                    try end()
                    return properties
                }
            } else if depth == 1, let property = try property(from: line) {
                properties.append(property)
            }
        }
        throw .unterminated(line: lines)
    }

    private mutating func nextLine() throws(CardError) -> LineScanner.Line? {
        guard let line = scanner.next() else { return nil }
        lines += 1
        guard lines <= Card.maximumLines else { throw .tooManyLines(limit: Card.maximumLines) }
        return line
    }

    private mutating func begin() throws(CardError) {
        while let line = try nextLine() {
            if isBlank(line) { continue }
            guard bytes.reads("BEGIN:VCARD", in: line.start..<line.end) else { throw .notACard }
            return
        }
        throw .notACard
    }

    private mutating func end() throws(CardError) {
        while let line = try nextLine() {
            guard isBlank(line) else { throw .severalCards(line: lines) }
        }
    }

    private func isBlank(_ line: LineScanner.Line) -> Bool {
        bytes[line.start..<line.end].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    /// Joins a line with those that go on with it, and reads it.
    private mutating func property(from first: LineScanner.Line) throws(CardError) -> Property? {
        var unfolded = Array(bytes[first.start..<first.end])
        var last = first
        let number = lines
        let isQuotedPrintable = Self.mentionsQuotedPrintable(unfolded)
        while true {
            if isQuotedPrintable, unfolded.last == 0x3D {
                // A soft line break of 2.1: the next line goes on without a space before it.
                guard let line = try nextLine() else { break }
                unfolded.removeLast()
                unfolded += bytes[line.start..<line.end]
                last = line
            } else if scanner.continues {
                guard let line = try nextLine() else { break }
                unfolded += bytes[(line.start + 1)..<line.end]
                last = line
            } else {
                break
            }
        }
        if lineNotUTF8 == nil, String(validating: unfolded, as: UTF8.self) == nil {
            lineNotUTF8 = number
        }
        return ContentLine.property(unfolded: unfolded, byteRange: first.start..<last.next) {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static func mentionsQuotedPrintable(_ line: [UInt8]) -> Bool {
        guard let colon = line.firstIndex(of: 0x3A) else { return false }
        return String(decoding: line[..<colon], as: UTF8.self).uppercased()
            .contains("QUOTED-PRINTABLE")
    }
}
