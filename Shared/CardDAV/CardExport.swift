internal import VCard
public import WebDAV

/// Many cards, one after the other, in the form that `Accept` asks for.
public struct CardExport: Sendable {
    private let wanted: CardNegotiation
    private let isJSON: Bool
    private var isEmpty = true

    /// Chooses the form.
    ///
    /// - Throws: ``Refusal/notAcceptable`` where the client takes none that there is.
    public init(_ wanted: CardNegotiation) throws(Refusal) {
        self.wanted = wanted
        let choice = wanted.choice(kept: .v4_0)
        guard choice != .none else { throw .notAcceptable }
        isJSON = choice == .converted(.jCard)
    }

    /// The `Content-Type`.
    public var contentType: String {
        isJSON ? CardForm.jCard.contentType : NegotiatedCard.plainType
    }

    /// What is to be sent of the next card, and what stands before it.
    ///
    /// A card that cannot be converted is given as it is, and left out of jCard, where all cards are
    /// one array (RFC 7095 §3.2).
    public mutating func next(_ card: [UInt8]) -> [UInt8] {
        guard isJSON else {
            let bytes = NegotiatedCard(card, wanted)?.bytes ?? card
            return bytes.last == 0x0A ? bytes : bytes + [0x0D, 0x0A]
        }
        guard let json = NegotiatedCard(card, wanted), json.bytes.first == 0x5B else { return [] }
        let before = isEmpty ? "[" : ",\n"
        isEmpty = false
        return Array(before.utf8) + json.bytes
    }

    /// What is to be sent behind the last card.
    public var end: [UInt8] { isJSON ? Array((isEmpty ? "[]" : "]").utf8) : [] }
}
