import AddressBooks
import WebDAV

/// `PROPFIND` (RFC 4918 §9.1), Depth 0 and 1.
///
/// Depth infinity is refused with the condition that the RFC has for it; a request without the
/// header is taken for Depth 0, unless the client asks to be taken by its word
/// (`Prefer: handling=strict`).
enum PropfindMethod {
    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        // RFC 4918 §10.2 takes a missing header for infinity; clients that leave it out want 0.
        let preferences = request.preferences
        let depth = try request.depth(default: preferences.isStrict ? .infinity : .zero)
        guard depth != .infinity else { throw Refusal.propfindFiniteDepth }
        try Preconditions.checkIfHeader(of: request, store)
        let asked = try Propfind(request.xml())
        guard let resource = request.location.resource(in: store) else { throw Refusal(404) }
        let omitsRoot = preferences.omitsRoot && depth == .one
        return try Multistatus.response(
            request,
            store,
            asked.request,
            applied: omitsRoot ? ["depth-noroot"] : []
        ) { multistatus in
            if !omitsRoot { try multistatus.add(resource) }
            if depth == .one {
                for member in members(of: resource, store) { try multistatus.add(member) }
            }
        }
    }

    /// What is directly in a collection, found while it is walked.
    static func members(of resource: Resource, _ store: VisibleBooks) -> Members {
        switch resource {
        case .root: Members(few: [.principals, .home(store.home)])
        case .principals: Members(few: [.principal])
        case .principal, .card: Members(few: [])
        case .home(let home): Members(few: home.books.map { .book($0) })
        case .book(let book): Members(cards: book)
        }
    }

    /// Walks the members of a collection without making a list of a book's cards.
    struct Members: Sequence, IteratorProtocol {
        private var few: ArraySlice<Resource> = []
        private var book: Book?
        private var cards: Book.Cards.Iterator?

        init(few: [Resource]) { self.few = few[...] }

        init(cards book: Book) {
            self.book = book
            cards = book.cards.makeIterator()
        }

        mutating func next() -> Resource? {
            if let book { return cards?.next().map { .card($0, in: book) } }
            return few.popFirst()
        }
    }
}
