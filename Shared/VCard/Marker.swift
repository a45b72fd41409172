/// The lines that a card begins and ends with (RFC 6350 §6.1.1, §6.1.2).
enum Marker {
    case begin
    case end

    private static let beginWord = Array("BEGIN:VCARD".utf8)
    private static let endWord = Array("END:VCARD".utf8)

    /// The marker that a line is, in any letter case and with white space around it.
    static func of(_ line: Range<Int>, in bytes: [UInt8]) -> Marker? {
        let line = bytes.trimmed(line)
        switch line.count {
        case beginWord.count: return reads(beginWord, at: line.lowerBound, in: bytes) ? .begin : nil
        case endWord.count: return reads(endWord, at: line.lowerBound, in: bytes) ? .end : nil
        default: return nil
        }
    }

    /// Where a last line begins that ends the card though white space stands before it.
    ///
    /// Read strictly it would go on with the line above it, and the card would have no end.
    static func indentedEnd(in bytes: [UInt8]) -> Int? {
        var end = bytes.count
        while end > 0, bytes[end - 1].isBlank || bytes[end - 1].isLineEnd { end -= 1 }
        var start = end
        while start > 0, !bytes[start - 1].isLineEnd { start -= 1 }
        guard start < end, bytes[start].isBlank, of(start..<end, in: bytes) == .end else {
            return nil
        }
        return start
    }

    private static func reads(_ word: [UInt8], at start: Int, in bytes: [UInt8]) -> Bool {
        for (offset, byte) in word.enumerated() where bytes[start + offset].upperCase != byte {
            return false
        }
        return true
    }
}
