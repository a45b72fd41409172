/// What has to be known of URIs (RFC 3986).
enum URIText {
    /// A URI's scheme in lower case, or `nil` for what is no URI.
    static func scheme(of text: [UInt8]) -> String? {
        guard let colon = text.prefix(32).firstIndex(of: 0x3A), colon > 1 else { return nil }
        let scheme = text[..<colon].map(\.upperCase)
        guard (0x41...0x5A).contains(scheme[0]), scheme.allSatisfy(isSchemeByte) else { return nil }
        return String(decoding: scheme, as: UTF8.self).lowercased()
    }

    /// The media type and the base64 of a `data:` URI (RFC 2397); `nil` for any other.
    ///
    /// One that is percent-encoded is brought into base64.
    static func data(_ text: [UInt8]) -> (type: String, base64: [UInt8])? {
        guard scheme(of: text) == "data", let comma = text.firstIndex(of: 0x2C) else { return nil }
        var type = String(decoding: text[5..<comma], as: UTF8.self)
        let data = text[(comma + 1)...]
        let mark = ";base64"
        guard type.lowercased().hasSuffix(mark) else { return (type, base64(decoded(data))) }
        type.removeLast(mark.count)
        return (type, data.contains(0x25) ? decoded(data) : Array(data))
    }

    /// A text with what a URI cannot hold percent-encoded (RFC 3986 §2).
    static func encoded(_ text: String) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            if isPlain(byte) {
                encoded.append(byte)
            } else {
                encoded += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return encoded
    }

    /// The bytes with percent-encoding taken off; what is no code stays.
    static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var position = text.startIndex
        while position < text.endIndex {
            if text[position] == 0x25, position + 2 < text.endIndex,
                let high = hex(text[position + 1]), let low = hex(text[position + 2])
            {
                decoded.append(high << 4 | low)
                position += 3
            } else {
                decoded.append(text[position])
                position += 1
            }
        }
        return decoded
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
        )
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count * 4 / 3 + 4)
        var rest = bytes[...]
        while !rest.isEmpty {
            let three = rest.prefix(3)
            rest = rest.dropFirst(3)
            var word = three.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - three.count))
            var four: [UInt8] = []
            for _ in 0..<4 {
                four.insert(alphabet[word & 63], at: 0)
                word >>= 6
            }
            for place in (three.count + 1)..<4 where place < 4 { four[place] = 0x3D }
            encoded += four
        }
        return encoded
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2D, 0x2E, 0x5F, 0x7E, 0x40, 0x2B: true
        default: false
        }
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
