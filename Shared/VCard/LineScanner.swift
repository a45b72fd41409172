/// Cuts a card's bytes into physical lines; CRLF, LF and CR all end one.
struct LineScanner {
    /// One line: where it begins, where its text ends, where the next begins.
    struct Line: Equatable {
        let start: Int
        let end: Int
        let next: Int

        var text: Range<Int> { start..<end }
        var whole: Range<Int> { start..<next }
    }

    private let bytes: [UInt8]
    /// Where the next line begins.
    private(set) var position: Int

    init(_ bytes: [UInt8], from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Begins with the first line, behind a byte order mark.
    init(_ bytes: [UInt8]) {
        self.init(bytes, from: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    }

    /// The next line, or `nil` at the end.
    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        let start = position
        var end = start
        while end < bytes.count, !bytes[end].isLineEnd { end += 1 }
        position = bytes.behindLineEnd(at: end)
        return Line(start: start, end: end, next: position)
    }

    /// Whether the next line goes on with the one before: it begins with white space
    /// (RFC 6350 §3.2).
    var continues: Bool {
        position < bytes.count && bytes[position].isBlank
    }
}

extension UInt8 {
    /// CR or LF.
    var isLineEnd: Bool { self == 0x0A || self == 0x0D }
    /// Space or tab.
    var isBlank: Bool { self == 0x20 || self == 0x09 }
    /// An ASCII letter as a capital, anything else as it is.
    var upperCase: UInt8 { (0x61...0x7A).contains(self) ? self - 0x20 : self }
}

extension [UInt8] {
    /// Where the next line begins, for the line end (or the end of all) at a place.
    func behindLineEnd(at end: Int) -> Int {
        guard end < count else { return end }
        return self[end] == 0x0D && end + 1 < count && self[end + 1] == 0x0A ? end + 2 : end + 1
    }

    /// A range without the spaces and tabs around it.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while start < end, self[start].isBlank { start += 1 }
        while end > start, self[end - 1].isBlank { end -= 1 }
        return start..<end
    }

    /// Whether a range has nothing but spaces and tabs.
    func isBlank(_ range: Range<Int>) -> Bool { trimmed(range).isEmpty }
}
