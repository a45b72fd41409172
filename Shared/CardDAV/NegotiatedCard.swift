internal import VCard

/// A card in the form that `Accept` asks for (RFC 6352 §5.1.1).
public struct NegotiatedCard: Sendable {
    /// What every card is served as to who names no media type of cards. KDE and vdirsyncer look
    /// for `vcard` in it.
    public static let plainType = "text/vcard; charset=utf-8"

    /// What is sent.
    public let bytes: [UInt8]
    /// Its `Content-Type`.
    ///
    /// Who names no media type of cards gets the type that `getcontenttype` tells (RFC 4918 §15.5),
    /// anybody else the version too.
    public let contentType: String

    /// Gives a card in the form that is wanted most; `nil` where the client takes none of those that
    /// the card can be given in.
    public init?(_ kept: [UInt8], _ wanted: CardNegotiation) {
        let version = CardVersion.declared(in: kept)
        let keptType =
            wanted.namesCards
            ? version.map { CardForm.text($0).contentType } ?? Self.plainType : Self.plainType
        switch wanted.choice(kept: version) {
        case .kept: (bytes, contentType) = (kept, keptType)
        case .none: return nil
        case .converted(let form):
            do {
                bytes = try Card(parsing: kept).rendered(as: form)
                contentType = form.contentType
            } catch {
                // What cannot be converted may be taken as it is.
                guard wanted.takesKept(version) else { return nil }
                (bytes, contentType) = (kept, keptType)
            }
        }
    }
}
