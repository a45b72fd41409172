/// What stands before a line's value: `[group.]NAME[;PARAMETERS]:` (RFC 6350 §3.3).
struct ContentLine {
    let group: String?
    let name: String
    let parameters: [Parameter]
    /// Where the value begins in the card.
    let valueStart: Int

    /// Whether the value is quoted-printable, so that a `=` at a line's end joins the next one.
    var isQuotedPrintable: Bool { isEncoded { $0.uppercased() == "QUOTED-PRINTABLE" } }

    /// Whether the value is base64, so that lines of nothing else go on with it.
    var isBase64: Bool { isEncoded(InlineData.isBase64) }

    private func isEncoded(_ isMeant: (String) -> Bool) -> Bool {
        parameters.contains { $0.name == "ENCODING" && $0.values.contains(where: isMeant) }
    }
}

/// Reads the heads of lines, one after the other.
struct ContentLineReader {
    /// What became of a line.
    enum Outcome {
        case read(ContentLine)
        /// No name or no colon: kept, and no property.
        case unreadable
        /// More parameters than ``Parameter/maximumCount``.
        case excessive
    }

    private let bytes: [UInt8]
    private var cursor: UnfoldingCursor
    /// The token being read; kept between lines for its memory.
    private var token: [UInt8] = []
    private var budget = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        cursor = UnfoldingCursor(bytes, in: 0..<0)
    }

    /// Reads the head of a logical line that lies in a range, folds included.
    mutating func read(_ range: Range<Int>) -> Outcome {
        cursor = UnfoldingCursor(bytes, in: range)
        budget = Parameter.maximumCount
        while let byte = cursor.current, byte.isBlank { cursor.advance() }
        guard let (group, name) = readName() else { return .unreadable }
        var parameters: [Parameter] = []
        while cursor.current == 0x3B {
            cursor.advance()
            if let parameter = readParameter() { parameters.append(parameter) }
            guard budget >= 0 else { return .excessive }
        }
        guard cursor.current == 0x3A else { return .unreadable }
        cursor.advance()
        return .read(
            ContentLine(
                group: group,
                name: name,
                parameters: parameters,
                valueStart: cursor.position
            )
        )
    }

    private mutating func readName() -> (group: String?, name: String)? {
        token.removeAll(keepingCapacity: true)
        var dot: Int?
        while let byte = cursor.current, byte != 0x3A, byte != 0x3B {
            guard byte == 0x2E || Self.isNameByte(byte) else { return nil }
            if byte == 0x2E { dot = token.count }
            token.append(byte)
            cursor.advance()
        }
        let nameStart = dot.map { $0 + 1 } ?? 0
        guard nameStart < token.count else { return nil }
        let group = dot.map { String(decoding: token[..<$0], as: UTF8.self) }
        for place in nameStart..<token.count { token[place] = token[place].upperCase }
        let name = String(decoding: token[nameStart...], as: UTF8.self)
        return (group?.isEmpty == true ? nil : group, name)
    }

    /// A parameter, or `nil` for nothing between two semicolons.
    private mutating func readParameter() -> Parameter? {
        token.removeAll(keepingCapacity: true)
        while let byte = cursor.current, byte != 0x3A, byte != 0x3B, byte != 0x3D {
            token.append(byte)
            cursor.advance()
        }
        guard cursor.current == 0x3D else {
            guard !token.isEmpty else { return nil }
            budget -= 1
            return Parameter(bare: String(decoding: token, as: UTF8.self))
        }
        let name = String(decoding: token.map(\.upperCase), as: UTF8.self)
        var values: [String] = []
        repeat {
            cursor.advance()
            let isQuoted = readValue()
            // RFC 6350 §6.4.1 shows TYPE="voice,home", and means two types.
            let parts = isQuoted && name == "TYPE" ? token.split(separator: 0x2C) : [token[...]]
            budget -= max(parts.count, 1)
            guard budget >= 0 else { return nil }
            values += parts.map(ParameterEscapes.text)
        } while cursor.current == 0x2C
        return Parameter(name: name, values: values)
    }

    /// Takes a value into the token, without its quotes.
    private mutating func readValue() -> Bool {
        token.removeAll(keepingCapacity: true)
        var isQuoted = false
        if cursor.current == 0x22 {
            var behindQuote = cursor
            behindQuote.advance()
            // A quote that nothing closes is a character like any other.
            isQuoted = behindQuote.finds(0x22)
        }
        if isQuoted {
            cursor.advance()
            while let byte = cursor.current, byte != 0x22 { take(byte) }
            cursor.advance()
        }
        while let byte = cursor.current, byte != 0x2C, byte != 0x3A, byte != 0x3B { take(byte) }
        return isQuoted
    }

    private mutating func take(_ byte: UInt8) {
        token.append(byte)
        cursor.advance()
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}

/// The escapes in parameters: `^n`, `^^` and `^'` (RFC 6868 §3.2).
enum ParameterEscapes {
    /// Resolves them; a `^` before anything else stays.
    static func text(_ raw: ArraySlice<UInt8>) -> String {
        guard raw.contains(0x5E) else { return String(decoding: raw, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(raw.count)
        var rest = raw
        while let byte = rest.popFirst() {
            guard byte == 0x5E, let meant = rest.first.flatMap(meaning) else {
                text.append(byte)
                continue
            }
            text.append(meant)
            rest.removeFirst()
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func meaning(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x6E, 0x4E: 0x0A
        case 0x5E: 0x5E
        case 0x27: 0x22
        default: nil
        }
    }
}
