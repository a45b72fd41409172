extension Property {
    /// The value with the escapes of 3.0 and 4.0, and without whatever encoded it.
    var valueForConversion: [UInt8] {
        if holdsCard { return Escapes.escaped(nestedCard) }
        if values(of: "ENCODING").contains(where: InlineData.isBase64) { return unfolded }
        guard isVersion21 || isQuotedPrintable else { return unfolded }
        let text = Array(String(decoding: decoded, as: UTF8.self).utf8)
        return escapes.standard(text, ValueShape.of(name))
    }

    /// Whether the value is a card that follows the property's line (AGENT of version 2.1).
    var holdsCard: Bool { byteRange.upperBound > valueRange.upperBound + 2 }

    /// Whether another version may have the property's bytes as they are.
    var isCopiedInConversion: Bool { !isVersion21 && !isQuotedPrintable && !holdsCard }

    /// The card that follows, as a text; it is not converted itself, so that cards in cards in
    /// cards do not grow with each.
    private var nestedCard: String {
        let nested = bytes[valueRange.upperBound..<byteRange.upperBound].drop(while: \.isLineEnd)
        return charset.text(Array(nested))
    }
}
