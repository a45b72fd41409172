/// Percent-encoding of URL paths, in one canonical form (RFC 3986 §2).
public enum Href {
    /// A path segment with all but unreserved characters and `@` encoded.
    ///
    /// vdirsyncer normalises to the same form: one spelling, used in every answer.
    public static func encode(segment: String) -> String {
        var bytes: [UInt8] = []
        for byte in segment.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [0x25, digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text that a segment stands for.
    ///
    /// - Throws: ``Refusal`` with status 400 for what no path here can hold: an escape that is none,
    ///   bytes that are no UTF-8, a control character, an encoded slash or backslash.
    public static func decode(segment: some StringProtocol) throws(Refusal) -> String {
        var bytes: [UInt8] = []
        var source = segment.utf8.makeIterator()
        while let byte = source.next() {
            if byte == 0x25 {
                guard let high = source.next().flatMap(value), let low = source.next().flatMap(value)
                else { throw Refusal(400, reason: "the path has a % that begins no escape") }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(byte)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(400, reason: "the path is not UTF-8")
        }
        let isPlain = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != 0x2F && $0 != 0x5C }
        guard isPlain, text != ".", text != ".." else {
            throw Refusal(400, reason: "the path has a segment that is not accepted")
        }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~@".utf8.contains(byte)
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? 0x30 + nibble : 0x37 + nibble
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}

/// The path of a request or of an href, decoded once and never again.
public struct RequestPath: Sendable, Equatable {
    /// The longest path, in bytes.
    public static let maximumBytes = 4_096

    /// The segments, decoded; none for `/`.
    public let segments: [String]
    /// Whether the path ends in a slash.
    public let endsWithSlash: Bool

    /// Reads a path, or a whole URL (KDE sends hrefs like `http://user@host/…`): whatever stands
    /// before the path, a query and a fragment are dropped.
    ///
    /// - Throws: ``Refusal`` with status 400 for what ``Href/decode(segment:)`` refuses, an empty
    ///   segment, a path that does not begin at the root; 414 for one that is too long.
    public init(_ target: String) throws(Refusal) {
        guard target.utf8.count <= Self.maximumBytes else {
            throw Refusal(414, reason: "a path is at most \(Self.maximumBytes) bytes long")
        }
        let path = Self.path(of: target)
        guard path.utf8.first == 0x2F else {
            throw Refusal(400, reason: "a path begins with a slash")
        }
        var parts = path.utf8.dropFirst().split(
            separator: 0x2F, omittingEmptySubsequences: false)
        endsWithSlash = parts.last?.isEmpty ?? true
        if endsWithSlash { parts = parts.dropLast() }
        var segments: [String] = []
        for part in parts {
            guard !part.isEmpty, let text = Substring(part) as Substring? else {
                throw Refusal(400, reason: "the path has an empty segment")
            }
            segments.append(try Href.decode(segment: text))
        }
        self.segments = segments
    }

    private static func path(of target: String) -> Substring {
        var rest = target[...]
        if let scheme = target.range(of: "://"), !target.hasPrefix("/") {
            let afterHost = target[scheme.upperBound...]
            guard let slash = afterHost.utf8.firstIndex(of: 0x2F) else { return "/" }
            rest = target[slash...]
        }
        if let end = rest.utf8.firstIndex(where: { $0 == 0x3F || $0 == 0x23 }) {
            rest = rest[..<end]
        }
        return rest
    }
}

extension String {
    /// Where a short ASCII word stands in a text.
    fileprivate func range(of word: StaticString) -> Range<String.Index>? {
        let wanted = Array(word.description.utf8)
        let own = Array(utf8)
        guard own.count >= wanted.count else { return nil }
        for start in 0...(own.count - wanted.count)
        where own[start..<(start + wanted.count)].elementsEqual(wanted) {
            let lower = utf8.index(utf8.startIndex, offsetBy: start)
            return lower..<utf8.index(lower, offsetBy: wanted.count)
        }
        return nil
    }
}
