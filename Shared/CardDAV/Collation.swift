/// How two texts are compared (RFC 4790).
public enum Collation: String, Sendable, CaseIterable {
    /// RFC 4790 §9.2: ASCII letters without their case.
    case asciiCasemap = "i;ascii-casemap"
    /// RFC 5051: titlecase, then decomposed.
    case unicodeCasemap = "i;unicode-casemap"
    /// RFC 4790 §9.3: byte by byte.
    case octet = "i;octet"

    /// A text in the form in which equal bytes mean equal texts.
    ///
    /// RFC 5051 §2 asks for titlecase mapping and compatibility decomposition. The standard library
    /// has the mappings but no public decomposition to scalars, so that canonical equivalence is
    /// had by comparing characters: see ``Needle``.
    func key(_ text: String) -> String {
        switch self {
        case .octet: text
        case .asciiCasemap:
            String(
                decoding: text.utf8.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 },
                as: UTF8.self)
        case .unicodeCasemap: Self.titlecase(text)
        }
    }

    /// Each scalar in titlecase, as RFC 5051 §2 (2)(a) has it: the simple mapping, one scalar each.
    private static func titlecase(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.uppercased() }
        var mapped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let title = scalar.properties.titlecaseMapping.unicodeScalars
            if title.count == 1, let first = title.first {
                mapped.append(first)
            } else {
                mapped.append(scalar)
            }
        }
        return String(mapped)
    }
}

/// How much of a text has to match (RFC 6352 §10.5.4).
enum MatchType: String {
    case equals, contains
    case startsWith = "starts-with"
    case endsWith = "ends-with"
}

/// A text to look for, prepared once for all cards.
struct Needle: Sendable {
    private let collation: Collation
    private let type: MatchType
    private let key: String
    private let bytes: [UInt8]

    init(_ text: String, _ collation: Collation, _ type: MatchType) {
        self.collation = collation
        self.type = type
        key = collation.key(text)
        bytes = Array(key.utf8)
    }

    /// Whether a text matches.
    ///
    /// ASCII is compared as bytes; what lies beyond it as characters, which Swift takes for equal
    /// where they are canonically equivalent, as RFC 5051's decomposition would.
    func matches(_ text: String) -> Bool {
        let own = collation.key(text)
        if collation != .unicodeCasemap { return matches(Array(own.utf8)) }
        let isASCII = own.utf8.allSatisfy { $0 < 0x80 }
        if isASCII, bytes.allSatisfy({ $0 < 0x80 }) { return matches(Array(own.utf8)) }
        switch type {
        case .equals: return own == key
        case .startsWith: return own.starts(with: key)
        case .endsWith: return own.reversed().starts(with: key.reversed())
        case .contains: return Search.contains(Array(own), Array(key))
        }
    }

    private func matches(_ own: [UInt8]) -> Bool {
        switch type {
        case .equals: own == bytes
        case .startsWith: own.starts(with: bytes)
        case .endsWith: own.reversed().starts(with: bytes.reversed())
        case .contains: Search.contains(own, bytes)
        }
    }
}

/// Looks for a run of elements in linear time, whatever a client sends (Knuth, Morris, Pratt).
enum Search {
    static func contains<Element: Equatable>(_ text: [Element], _ word: [Element]) -> Bool {
        guard let first = word.first else { return true }
        guard word.count <= text.count else { return false }
        if word.count == 1 { return text.contains(first) }
        var borders = [0]
        var length = 0
        for position in 1..<word.count {
            while length > 0, word[position] != word[length] { length = borders[length - 1] }
            if word[position] == word[length] { length += 1 }
            borders.append(length)
        }
        var matched = 0
        for element in text {
            while matched > 0, element != word[matched] { matched = borders[matched - 1] }
            if element == word[matched] { matched += 1 }
            if matched == word.count { return true }
        }
        return false
    }
}
