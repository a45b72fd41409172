import AddressBooks
import CardDAV
import WebDAV

/// `GET` and `HEAD` (RFC 9110 §9.3.1, §9.3.2): a card as it was stored, a book as all its cards.
///
/// A client that wants another version, or jCard, says so in `Accept` (RFC 6352 §5.1.1). The ETag is
/// that of the card as it is kept, whatever form is sent: it is what `getetag` says, and what the
/// client has to send in `If-Match`. `Vary` keeps caches from mixing the forms.
enum Get {
    /// What every card is served as. KDE and vdirsyncer look for `vcard` in it.
    static let cardType = NegotiatedCard.plainType

    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        switch request.location.resource(in: store) {
        case .card(let card, let book): return try self.card(card, in: book, request, store)
        case .book(let book): return try export(book, request, store)
        case nil: throw Refusal(404)
        default: throw Allowed.refusal(of: request.method, at: request.location)
        }
    }

    private static func card(
        _ card: Book.CardEntry,
        in book: Book,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        let etag = ETag(card)
        // Where only a walk over the history would tell, the card goes without a date.
        let modified = store.knownTimes(in: book)?.modified(card)
        var fields = fields(etag)
        if let modified {
            fields.append(("last-modified", HTTPDate.format(secondsSince1970: modified)))
        }
        let preconditions = try Preconditions(request)
        switch preconditions.outcome(etag, store.state, modified: modified) {
        case .notModified: return Response(304, fields)
        case .failed: throw Refusal(412, reason: "the card's ETag is \(etag.description)")
        case .proceed: break
        }
        let wanted = CardNegotiation(accept: request.header("accept"))
        guard let given = NegotiatedCard(try store.bytes(of: card), wanted) else {
            throw Refusal.notAcceptable
        }
        return Response(
            200,
            fields + [(name: "content-type", value: given.contentType)],
            content: .bytes(given.bytes)
        )
    }

    /// What every representation tells of itself: it depends on the form asked for (RFC 9110
    /// §12.5.5). Ranges are not served (RFC 9110 §14.3): cards are small, and a `Range` is passed
    /// over.
    private static func fields(_ etag: ETag) -> [(name: String, value: String)] {
        [
            (name: "etag", value: etag.description), (name: "vary", value: "Accept"),
            (name: "accept-ranges", value: "none"),
        ]
    }

    /// All cards of a book, one after the other; each ends with a line end. As jCard they are one
    /// array (RFC 7095 §3.2).
    private static func export(
        _ book: Book,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        let etag = ETag(book)
        let fields = fields(etag)
        switch try Preconditions(request).outcome(etag, store.state) {
        case .notModified: return Response(304, fields)
        case .failed: throw Refusal(412)
        case .proceed: break
        }
        let isHead = request.method == "HEAD"
        let export = try CardExport(CardNegotiation(accept: request.header("accept")))
        return Response(
            200,
            fields + [(name: "content-type", value: export.contentType)],
            content: .stream { body in
                if isHead { return }
                var export = export
                for card in book.cards {
                    try body.write(export.next(try store.bytes(of: card)))
                }
                try body.write(export.end)
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

extension ETag {
    /// The ETag of a book: the id of all that it holds.
    init(_ book: Book) {
        self.init(opaque: book.contentID.text, isWeak: false)
    }
}
