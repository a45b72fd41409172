/// Why some bytes are no card.
///
/// Lines are counted from 1 and are lines of the file, folds included; offsets are bytes from 0.
public enum CardError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No `BEGIN:VCARD` at the start (RFC 6350 §6.1.1).
    case notACard
    /// No `END:VCARD` (RFC 6350 §6.1.2); the line is the last that was read.
    case unterminated(line: Int)
    /// Something other than white space behind the card's end: a resource holds one card
    /// (RFC 6352 §5.1).
    case severalCards(line: Int)
    /// A line whose parameters are too many, or the first unreadable one of a card in which nothing
    /// could be read.
    case malformedLine(line: Int)
    /// No property but `VERSION`: the card says nothing about anybody.
    case noProperty
    /// More bytes than a card may have.
    case tooLarge(limit: Int)
    /// More lines than a card may have, folds not counted.
    case tooManyLines(limit: Int)
    /// A card in a card in a card, deeper than ``Card/maximumNesting``.
    case nestedTooDeep(line: Int)
    /// Bytes that are not UTF-8, in a card that does not say it is of version 2.1
    /// (RFC 6350 §3.1).
    case notUTF8(offset: Int)
    /// A NUL, which no version allows and XML cannot carry.
    case controlCharacter(offset: Int)

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .notACard: "a vCard begins with BEGIN:VCARD"
        case .unterminated(let line): "END:VCARD is missing after line \(line)"
        case .severalCards(let line): "line \(line): there is something behind END:VCARD"
        case .malformedLine(let line): "line \(line) cannot be read"
        case .noProperty: "there is no property between BEGIN:VCARD and END:VCARD"
        case .tooLarge(let limit): "larger than \(limit) bytes"
        case .tooManyLines(let limit): "more than \(limit) lines"
        case .nestedTooDeep(let line): "line \(line): too many cards inside each other"
        case .notUTF8(let offset): "not UTF-8 at byte \(offset)"
        case .controlCharacter(let offset): "a NUL at byte \(offset)"
        }
    }
}
