import AddressBooks
import WebDAV

/// `POST` (RFC 5995): adds a card to a book, under a name of the server's choice.
///
/// The URI told as `DAV:add-member` is the book's own with a query that changes nothing, so that
/// clients may post to either.
enum Post {
    /// The path to post to.
    static func href(of book: BookName) -> String { Location.href(of: book) + "?add-member" }

    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        guard case .book(let book) = request.location else {
            if case .nowhere = request.location { throw Refusal(404) }
            throw Allowed.refusal(of: request.method, at: request.location)
        }
        guard store.book(book) != nil else { throw Refusal(404) }
        let preconditions = try request.preconditions(store)
        let bytes = try Put.card(in: request)
        let stored = try store.add(bytes, to: book, by: request.author, if: preconditions.check)
        let href = Location.href(of: book) + Location.segment(stored.card.name)
        return try Representation.answer(stored, at: href, request, store, [("location", href)])
    }
}
