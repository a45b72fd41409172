/// Writes JSON (RFC 8259), a byte after the other.
struct JSONText {
    /// What is written.
    private(set) var bytes: [UInt8] = []

    /// Punctuation, or a number or word that is valid JSON.
    mutating func literal(_ text: String) { bytes += text.utf8 }

    /// A string, quoted and escaped (RFC 8259 §7).
    mutating func string(_ text: String) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x09: bytes += [0x5C, 0x74]
            case 0x00...0x1F:
                let digits = String(byte, radix: 16)
                bytes += "\\u00\(byte < 16 ? "0" : "")\(digits)".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    /// Some values with commas between them, in brackets.
    mutating func array<Value>(_ values: [Value], _ write: (inout JSONText, Value) -> Void) {
        bytes.append(0x5B)
        list(values, write)
        bytes.append(0x5D)
    }

    /// Some values with commas between them.
    mutating func list<Value>(_ values: [Value], _ write: (inout JSONText, Value) -> Void) {
        for (place, value) in values.enumerated() {
            if place > 0 { bytes.append(0x2C) }
            write(&self, value)
        }
    }
}
