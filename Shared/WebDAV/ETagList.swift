/// The value of `If-Match` or `If-None-Match`: any, or some tags (RFC 9110 §13.1.1, §13.1.2).
enum ETagList: Sendable {
    case any
    case these([ETag])

    /// The most tags in one header.
    static let maximumTags = 256

    /// Reads a header's value.
    ///
    /// Tags without quotation marks are taken too: clients that keep a tag bare send it so.
    init(_ text: String) throws(Refusal) {
        var scanner = ETagScanner(text)
        var tags: [ETag] = []
        var hasStar = false
        while try scanner.findNext() {
            if scanner.takeStar() {
                hasStar = true
            } else {
                tags.append(try scanner.tag())
            }
            guard tags.count <= Self.maximumTags else {
                throw Refusal(400, reason: "a condition names at most \(Self.maximumTags) tags")
            }
        }
        guard hasStar != !tags.isEmpty else { throw scanner.refusal }
        self = hasStar ? .any : .these(tags)
    }

    /// Whether the tag that a resource has now is among these (RFC 9110 §8.8.3.2).
    ///
    /// - Parameters:
    ///   - current: The tag; `nil` where there is no resource, which nothing matches.
    ///   - isStrong: Whether weak tags match nothing.
    /// - Returns: Whether one of the tags is that one.
    func contains(_ current: ETag?, isStrong: Bool) -> Bool {
        guard let current else { return false }
        return switch self {
        case .any: true
        case .these(let tags):
            tags.contains { tag in
                tag.opaque == current.opaque && !(isStrong && (tag.isWeak || current.isWeak))
            }
        }
    }
}

/// Walks through a list of tags; a comma inside quotation marks parts nothing.
private struct ETagScanner {
    private let text: String
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    var refusal: Refusal {
        Refusal(400, reason: "not a list of entity tags: \(text.debugDescription)")
    }

    /// Goes to the next member of the list; empty ones do not count (RFC 9110 §5.6.1.2).
    mutating func findNext() throws(Refusal) -> Bool {
        var commas = position == 0 ? 1 : 0
        while position < bytes.count, Self.parts(bytes[position]) {
            if bytes[position] == UInt8(ascii: ",") { commas += 1 }
            position += 1
        }
        if position == bytes.count { return false }
        guard commas > 0 else { throw refusal }
        return true
    }

    /// Takes a `*` that stands alone.
    mutating func takeStar() -> Bool {
        let next = position + 1
        guard bytes[position] == UInt8(ascii: "*"), next == bytes.count || Self.parts(bytes[next])
        else { return false }
        position = next
        return true
    }

    mutating func tag() throws(Refusal) -> ETag {
        let isWeak =
            position + 1 < bytes.count && bytes[position] | 0x20 == UInt8(ascii: "w")
            && bytes[position + 1] == UInt8(ascii: "/")
        if isWeak { position += 2 }
        let isQuoted = position < bytes.count && bytes[position] == Self.quote
        let opaque = isQuoted ? try quoted() : try bare()
        return ETag(opaque: String(decoding: opaque, as: UTF8.self), isWeak: isWeak)
    }

    private mutating func quoted() throws(Refusal) -> ArraySlice<UInt8> {
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: Self.quote) else { throw refusal }
        position = end + 1
        return bytes[start..<end]
    }

    private mutating func bare() throws(Refusal) -> ArraySlice<UInt8> {
        let start = position
        position = bytes[start...].firstIndex(where: Self.parts) ?? bytes.count
        let opaque = bytes[start..<position]
        guard !opaque.isEmpty, !opaque.contains(Self.quote) else { throw refusal }
        return opaque
    }

    private static let quote = UInt8(ascii: "\"")

    private static func parts(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: ",")
    }
}
