import AddressBooks
import WebDAV

/// `GET` and `HEAD` (RFC 9110 §9.3.1, §9.3.2): a card as it was stored, a book as all its cards.
enum Get {
    /// What every card is served as. KDE and vdirsyncer look for `vcard` in it.
    static let cardType = "text/vcard; charset=utf-8"

    @Sendable static func answer(
        _ request: Request,
        _ store: AddressBookStore
    ) throws -> Response {
        switch request.location.resource(in: store) {
        case .card(let card, _): return try self.card(card, request, store)
        case .book(let book): return try export(book, request, store)
        case nil: throw Refusal(404)
        default: throw Allowed.refusal(of: request.method, at: request.location)
        }
    }

    private static func card(
        _ card: Book.CardEntry,
        _ request: Request,
        _ store: AddressBookStore
    ) throws -> Response {
        let etag = ETag(card)
        let fields = [(name: "etag", value: etag.description)]
        switch try request.conditions().evaluate(current: etag, isRead: true) {
        case .notModified: return Response(304, fields)
        case .failed: throw Refusal(412, reason: "the card's ETag is \(etag.description)")
        case .proceed: break
        }
        let bytes = try store.bytes(of: card)
        return Response(
            200,
            fields + [(name: "content-type", value: cardType)],
            content: .bytes(bytes)
        )
    }

    /// All cards of a book, one after the other; each ends with a line end.
    private static func export(
        _ book: Book,
        _ request: Request,
        _ store: AddressBookStore
    ) throws -> Response {
        let etag = ETag(opaque: book.contentID.text, isWeak: false)
        let fields = [(name: "etag", value: etag.description)]
        switch try request.conditions().evaluate(current: etag, isRead: true) {
        case .notModified: return Response(304, fields)
        case .failed: throw Refusal(412)
        case .proceed: break
        }
        let isHead = request.method == "HEAD"
        return Response(
            200,
            fields + [(name: "content-type", value: cardType)],
            content: .stream { body in
                if isHead { return }
                for card in book.cards {
                    var bytes = try store.bytes(of: card)
                    if bytes.last != 0x0A { bytes += [0x0D, 0x0A] }
                    try body.write(bytes)
                }
            }
        )
    }
}

extension ETag {
    /// The ETag of a card: the id of its bytes, strong, without a quote or a backslash in it.
    init(_ card: Book.CardEntry) {
        self.init(opaque: card.etag.text, isWeak: false)
    }
}
