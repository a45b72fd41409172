extension Card {
    /// The bytes of a card that has no UID, with one put in, and nothing else touched.
    ///
    /// It stands behind `VERSION`, or behind `BEGIN` where there is none, and ends as the card's
    /// own lines do. A UID without a value is filled: a card has one at most (RFC 6350 §6.7.6).
    public func adding(uid: UID) -> [UInt8] {
        let line = Array("UID:".utf8) + Self.escaped(uid.text, version)
        if let empty = first("UID"), empty.isEmpty {
            return bytes[..<empty.byteRange.lowerBound] + line
                + bytes[empty.valueRange.upperBound...]
        }
        let place = placeForUID
        var lineEnd = self.lineEnd
        // CR, and the LF of an empty line behind it, would be one line end.
        if lineEnd == [0x0D], place < bytes.count, bytes[place] == 0x0A { lineEnd = [0x0D, 0x0A] }
        return bytes[..<place] + line + lineEnd + bytes[place...]
    }

    /// How the card's first line ends.
    var lineEnd: [UInt8] {
        let end = bytes[begin].drop { !$0.isLineEnd }
        return end.isEmpty ? [0x0D, 0x0A] : Array(end)
    }

    private var placeForUID: Int {
        if let version = first("VERSION") { return version.byteRange.upperBound }
        // A line that white space begins would go on with the UID; no property is followed by one.
        let isIndented = begin.upperBound < bytes.count && bytes[begin.upperBound].isBlank
        let first = isIndented ? properties.first : nil
        return first?.byteRange.upperBound ?? begin.upperBound
    }

    /// A text in one line (RFC 6350 §3.4); version 2.1 has no escape for a line break.
    private static func escaped(_ text: String, _ version: CardVersion?) -> [UInt8] {
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x0A where version != .v2_1: escaped += [0x5C, 0x6E]
            case 0x00...0x1F, 0x7F: continue
            case 0x2C, 0x3B, 0x5C: escaped += [0x5C, byte]
            default: escaped.append(byte)
            }
        }
        return escaped
    }
}
