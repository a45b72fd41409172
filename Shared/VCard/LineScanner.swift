/// Cuts a card's bytes into physical lines; CRLF, LF and CR all end one.
struct LineScanner {
    /// One line: where it begins, where its text ends, where the next begins.
    struct Line: Equatable {
        let start: Int
        let end: Int
        let next: Int

        var isEmpty: Bool { start == end }
    }

    private let bytes: [UInt8]
    private(set) var position: Int

    init(_ bytes: [UInt8], from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The next line, or `nil` at the end.
    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        let start = position
        var end = start
        while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
        var next = end
        if next < bytes.count {
            next += 1
            if bytes[end] == 0x0D, next < bytes.count, bytes[next] == 0x0A { next += 1 }
        }
        position = next
        return Line(start: start, end: end, next: next)
    }

    /// Whether the next line goes on with this one: it begins with a space or a tab (RFC 6350 §3.2).
    var continues: Bool {
        position < bytes.count && (bytes[position] == 0x20 || bytes[position] == 0x09)
    }
}

extension [UInt8] {
    /// Whether a range reads as an ASCII word, modulo letter case and white space behind it.
    func reads(_ word: StaticString, in range: Range<Int>) -> Bool {
        var end = range.upperBound
        while end > range.lowerBound, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        guard end - range.lowerBound == word.utf8CodeUnitCount else { return false }
        return word.description.utf8.enumerated().allSatisfy { position, byte in
            let own = self[range.lowerBound + position]
            let upper = (0x61...0x7A).contains(own) ? own - 0x20 : own
            return upper == byte
        }
    }
}
