extension Property {
    /// The most parts that a value is cut into; the last one then holds the rest.
    public static let maximumComponents = 1_000

    /// The value, unfolded but still escaped and encoded.
    public var rawValue: String {
        charset.text(unfolded)
    }

    /// The value as text: escapes resolved (RFC 6350 §3.4), quoted-printable and charset of 2.1
    /// decoded.
    ///
    /// What no charset makes sense of becomes U+FFFD.
    public var text: String {
        String(decoding: escapes.text(decoded[...]), as: UTF8.self)
    }

    /// The parts of a structured value, each a list: N, ADR, ORG (RFC 6350 §6.2.2).
    ///
    /// In version 2.1 a comma is a comma: each list has one value there.
    public var components: [[String]] {
        var budget = Self.maximumComponents
        return escapes.split(decoded[...], at: 0x3B, budget: &budget).map { part in
            let values = isVersion21 ? [part] : escapes.split(part, at: 0x2C, budget: &budget)
            return values.map { String(decoding: escapes.text($0), as: UTF8.self) }
        }
    }

    /// The values of a list: NICKNAME, CATEGORIES (RFC 6350 §6.2.3, §6.7.1).
    var list: [String] {
        var budget = Self.maximumComponents
        return escapes.split(decoded[...], at: 0x2C, budget: &budget)
            .map { String(decoding: escapes.text($0), as: UTF8.self) }
    }

    /// Whether there is nothing but white space for a value.
    var isEmpty: Bool { unfolded.allSatisfy { $0 <= 0x20 } }

    /// The text up to its first white space.
    var firstWord: String {
        String(text.unicodeScalars.drop { $0.value <= 0x20 }.prefix { $0.value > 0x20 })
    }

    var escapes: Escapes { isVersion21 ? .version21 : .standard }

    var charset: Charset {
        isVersion21 ? Charset(named: values(of: "CHARSET").first) : .utf8
    }

    /// The value in UTF-8, with its escapes.
    var decoded: [UInt8] {
        charset.utf8(isQuotedPrintable ? QuotedPrintable.decode(unfolded) : unfolded)
    }

    /// The value without folds and soft line breaks (RFC 6350 §3.2, RFC 2045 §6.7).
    var unfolded: [UInt8] {
        let raw = bytes[valueRange]
        guard raw.contains(where: \.isLineEnd) else { return Array(raw) }
        var value: [UInt8] = []
        value.reserveCapacity(raw.count)
        var position = valueRange.lowerBound
        while position < valueRange.upperBound {
            guard bytes[position].isLineEnd else {
                value.append(bytes[position])
                position += 1
                continue
            }
            position = bytes.behindLineEnd(at: position)
            if isQuotedPrintable, value.last == 0x3D {
                value.removeLast()
            } else if position < valueRange.upperBound, bytes[position].isBlank {
                position += 1
            }
        }
        return value
    }
}
