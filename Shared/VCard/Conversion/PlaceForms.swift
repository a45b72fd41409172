extension ValueForm {
    /// A number: a text in 3.0, and in 4.0 a `tel:` URI where it can be one (RFC 6350 §6.4.1).
    static let telephone = ValueForm(
        up: { line in
            if line.valueType == "phone-number" { line.remove("VALUE") }
            guard line.valueType == nil, line.value.first == 0x2B,
                line.value.contains(where: { (0x30...0x39).contains($0) }),
                line.value.dropFirst().allSatisfy(isGlobalNumberByte)
            else { return }
            line.set("VALUE", "uri")
            line.value = Array("tel:".utf8) + line.value
        },
        down: { line in
            if line.valueType == "text" { line.remove("VALUE") }
            guard line.isURI, URIText.scheme(of: line.value) == "tel" else { return }
            let number = URIText.decoded(line.value.dropFirst(4))
            line.remove("VALUE")
            line.value = Escapes.escaped(String(decoding: number, as: UTF8.self))
        }
    )

    /// Degrees: `lat;lon` in 3.0, a `geo:` URI in 4.0 (RFC 6350 §6.5.2, RFC 5870).
    static let place = ValueForm(
        up: { line in
            if URIText.scheme(of: line.value) != nil { return line.remove("VALUE") }
            let isSeparator: (UInt8) -> Bool = { $0 == 0x3B || $0 == 0x2C }
            let parts = line.value.filter { $0 != 0x5C && $0 != 0x20 }.split(
                whereSeparator: isSeparator
            )
            guard parts.count == 2, parts.allSatisfy(isDegrees) else { return }
            line.remove("VALUE")
            line.value = Array("geo:".utf8) + parts[0] + [0x2C] + parts[1]
        },
        down: { line in
            guard line.valueType != "text" else { return }
            line.remove("VALUE")
            let scheme = URIText.scheme(of: line.value)
            let parts = line.value.dropFirst(4).split(
                separator: 0x2C,
                omittingEmptySubsequences: false
            )
            if scheme == "geo", parts.count == 2, parts.allSatisfy(isDegrees) {
                line.value = parts[0] + [0x3B] + parts[1]
            } else if scheme != nil {
                line.set("VALUE", "uri")
            }
        }
    )

    /// A time zone: an offset in 3.0 unless it says text, a text in 4.0 unless it says offset
    /// (RFC 2426 §3.4.1, RFC 6350 §6.5.1).
    static let zone = ValueForm(
        up: { line in
            if line.valueType == "text" { return line.remove("VALUE") }
            guard !line.isURI else { return }
            line.remove("VALUE")
            guard let offset = DateText.offset(line.value[...], .basic) else { return }
            line.value = offset
            line.set("VALUE", "utc-offset")
        },
        down: { line in
            guard !line.isURI else { return }
            let isOffset = line.valueType == "utc-offset"
            line.remove("VALUE")
            if isOffset, let offset = DateText.offset(line.value[...], .extended) {
                line.value = offset
            } else {
                line.set("VALUE", "text")
            }
        }
    )

    /// RFC 3966 §3: digits with what people put between them.
    private static func isGlobalNumberByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x28, 0x29].contains(byte)
    }

    private static func isDegrees(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.first == 0x2D || text.first == 0x2B ? text.dropFirst() : text
        return digits.first.map { (0x30...0x39).contains($0) } == true
            && digits.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
    }
}
