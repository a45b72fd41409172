/// A form that a card can be given in.
public enum CardForm: Sendable, Hashable {
    /// `text/vcard` of version 3.0 or 4.0.
    case text(CardVersion)
    /// `application/vcard+json` (RFC 7095), which is of version 4.0.
    case jCard
}

extension Card {
    /// The card in a form, with all its properties or with some.
    ///
    /// - Parameters:
    ///   - form: The form.
    ///   - selection: The properties wanted, by their names in that form; none for all.
    /// - Returns: The bytes of the card, or of the part of it, in that form.
    /// - Throws: ``ConversionError``.
    public func rendered(
        as form: CardForm,
        selecting selection: [PropertySelection] = []
    ) throws(ConversionError) -> [UInt8] {
        let version: CardVersion = if case .text(let version) = form { version } else { .v4_0 }
        let converted = try converted(to: version)
        if selection.isEmpty, form != .jCard { return converted }
        let card: Card
        do {
            card = converted == bytes ? self : try Card(parsing: converted)
        } catch {
            // Beyond a limit, which conversion may bring a card over that is close to it.
            throw .tooLarge
        }
        return form == .jCard ? JCard.bytes(of: card, selection) : card.selecting(selection)
    }
}
