extension ValueForm {
    /// A day that is a date unless it says more (BDAY and its like).
    static let date = ValueForm(
        up: { $0.makeBasic() },
        down: { $0.makeExtended(default: "date") }
    )

    /// A moment that is a date and a time unless it says less (REV).
    static let timestamp = ValueForm(
        up: { $0.makeBasic() },
        down: { $0.makeExtended(default: "date-time") }
    )
}

extension ConversionLine {
    /// The year that Apple writes where there is none; 1604 had a 29 February.
    private static let noYear = "1604"
    private static let omitsYear = "X-APPLE-OMIT-YEAR"

    /// RFC 6350 §4.3: `19850412`; Apple's year that is none becomes `--0412`.
    fileprivate mutating func makeBasic() {
        guard valueType != "text", var basic = DateText.reformed(value, .basic) else { return }
        if let year = first(Self.omitsYear), basic.count >= 8, basic.starts(with: year.utf8) {
            basic.replaceSubrange(0..<4, with: [0x2D, 0x2D])
            remove(Self.omitsYear)
        }
        value = basic
        if let valueType, valueType.hasPrefix("date") { remove("VALUE") }
    }

    /// RFC 2426 §3.1.5: `1985-04-12`; a date without a year is told as Apple does.
    fileprivate mutating func makeExtended(default defaultType: String) {
        guard valueType != "text", var extended = DateText.reformed(value, .extended) else {
            return
        }
        if extended.count == 7, extended.starts(with: [0x2D, 0x2D]), extended[2] != 0x2D {
            extended.replaceSubrange(0..<2, with: Array("\(Self.noYear)-".utf8))
            set(Self.omitsYear, Self.noYear)
        }
        value = extended
        remove("VALUE")
        let type = extended.contains(0x54) ? "date-time" : "date"
        if type != defaultType { set("VALUE", type) }
    }
}

/// Dates and times, in the two ways that ISO 8601 has of writing each.
enum DateText {
    /// `19850412T102200Z`, or `1985-04-12T10:22:00Z`.
    enum Style {
        case basic
        case extended
    }

    /// A date, a time behind a `T`, or both, in a style; `nil` for what is none.
    static func reformed(_ text: [UInt8], _ style: Style) -> [UInt8]? {
        guard text.count <= 40 else { return nil }
        guard let separator = text.firstIndex(where: { $0.upperCase == 0x54 }) else {
            return date(text[...], style)
        }
        let before = text[..<separator]
        guard let time = time(text[(separator + 1)...], style) else { return nil }
        guard let date = before.isEmpty ? [] : date(before, style) else { return nil }
        return date + [0x54] + time
    }

    /// An offset from UTC, `-0500` or `-05:00` (RFC 6350 §4.7).
    static func offset(_ text: ArraySlice<UInt8>, _ style: Style) -> [UInt8]? {
        if text.count == 1, text.first?.upperCase == 0x5A { return [0x5A] }
        guard let sign = text.first, sign == 0x2B || sign == 0x2D else { return nil }
        let digits = text.dropFirst().filter { $0 != 0x3A }
        guard digits.count == 2 || digits.count == 4, isDigits(digits[...]) else { return nil }
        guard digits.count == 4, style == .extended else { return [sign] + digits }
        return [sign] + digits[..<2] + [0x3A] + digits[2...]
    }

    private static func date(_ text: ArraySlice<UInt8>, _ style: Style) -> [UInt8]? {
        let hyphens = text.prefix { $0 == 0x2D }.count
        let digits = text.filter { $0 != 0x2D }
        guard isDigits(digits[...]) else { return nil }
        let inner = text.dropFirst(hyphens)
        switch (hyphens, digits.count) {
        case (0, 8) where inner.count == 8 || isCut(inner, at: [4, 7], of: 10):
            guard style == .extended else { return digits }
            return digits[..<4] + [0x2D] + digits[4..<6] + [0x2D] + digits[6...]
        case (2, 4) where inner.count == 4 || isCut(inner, at: [2], of: 5):
            let month = [0x2D, 0x2D] + digits[..<2]
            return month + (style == .extended ? [0x2D] : []) + digits[2...]
        case (0, 4) where inner.count == 4, (0, 6) where isCut(inner, at: [4], of: 7),
            (2, 2) where inner.count == 2, (3, 2) where inner.count == 2:
            return Array(text)
        default: return nil
        }
    }

    private static func time(_ text: ArraySlice<UInt8>, _ style: Style) -> [UInt8]? {
        let hyphens = text.prefix { $0 == 0x2D }.count
        let inner = text.dropFirst(hyphens)
        let zoneStart =
            inner.firstIndex { $0 == 0x2B || $0 == 0x2D || $0.upperCase == 0x5A } ?? inner.endIndex
        let clock = inner[..<zoneStart]
        let fraction = clock.firstIndex { $0 == 0x2E || $0 == 0x2C } ?? clock.endIndex
        let digits = clock[..<fraction].filter { $0 != 0x3A }
        guard hyphens <= 2, [2, 4, 6].contains(digits.count), isDigits(digits[...]),
            clock[fraction...].isEmpty || isDigits(clock[fraction...].dropFirst())
        else { return nil }
        var zone: [UInt8] = []
        if zoneStart < inner.endIndex {
            guard let offset = offset(inner[zoneStart...], style) else { return nil }
            zone = offset
        }
        var reformed = [UInt8](repeating: 0x2D, count: hyphens)
        for (place, digit) in digits.enumerated() {
            if place > 0, place % 2 == 0, style == .extended { reformed.append(0x3A) }
            reformed.append(digit)
        }
        return reformed + clock[fraction...] + zone
    }

    /// Whether hyphens stand at just these places of a text of that length.
    private static func isCut(_ text: ArraySlice<UInt8>, at places: [Int], of count: Int) -> Bool {
        text.count == count && places.allSatisfy { text[text.startIndex + $0] == 0x2D }
    }

    private static func isDigits(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty && text.allSatisfy { (0x30...0x39).contains($0) }
    }
}
