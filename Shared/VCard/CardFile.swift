/// A file that holds many cards one after the other, as exports of address books do.
public enum CardFile {
    /// Where the cards lie; what stands between them is skipped.
    ///
    /// A card inside another (2.1's AGENT) belongs to the outer one; a card without its end reaches
    /// to the next `BEGIN:VCARD` at a place where no card may begin, or to the file's end.
    public static func split(_ bytes: [UInt8]) -> [Range<Int>] {
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        var scanner = LineScanner(bytes, from: hasMark ? 3 : 0)
        var ranges: [Range<Int>] = []
        var start: Int?
        var depth = 0
        var isAgent = false
        while let line = scanner.next() {
            let range = line.start..<line.end
            if bytes.reads("BEGIN:VCARD", in: range) {
                if depth == 0 || isAgent {
                    if depth == 0 { start = line.start }
                    depth += 1
                } else if let begun = start {
                    ranges.append(begun..<line.start)
                    start = line.start
                }
            } else if bytes.reads("END:VCARD", in: range), depth > 0 {
                depth -= 1
                if depth == 0, let begun = start {
                    ranges.append(begun..<line.next)
                    start = nil
                }
            }
            if !line.isEmpty { isAgent = bytes.reads("AGENT:", in: range) }
        }
        if let start { ranges.append(start..<bytes.count) }
        return ranges
    }
}
