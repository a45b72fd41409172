/// Counts the parts of dotted keys (TOML 1.0, "Keys") without reading the document.
///
/// A text that is no TOML may be counted wrong; the parser refuses it at the same place.
struct TOMLDottedKeys {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The line of the first key with more parts than a number of them; `nil` where none has.
    static func lineOfKey(longerThan maximum: Int, in bytes: [UInt8]) -> Int? {
        var keys = TOMLDottedKeys(bytes)
        return keys.find(longerThan: maximum)
    }

    private mutating func find(longerThan maximum: Int) -> Int? {
        var parts = 1
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString(quote: byte)
                continue
            case UInt8(ascii: "#"):
                skipComment()
                continue
            case UInt8(ascii: "."):
                parts += 1
                if parts > maximum { return line }
            case UInt8(ascii: "\n"):
                line += 1
                parts = 1
            case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"),
                UInt8(ascii: "{"), UInt8(ascii: "}"):
                parts = 1
            default: break
            }
            position += 1
        }
        return nil
    }

    private mutating func skipComment() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func skipString(quote: UInt8) {
        let isMultiline = quotes(quote) >= 3
        position += isMultiline ? 3 : 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == quote {
                let run = quotes(quote)
                // A string of several lines may end in up to two quotes of its own.
                if !isMultiline || run >= 3 { return position += isMultiline ? min(run, 5) : 1 }
            }
            if byte == UInt8(ascii: "\n") {
                guard isMultiline else { return }
                line += 1
            }
            let isEscape = byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"")
            // What is escaped is never the end; an escaped line end is counted by the next round.
            let isPair = isEscape && position + 1 < bytes.count
            position += isPair && bytes[position + 1] != UInt8(ascii: "\n") ? 2 : 1
        }
    }

    /// How many quotes of a kind stand here, one after the other.
    private func quotes(_ quote: UInt8) -> Int {
        bytes[position...].prefix(5).prefix { $0 == quote }.count
    }
}
