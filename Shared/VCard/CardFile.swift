/// A file that holds many cards one after the other, as exports of address books do.
public enum CardFile {
    /// Where the cards lie; what stands between them is skipped.
    ///
    /// A card inside another (AGENT of version 2.1) belongs to the outer one. One without its end
    /// reaches to the next that begins, or to the file's end, and is refused when it is parsed.
    /// Takes time in proportion to the bytes.
    public static func split(_ bytes: [UInt8]) -> [Range<Int>] {
        var splitter = Splitter(bytes)
        return splitter.split()
    }
}

/// Goes over the lines of a file once.
private struct Splitter {
    private let bytes: [UInt8]
    private var ranges: [Range<Int>] = []
    /// Where the card begins that is being read, and how many cards are open.
    private var start: Int?
    private var depth = 0
    /// Whether the last line was an AGENT whose card comes next.
    private var isAgent = false
    /// Where the card may end, if nothing more of it comes: behind an `END:VCARD` that white space
    /// stands before, which else goes on with the line above it.
    private var possibleEnd: Int?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func split() -> [Range<Int>] {
        var scanner = LineScanner(bytes)
        while let line = scanner.next() {
            if bytes.isBlank(line.text) { continue }
            let marker = Marker.of(line.text, in: bytes)
            let isIndented = bytes[line.start].isBlank
            switch marker {
            case .begin where !isIndented || start == nil: begin(line)
            case .end where isIndented: possibleEnd = line.next
            case .end: end(line)
            default: possibleEnd = nil
            }
            isAgent = marker == nil && isAgentLine(line.text)
        }
        close(at: bytes.count)
        return ranges
    }

    private mutating func begin(_ line: LineScanner.Line) {
        if start != nil, isAgent {
            depth += 1
            return
        }
        close(at: line.start)
        start = line.start
        depth = 1
    }

    private mutating func end(_ line: LineScanner.Line) {
        possibleEnd = nil
        guard start != nil else { return }
        depth -= 1
        if depth == 0 { close(at: line.next) }
    }

    private mutating func close(at end: Int) {
        if let start { ranges.append(start..<(possibleEnd ?? end)) }
        start = nil
        possibleEnd = nil
        depth = 0
    }

    /// `AGENT:` with whatever group and parameters, and without a value.
    private func isAgentLine(_ line: Range<Int>) -> Bool {
        let line = bytes.trimmed(line)
        guard let last = line.last, bytes[last] == 0x3A else { return false }
        let name = bytes[line].prefix { $0 != 0x3A && $0 != 0x3B }.split(separator: 0x2E).last
        return name.map { $0.map(\.upperCase) == Array("AGENT".utf8) } ?? false
    }
}
