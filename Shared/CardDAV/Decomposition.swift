/// The characters that a text is made of when all that are composed are taken apart: Unicode's
/// Normalization Form KD, without putting marks in order, which RFC 5051 §2 does not ask for.
///
/// The standard library compares by canonical equivalence but gives out no decomposition, hence a
/// table of our own.
enum Decomposition {
    /// Appends what stands for a character, or the character itself.
    static func append(_ scalar: Unicode.Scalar, to text: inout String.UnicodeScalarView) {
        switch scalar.value {
        case 0..<0x80: text.append(scalar)
        case 0xAC00...0xD7A3: appendHangul(scalar.value - 0xAC00, to: &text)
        case 0xFF01...0xFF5E: append(scalar.value - 0xFEE0, to: &text)
        default:
            if let parts = table.parts(of: scalar.value) {
                for part in parts { append(part, to: &text) }
            } else {
                text.append(scalar)
            }
        }
    }

    /// A syllable's two or three letters (Unicode §3.12).
    private static func appendHangul(_ index: UInt32, to text: inout String.UnicodeScalarView) {
        append(0x1100 + index / 588, to: &text)
        append(0x1161 + index % 588 / 28, to: &text)
        if index % 28 > 0 { append(0x11A7 + index % 28, to: &text) }
    }

    private static func append(_ value: UInt32, to text: inout String.UnicodeScalarView) {
        if let scalar = Unicode.Scalar(value) { text.append(scalar) }
    }

    private static let table = Table(DecompositionTable.entries)

    /// The table in a form to search in: the parts of `keys[i]` lie at `starts[i]..<starts[i + 1]`.
    private struct Table {
        private var keys: [UInt32] = []
        private var starts: [Int] = []
        private var flat: [UInt32] = []

        /// Reads entries like `C0 41 300;`.
        init(_ entries: StaticString) {
            var value: UInt32 = 0
            var isKey = true
            for byte in entries.description.utf8 {
                switch byte {
                case UInt8(ascii: " "), UInt8(ascii: ";"):
                    add(value, isKey: isKey)
                    isKey = byte == UInt8(ascii: ";")
                    value = 0
                case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - 55)
                default: value = value << 4 | UInt32(byte - 48)
                }
            }
            starts.append(flat.count)
        }

        private mutating func add(_ value: UInt32, isKey: Bool) {
            if isKey {
                keys.append(value)
                starts.append(flat.count)
            } else {
                flat.append(value)
            }
        }

        func parts(of scalar: UInt32) -> ArraySlice<UInt32>? {
            var low = 0
            var high = keys.count
            while low < high {
                let middle = (low + high) / 2
                if keys[middle] < scalar { low = middle + 1 } else { high = middle }
            }
            guard low < keys.count, keys[low] == scalar else { return nil }
            return flat[starts[low]..<starts[low + 1]]
        }
    }
}
