/// Readable file names made of people's names.
public enum Slug {
    /// The longest slug, in bytes.
    public static let maximumBytes = 64

    /// The words of a text in lower-case ASCII, joined by hyphens.
    ///
    /// Latin letters lose their marks, Greek and Cyrillic ones are transliterated; of scripts that
    /// have no short way into ASCII nothing is left.
    ///
    /// - Returns: `nil` where nothing is left at all.
    public static func of(_ text: String) -> String? {
        var slug: [UInt8] = []
        var isGap = false
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if Transliteration.isMark(scalar) || scalar == "'" || scalar == "\u{2019}" { continue }
            let letters = Transliteration.ascii(scalar, after: previous)
            previous = scalar
            if letters.isEmpty {
                isGap = true
                continue
            }
            let needed = letters.utf8.count + (isGap && !slug.isEmpty ? 1 : 0)
            guard slug.count + needed <= maximumBytes else { break }
            if isGap, !slug.isEmpty { slug.append(0x2D) }
            isGap = false
            slug += letters.utf8
        }
        return slug.isEmpty ? nil : String(decoding: slug, as: UTF8.self)
    }
}
