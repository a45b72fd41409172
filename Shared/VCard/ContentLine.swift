/// Reads one logical line, `[group.]NAME[;PARAMETERS]:VALUE` (RFC 6350 §3.3).
struct ContentLine {
    /// The line's bytes, unfolded, and for each the place that it had in the card.
    private let bytes: [UInt8]
    private var position = 0

    init(unfolded bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The line as a property, or `nil` for a line that is none.
    static func property(
        unfolded bytes: [UInt8],
        byteRange: Range<Int>,
        text: ([UInt8]) -> String
    ) -> Property? {
        var line = ContentLine(unfolded: bytes)
        guard let head = line.head(text) else { return nil }
        var parameters: [Parameter] = []
        while line.current == 0x3B {
            line.position += 1
            if let parameter = line.parameter(text) { parameters.append(parameter) }
        }
        guard line.current == 0x3A else { return nil }
        let value = Array(bytes[(line.position + 1)...])
        return Property(
            group: head.group,
            name: head.name,
            parameters: parameters,
            rawValue: text(value),
            byteRange: byteRange,
            valueOffset: line.position + 1)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func head(_ text: ([UInt8]) -> String) -> (group: String?, name: String)? {
        var group: String?
        var start = position
        while let byte = current, byte != 0x3A, byte != 0x3B {
            guard Self.isNameByte(byte) || byte == 0x2E else { return nil }
            if byte == 0x2E, group == nil {
                group = text(Array(bytes[start..<position]))
                start = position + 1
            }
            position += 1
        }
        guard position > start, current != nil else { return nil }
        return (group, text(Array(bytes[start..<position])).uppercased())
    }

    /// Reads up to the next `;` or `:` that no quotation marks protect.
    private mutating func parameter(_ text: ([UInt8]) -> String) -> Parameter? {
        let nameStart = position
        while let byte = current, byte != 0x3D, byte != 0x3A, byte != 0x3B, byte != 0x2C {
            position += 1
        }
        guard current == 0x3D else {
            // 2.1 gives values without a name, and other programs lists of them.
            position = nameStart
            let values = self.values(text)
            return values.allSatisfy(\.isEmpty) ? nil : Parameter(name: "TYPE", values: values)
        }
        let name = text(Array(bytes[nameStart..<position])).uppercased()
        position += 1
        return Parameter(name: name, values: values(text))
    }

    private mutating func values(_ text: ([UInt8]) -> String) -> [String] {
        var values = [value(text)]
        while current == 0x2C {
            position += 1
            values.append(value(text))
        }
        // A quoted value may be a list itself: TYPE="home,work".
        return values.flatMap { $0.isQuoted ? $0.text.split(separator: ",").map(String.init) : [$0.text] }
            .map(Self.unescape)
    }

    private mutating func value(_ text: ([UInt8]) -> String) -> (text: String, isQuoted: Bool) {
        if current == 0x22, let end = bytes[(position + 1)...].firstIndex(of: 0x22) {
            let inner = Array(bytes[(position + 1)..<end])
            position = end + 1
            skipToSeparator()
            return (text(inner), true)
        }
        let start = position
        skipToSeparator()
        return (text(Array(bytes[start..<position])), false)
    }

    private mutating func skipToSeparator() {
        while let byte = current, byte != 0x2C, byte != 0x3A, byte != 0x3B { position += 1 }
    }

    /// RFC 6868 §3.2: `^n`, `^^` and `^'`.
    private static func unescape(_ value: String) -> String {
        guard value.utf8.contains(0x5E) else { return value }
        var text = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in value.unicodeScalars {
            if isEscaped {
                switch scalar {
                case "n": text.append("\n")
                case "^": text.append("^")
                case "'": text.append("\"")
                default:
                    text.append("^")
                    text.append(scalar)
                }
                isEscaped = false
            } else if scalar == "^" {
                isEscaped = true
            } else {
                text.append(scalar)
            }
        }
        if isEscaped { text.append("^") }
        return String(text)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}
