/// The versions of vCard that are read.
public enum CardVersion: String, Sendable {
    /// The versit consortium's specification of 1996.
    case v2_1 = "2.1"
    /// RFC 2426.
    case v3_0 = "3.0"
    /// RFC 6350.
    case v4_0 = "4.0"
}

extension CardVersion {
    /// The version that the bytes of a card say, read no further than to the line that says it.
    ///
    /// - Returns: `nil` where there is none, or one that is not known, or what is no card.
    public static func declared(in bytes: [UInt8]) -> CardVersion? {
        var scanner = LineScanner(bytes)
        while let line = scanner.next() {
            let text = bytes[line.start..<bytes.trimmed(line.text).upperBound]
            guard text.count < 64, text.count > name.count,
                zip(text, name).allSatisfy({ $0.upperCase == $1 })
            else { continue }
            // A fold, or parameters: seldom, and read in full by whoever must know.
            guard text[text.startIndex + name.count] == 0x3A else { return nil }
            let value = text.dropFirst(name.count + 1)
            return CardVersion(rawValue: String(decoding: value, as: UTF8.self))
        }
        return nil
    }

    private static let name = Array("VERSION".utf8)
}
