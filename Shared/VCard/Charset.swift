/// What the bytes of a value of version 2.1 mean.
enum Charset {
    case utf8
    case latin1
    case windows1252
    /// Nothing said, or something that is not known: UTF-8 if it can be, else Windows' Latin.
    case unknown

    init(named name: String?) {
        self =
            switch name?.uppercased() {
            case "UTF-8", "UTF8": .utf8
            case "ISO-8859-1", "LATIN1": .latin1
            case "WINDOWS-1252", "CP1252": .windows1252
            default: .unknown
            }
    }

    /// The bytes as text.
    func text(_ bytes: [UInt8]) -> String {
        String(decoding: utf8(bytes), as: UTF8.self)
    }

    /// The bytes in UTF-8.
    func utf8(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .utf8: bytes
        case .latin1: Self.encode(bytes) { Unicode.Scalar($0) }
        case .windows1252: Self.encode(bytes, Self.windows)
        case .unknown:
            UTF8Check.firstFault(in: bytes) == nil ? bytes : Self.encode(bytes, Self.windows)
        }
    }

    private static func encode(
        _ bytes: [UInt8],
        _ scalar: (UInt8) -> Unicode.Scalar
    ) -> [UInt8] {
        guard !bytes.allSatisfy({ $0 < 0x80 }) else { return bytes }
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(scalar(byte)) }
        return Array(String(text).utf8)
    }

    /// Windows-1252: Latin-1 with letters and quotes where that has control characters.
    private static func windows(_ byte: UInt8) -> Unicode.Scalar {
        guard (0x80...0x9F).contains(byte) else { return Unicode.Scalar(byte) }
        return windowsLetters[Int(byte) - 0x80]
    }

    private static let windowsLetters: [Unicode.Scalar] = [
        "€", "\u{81}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{8D}", "Ž",
        "\u{8F}", "\u{90}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{9D}",
        "ž", "Ÿ",
    ]
}
