public import VCard

extension CardForm {
    /// The media type without its parameters (RFC 6350 §10.1, RFC 7095 §8.1).
    public var mediaType: String {
        switch self {
        case .text: "text/vcard"
        case .jCard: "application/vcard+json"
        }
    }

    /// The version of vCard that it is.
    public var version: String {
        switch self {
        case .text(let version): version.rawValue
        case .jCard: CardVersion.v4_0.rawValue
        }
    }

    /// The `Content-Type` of a card in this form. JSON is UTF-8 and has no `charset` (RFC 8259 §11).
    public var contentType: String {
        switch self {
        case .text: "\(mediaType); charset=utf-8; version=\(version)"
        case .jCard: "\(mediaType); version=\(version)"
        }
    }
}
