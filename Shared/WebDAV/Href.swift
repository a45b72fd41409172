/// Percent-encoding of URL paths, in one canonical form (RFC 3986 §2).
public enum Href {
    /// A path segment with all but unreserved characters and `@` encoded.
    ///
    /// vdirsyncer normalises to the same form: one spelling, used in every answer.
    public static func encode(segment: String) -> String {
        if segment.utf8.allSatisfy(isPlain) { return segment }
        var bytes: [UInt8] = []
        for byte in segment.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [0x25, digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text that a segment stands for, decoded once.
    ///
    /// - Throws: ``Refusal`` with status 400 for what no path here can hold: an escape that is none,
    ///   bytes that are no UTF-8, a control character, a slash or backslash, `.` and `..`, each
    ///   encoded or not.
    public static func decode(segment: some StringProtocol) throws(Refusal) -> String {
        var bytes: [UInt8] = []
        var source = segment.utf8.makeIterator()
        while let byte = source.next() {
            if byte == 0x25 {
                guard let high = source.next().flatMap(value),
                    let low = source.next().flatMap(value)
                else { throw Refusal(400, reason: "the path has a % that begins no escape") }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(byte)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(400, reason: "the path is not UTF-8")
        }
        guard text.unicodeScalars.allSatisfy(isAccepted), text != ".", text != ".." else {
            throw Refusal(400, reason: "the path has a segment that is not accepted")
        }
        return text
    }

    /// No control characters of ASCII or Latin-1, nothing that a file system or a client takes for
    /// a separator.
    private static func isAccepted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2F, 0x5C: false
        default: true
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2D, 0x2E, 0x40, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? 0x30 + nibble : 0x37 + nibble
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x37
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
