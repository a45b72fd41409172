public import VCard
internal import WebDAV

/// In what form `GET` is to give a card (RFC 6352 §5.1.1, RFC 9110 §12.5.1).
public struct CardNegotiation: Sendable {
    /// What is to be sent.
    public enum Choice: Sendable, Equatable {
        /// The card as it is kept.
        case kept
        /// The card in a form; where it is of that form already, as it is kept.
        case converted(CardForm)
        /// The client takes no form that there is.
        case none
    }

    private let ranges: [MediaRange]

    /// Reads an `Accept` header; without one, anything is taken.
    public init(accept: String?) {
        ranges = accept.map(MediaRange.list) ?? []
    }

    /// Whether the client names a media type of cards, so that it is told the version too.
    public var namesCards: Bool {
        ranges.contains { Self.textTypes.contains($0.type) || $0.type == CardForm.jCard.mediaType }
    }

    /// The form that the client wants most; of those that it wants as much, the one kept, then
    /// the newer.
    ///
    /// - Parameter kept: The version that the card is of; `nil` where it says none that is known.
    /// - Returns: What to send.
    public func choice(kept: CardVersion?) -> Choice {
        guard !ranges.isEmpty else { return .kept }
        var choice = Choice.none
        var best = 0
        func offer(_ offered: Choice, _ quality: Int) {
            guard quality > best else { return }
            best = quality
            choice = offered
        }
        offer(.kept, quality(ofTypes: Self.textTypes, version: kept?.rawValue))
        for form in [CardForm.text(.v4_0), .text(.v3_0)] where form != kept.map(CardForm.text) {
            offer(.converted(form), quality(ofTypes: Self.textTypes, version: form.version))
        }
        offer(.converted(.jCard), quality(ofTypes: ["application/vcard+json"], version: "4.0"))
        return choice
    }

    /// Whether the client takes the card as it is kept, though it may want another form more.
    public func takesKept(_ version: CardVersion?) -> Bool {
        ranges.isEmpty || quality(ofTypes: Self.textTypes, version: version?.rawValue) > 0
    }

    /// RFC 9110 §12.5.1: what the most specific range that matches says.
    private func quality(ofTypes types: Set<String>, version: String?) -> Int {
        var best = (specificity: 0, quality: 0)
        for range in ranges {
            guard let specificity = specificity(of: range, types, version) else { continue }
            if specificity > best.specificity
                || specificity == best.specificity && range.quality > best.quality
            {
                best = (specificity, range.quality)
            }
        }
        return best.quality
    }

    private func specificity(
        of range: MediaRange,
        _ types: Set<String>,
        _ version: String?
    ) -> Int? {
        if types.contains(range.type) {
            guard let wanted = range["version"] else { return 3 }
            return wanted == version ? 4 : nil
        }
        if range.type == "*/*" { return 1 }
        return types.contains { range.type == "\($0.prefix { $0 != "/" })/*" } ? 2 : nil
    }

    /// What cards were called before RFC 6350.
    private static let textTypes: Set = ["text/vcard", "text/x-vcard", "text/directory"]
}
