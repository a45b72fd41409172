/// What makes a card the same card wherever it is (RFC 6350 §6.7.6).
///
/// Compared modulo a leading `urn:uuid:` and letter case: eM Client rewrites a card of version 3.0
/// as one of 4.0 and adds the prefix, and it is the same card still.
public struct UID: Hashable, Sendable, CustomStringConvertible {
    /// The UID as the card has it, without white space around it.
    public let text: String
    /// What two UIDs are compared by: lower case, without `urn:uuid:`.
    public let comparable: String

    /// Takes a UID; `nil` for an empty one.
    public init?(_ text: String) {
        let scalars = text.unicodeScalars
        let isSpace: (Unicode.Scalar) -> Bool = { $0.value <= 0x20 }
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return nil }
        let trimmed = String(scalars[first...last])
        self.text = trimmed
        let lower = trimmed.lowercased()
        let prefix = "urn:uuid:"  // RFC 9562 §4
        comparable =
            lower.hasPrefix(prefix) && lower.utf8.count > prefix.utf8.count
            ? String(lower.dropFirst(prefix.count)) : lower
    }

    /// Whether two UIDs name the same card.
    public static func == (left: UID, right: UID) -> Bool { left.comparable == right.comparable }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(comparable) }

    /// The same as ``text``.
    public var description: String { text }
}
