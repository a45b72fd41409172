import VCard

#if canImport(Glibc)
    import Glibc
#endif

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
        // The text's memory is used during the call only.
        unsafe text.withUnsafeBytes { text in
            unsafe type == .contains ? find(in: text, from: 0) != nil : isAtItsPlace(in: text)
        }
    }

    /// Which texts of a column match; the column's form is that of ``collation``.
    func matches(in column: PropertyColumn) -> [Bool] {
        // The keys' memory is used during the call only.
        unsafe column.keys.withUnsafeBytes { keys in
            if type == .contains { return unsafe contained(in: keys, column.keyEnds) }
            var start = 0
            return column.keyEnds.map { end in
                defer { start = Int(end) + 1 }
                return unsafe isAtItsPlace(
                    in: UnsafeRawBufferPointer(rebasing: keys[start..<Int(end)])
                )
            }
        }
    }

    private func isAtItsPlace(in text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= key.count, type != .equals || text.count == key.count else {
            return false
        }
        let start = type == .endsWith ? text.count - key.count : 0
        for (offset, byte) in key.enumerated() where unsafe text[start + offset] != byte {
            return false
        }
        return true
    }

    /// Searches all keys of a column at once: as none holds a separator, what is found lies in one.
    private func contained(in keys: UnsafeRawBufferPointer, _ ends: [UInt32]) -> [Bool] {
        var found = [Bool](repeating: key.isEmpty, count: ends.count)
        var property = 0
        var start = 0
        while !key.isEmpty, let place = unsafe find(in: keys, from: start) {
            while Int(ends[property]) < place { property += 1 }
            found[property] = true
            start = Int(ends[property]) + 1
        }
        return found
    }

    /// Where the key ends that is found first, looking from a place on.
    private func find(in text: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let first = key.first else { return start }
        var position = start
        var matched = 0
        while position < text.count {
            if matched == 0 {
                guard let next = unsafe place(of: first, in: text, from: position) else {
                    return nil
                }
                position = next
            }
            let byte = unsafe text[position]
            while matched > 0, byte != key[matched] { matched = borders[matched - 1] }
            if byte == key[matched] { matched += 1 }
            position += 1
            if matched == key.count { return position }
        }
        return nil
    }

    private func place(
        of byte: UInt8,
        in text: UnsafeRawBufferPointer,
        from start: Int
    ) -> Int? {
        guard let base = text.baseAddress,
            let place = unsafe memchr(base + start, Int32(byte), text.count - start)
        else { return nil }
        return unsafe UnsafeRawPointer(place) - base
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
