import AddressBooks
import WebDAV

/// `DELETE` (RFC 9110 §9.3.5, RFC 4918 §9.6): a card, or a book with all its cards.
enum Delete {
    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        switch request.location {
        case .card(let name, let book):
            let preconditions = try request.preconditions(store)
            try store.delete(name, in: book, by: request.author, if: preconditions.check)
        case .book(let book):
            // RFC 4918 §9.6.1: a collection is deleted as with Depth infinity, and only so.
            guard try request.depth(default: .infinity) == .infinity else {
                throw Refusal(400, reason: "a book is deleted with all its cards: Depth infinity")
            }
            let preconditions = try request.preconditions(store)
            try store.deleteBook(book, by: request.author, if: preconditions.check)
        case .nowhere: throw Refusal(404)
        default: throw Allowed.refusal(of: request.method, at: request.location)
        }
        return Response(204)
    }
}
