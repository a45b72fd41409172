/// The quoted-printable values of vCard 2.1 (RFC 2045 §6.7).
enum QuotedPrintable {
    /// Decodes a value whose soft line breaks are gone, except one at the very end.
    ///
    /// An encoded line break becomes LF, as `\n` does in other versions; what is no code stays.
    static func decode(_ raw: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(raw.count)
        var position = 0
        while position < raw.count {
            let byte = raw[position]
            position += 1
            guard byte == 0x3D else {
                decoded.append(byte)
                continue
            }
            if position == raw.count { break }
            guard position + 1 < raw.count, let high = hex(raw[position]),
                let low = hex(raw[position + 1])
            else {
                decoded.append(byte)
                continue
            }
            let code = high << 4 | low
            if code == 0x0A, decoded.last == 0x0D { decoded.removeLast() }
            decoded.append(code)
            position += 2
        }
        return decoded
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
