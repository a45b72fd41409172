extension Card {
    /// The card's bytes with a UID put in behind `VERSION`, or behind `BEGIN` where there is none.
    ///
    /// The line ends as the card's own lines do; everything else stays as it was, but for UIDs
    /// without a value: a card has one at most (RFC 6350 §6.7.6).
    public func adding(uid: UID) -> [UInt8] {
        let place = placeForUID
        let line = Array("UID:".utf8) + Self.escaped(uid.text, version) + lineEnd
        var changed: [UInt8] = []
        changed.reserveCapacity(bytes.count + line.count)
        var position = 0
        var isAdded = false
        func copy(to end: Int) {
            changed += bytes[position..<end]
            position = end
        }
        for empty in properties where empty.name == "UID" && empty.isEmpty {
            if !isAdded, place <= empty.byteRange.lowerBound {
                copy(to: place)
                changed += line
                isAdded = true
            }
            copy(to: empty.byteRange.lowerBound)
            position = empty.byteRange.upperBound
        }
        if !isAdded {
            copy(to: place)
            changed += line
        }
        copy(to: bytes.count)
        return changed
    }

    private var placeForUID: Int {
        if let version = first("VERSION") { return version.byteRange.upperBound }
        // A line that white space begins would go on with the UID; no property is followed by one.
        let isIndented = begin.upperBound < bytes.count && bytes[begin.upperBound].isBlank
        let first = isIndented ? properties.first : nil
        return first?.byteRange.upperBound ?? begin.upperBound
    }

    /// How the card's first line ends.
    var lineEnd: [UInt8] {
        let end = bytes[begin].drop { !$0.isLineEnd }
        return end.isEmpty ? [0x0D, 0x0A] : Array(end)
    }

    /// A text in one line (RFC 6350 §3.4); version 2.1 escapes nothing in a value without parts.
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
