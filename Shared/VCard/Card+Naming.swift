extension Card {
    /// The card's UID; `nil` where it has none, or an empty one (RFC 6350 §6.7.6).
    public var uid: UID? {
        properties.lazy.filter { $0.name == "UID" }.compactMap { UID($0.text) }.first
    }

    /// What people call whom the card is about, in one line.
    ///
    /// FN (RFC 6350 §6.2.1); without it N's parts in the order of speech, else ORG, else EMAIL.
    public var formattedName: String? {
        if let name = first("FN").flatMap({ Self.oneLine($0.text) }) { return name }
        if let name = first("N").flatMap({ Self.oneLine(Self.spoken($0.components)) }) {
            return name
        }
        if let name = first("ORG")?.components.first?.first.flatMap(Self.oneLine) { return name }
        return first("EMAIL").flatMap { Self.oneLine($0.text) }
    }

    /// N has family, given, additional, prefixes, suffixes (RFC 6350 §6.2.2).
    private static func spoken(_ parts: [[String]]) -> String {
        [3, 1, 2, 0, 4].filter { $0 < parts.count }.flatMap { parts[$0] }.joined(separator: " ")
    }

    private static func oneLine(_ text: String) -> String? {
        let words = text.unicodeScalars.split { $0.value <= 0x20 || $0 == "\u{A0}" }
        return words.isEmpty ? nil : words.map(String.init).joined(separator: " ")
    }
}
