/// Writes the lines of a card of version 3.0 or 4.0.
struct LineWriter {
    /// The longest physical line, without its end (RFC 6350 §3.2).
    static let maximumLineBytes = 75

    /// What is written.
    private(set) var bytes: [UInt8]

    /// Begins a card; `VERSION` comes first, as RFC 6350 §6.7.9 demands.
    init(_ version: CardVersion, reserving capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
        bytes += "BEGIN:VCARD\r\nVERSION:\(version.rawValue)\r\n".utf8
    }

    /// Ends the card.
    mutating func finish() {
        bytes += "END:VCARD\r\n".utf8
    }

    /// Writes a line, folded where it is long.
    mutating func write(_ line: ConversionLine) {
        var whole: [UInt8] = []
        whole.reserveCapacity(line.value.count + 64)
        if let group = line.group { whole += "\(group).".utf8 }
        whole += line.name.utf8
        for parameter in line.parameters {
            whole += ";\(parameter.name)=".utf8
            whole += parameter.values.map(Self.written).joined(separator: ",").utf8
        }
        whole.append(0x3A)
        whole += line.value
        fold(whole)
    }

    /// Writes a line as it came, but for its line ends.
    mutating func copy(_ line: ArraySlice<UInt8>) {
        var start = line.startIndex
        while start < line.endIndex {
            let end = line[start...].firstIndex(where: \.isLineEnd) ?? line.endIndex
            bytes += line[start..<end]
            bytes += [0x0D, 0x0A]
            let isPair =
                end + 1 < line.endIndex && line[end] == 0x0D && line[end + 1] == 0x0A
            start = end + (isPair ? 2 : 1)
        }
    }

    /// A parameter's value, quoted where it must be, with the escapes of RFC 6868 §3.
    private static func written(_ value: String) -> String {
        var written = ""
        var needsQuotes = false
        for scalar in value.unicodeScalars {
            switch scalar {
            case "^": written += "^^"
            case "\"": written += "^'"
            case "\n": written += "^n"
            case ",", ";", ":":
                needsQuotes = true
                written.unicodeScalars.append(scalar)
            case "\t": written.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}": continue
            default: written.unicodeScalars.append(scalar)
            }
        }
        return needsQuotes ? "\"\(written)\"" : written
    }

    /// Cuts between characters, never inside one.
    private mutating func fold(_ line: [UInt8]) {
        var start = 0
        var room = Self.maximumLineBytes
        while line.count - start > room {
            var end = start + room
            while end > start + 1, line[end] & 0xC0 == 0x80 { end -= 1 }
            bytes += line[start..<end]
            bytes += [0x0D, 0x0A, 0x20]
            start = end
            room = Self.maximumLineBytes - 1
        }
        bytes += line[start...]
        bytes += [0x0D, 0x0A]
    }
}
