/// Why some bytes are no card.
public enum CardError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No `BEGIN:VCARD` at the start.
    case notACard
    /// No `END:VCARD`.
    case unterminated(line: Int)
    /// Something other than white space behind the card's end.
    case severalCards(line: Int)
    /// A card that has no line with a property.
    case noProperty
    /// More bytes than a card may have.
    case tooLarge(limit: Int)
    /// More lines than a card may have.
    case tooManyLines(limit: Int)
    /// Bytes that are not UTF-8, in a version that demands it (RFC 6350 §3.1).
    case notUTF8(line: Int)
    /// A NUL.
    case controlCharacter(offset: Int)

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .notACard: "a vCard begins with BEGIN:VCARD"
        case .unterminated(let line): "END:VCARD is missing (\(line) lines read)"
        case .severalCards(let line): "line \(line): there is something behind END:VCARD"
        case .noProperty: "there is no property between BEGIN:VCARD and END:VCARD"
        case .tooLarge(let limit): "larger than \(limit) bytes"
        case .tooManyLines(let limit): "more than \(limit) lines"
        case .notUTF8(let line): "line \(line) is not UTF-8"
        case .controlCharacter(let offset): "a NUL at byte \(offset)"
        }
    }
}

/// The versions of vCard that are read.
public enum CardVersion: String, Sendable {
    /// The versit specification of 1996.
    case v2_1 = "2.1"
    /// RFC 2426.
    case v3_0 = "3.0"
    /// RFC 6350.
    case v4_0 = "4.0"
}
