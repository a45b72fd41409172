/// How much of a text has to match (RFC 6352 §10.5.4).
enum MatchType: String {
    case equals, contains
    case startsWith = "starts-with"
    case endsWith = "ends-with"
}

/// A text to look for, prepared once for all cards.
struct Needle: Sendable {
    let collation: Collation
    private let type: MatchType
    private let key: [UInt8]
    /// For each length of the key's beginnings, how much of it is also its end (Knuth, Morris,
    /// Pratt): a search takes linear time, whatever a client sends.
    private let borders: [Int]

    init(_ text: String, _ collation: Collation, _ type: MatchType) {
        self.collation = collation
        self.type = type
        key = collation.key(text)
        borders = type == .contains ? Self.borders(of: key) : []
    }

    /// Whether a text matches, given as its key by ``collation``.
    func matches(_ text: [UInt8]) -> Bool {
        switch type {
        case .equals: text == key
        case .startsWith: text.starts(with: key)
        case .endsWith: text.suffix(key.count).elementsEqual(key)
        case .contains: isContained(in: text)
        }
    }

    private func isContained(in text: [UInt8]) -> Bool {
        if key.isEmpty { return true }
        var matched = 0
        for byte in text {
            while matched > 0, byte != key[matched] { matched = borders[matched - 1] }
            if byte == key[matched] { matched += 1 }
            if matched == key.count { return true }
        }
        return false
    }

    private static func borders(of key: [UInt8]) -> [Int] {
        if key.isEmpty { return [] }
        var borders = [0]
        var length = 0
        for position in 1..<key.count {
            while length > 0, key[position] != key[length] { length = borders[length - 1] }
            if key[position] == key[length] { length += 1 }
            borders.append(length)
        }
        return borders
    }
}

/// A text to look in; its keys are made when first asked for, and once.
struct Haystack {
    private let text: String
    private var keys: [Collation: [UInt8]] = [:]

    init(_ text: String) {
        self.text = text
    }

    mutating func key(_ collation: Collation) -> [UInt8] {
        if let key = keys[collation] { return key }
        let key = collation.key(text)
        keys[collation] = key
        return key
    }
}
