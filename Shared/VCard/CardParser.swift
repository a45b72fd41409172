/// Reads a card line by line, each byte a fixed number of times.
struct CardParser {
    private let bytes: [UInt8]
    private var scanner: LineScanner
    private var reader: ContentLineReader
    private let indentedEnd: Int?
    /// The physical lines read, which is the number of the last one.
    private var lineNumber = 0
    /// The content lines read, nested and unreadable ones too.
    private var contentLines = 0
    private var firstUnreadable: Int?

    /// The properties found.
    private(set) var properties: [Property] = []
    /// The lines of `BEGIN:VCARD` and `END:VCARD`.
    private(set) var begin = 0..<0
    private(set) var end = 0..<0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        scanner = LineScanner(bytes)
        reader = ContentLineReader(bytes)
        indentedEnd = Marker.indentedEnd(in: bytes)
    }

    /// Reads all.
    mutating func parse() throws(CardError) {
        try readBegin()
        try readBody()
        try readNothingMore()
        guard !properties.contains(where: { $0.name != "VERSION" }) else { return }
        if let firstUnreadable { throw .malformedLine(line: firstUnreadable) }
        throw .noProperty
    }

    private mutating func nextLine() -> LineScanner.Line? {
        guard let line = scanner.next() else { return nil }
        lineNumber += 1
        return line
    }

    private mutating func readBegin() throws(CardError) {
        while let line = nextLine() {
            if bytes.isBlank(line.text) { continue }
            guard Marker.of(line.text, in: bytes) == .begin else { throw .notACard }
            begin = line.whole
            return
        }
        throw .notACard
    }

    private mutating func readBody() throws(CardError) {
        var depth = 1
        // The property whose value is the card that is nested here.
        var agent: Int?
        while let line = nextLine() {
            contentLines += 1
            guard contentLines <= Card.maximumLines else {
                throw .tooManyLines(limit: Card.maximumLines)
            }
            switch marker(line) {
            case .begin:
                guard depth < Card.maximumNesting else { throw .nestedTooDeep(line: lineNumber) }
                if depth == 1 { agent = lastAgent }
                depth += 1
            case .end where depth == 1:
                end = line.whole
                return
            case .end:
                depth -= 1
                if depth == 1, let agent { properties[agent].extend(to: line.next) }
            case nil where depth == 1:
                try readProperty(line)
            case nil:
                break
            }
        }
        throw .unterminated(line: lineNumber)
    }

    private mutating func readNothingMore() throws(CardError) {
        while let line = nextLine() {
            guard bytes.isBlank(line.text) else { throw .severalCards(line: lineNumber) }
        }
    }

    private func marker(_ line: LineScanner.Line) -> Marker? {
        guard line.start < line.end else { return nil }
        // White space before a line makes it part of another, but for the card's very end.
        if bytes[line.start].isBlank, line.start != indentedEnd { return nil }
        return Marker.of(line.text, in: bytes)
    }

    /// AGENT of 2.1 is followed by a card of its own, whose lines are not this card's.
    private var lastAgent: Int? {
        guard let last = properties.last, last.name == "AGENT" else { return nil }
        return bytes.isBlank(last.valueRange) ? properties.count - 1 : nil
    }

    private mutating func readProperty(_ first: LineScanner.Line) throws(CardError) {
        if bytes.isBlank(first.text) { return }
        let number = lineNumber
        var last = first
        joinFolds(&last)
        switch reader.read(first.start..<last.end) {
        case .excessive:
            throw .malformedLine(line: number)
        case .unreadable:
            if firstUnreadable == nil { firstUnreadable = number }
        case .read(let head) where head.name == "BEGIN" || head.name == "END":
            // White space or a fold keeps it from being a marker; as a property it would be taken
            // for one once it stands in another place.
            break
        case .read(let head):
            // What stands before the name would, behind another line, make it a fold.
            let start = bytes.trimmed(first.text).lowerBound
            let isQuotedPrintable = head.isQuotedPrintable
            if isQuotedPrintable { joinSoftBreaks(&last, from: head.valueStart) }
            if head.isBase64 { joinBase64(&last) }
            properties.append(
                Property(
                    head,
                    isQuotedPrintable: isQuotedPrintable,
                    in: bytes,
                    value: head.valueStart..<last.end,
                    whole: start..<last.next
                )
            )
        }
    }

    /// Goes on over the lines that begin with white space.
    private mutating func joinFolds(_ last: inout LineScanner.Line) {
        while scanner.continues, scanner.position != indentedEnd, let line = nextLine() {
            last = line
        }
    }

    /// Goes on over quoted-printable's soft line breaks (RFC 2045 §6.7, rule 5).
    ///
    /// Old phones end a value with `=` and mean nothing by it: a card's begin or end is not joined.
    private mutating func joinSoftBreaks(_ last: inout LineScanner.Line, from valueStart: Int) {
        while last.end > valueStart, bytes[last.end - 1] == 0x3D {
            var ahead = scanner
            guard let line = ahead.next(), marker(line) == nil else { return }
            scanner = ahead
            lineNumber += 1
            last = line
            joinFolds(&last)
        }
    }

    /// Goes on over lines of base64 that have no white space before them, as some writers of 2.1
    /// leave it out. Such a line has no colon, and could be no property.
    private mutating func joinBase64(_ last: inout LineScanner.Line) {
        while true {
            var ahead = scanner
            guard let line = ahead.next(), !line.text.isEmpty,
                bytes[line.text].allSatisfy(Self.isBase64Byte)
            else { return }
            scanner = ahead
            lineNumber += 1
            last = line
            joinFolds(&last)
        }
    }

    private static func isBase64Byte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D: true
        default: false
        }
    }
}
