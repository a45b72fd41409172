import AddressBooks
import WebDAV

/// What `COPY` and `MOVE` share (RFC 4918 §9.8, §9.9). Each is one commit, so that there is no
/// 207: all is done or nothing.
enum CopyMove {
    static func answer(
        _ transfer: Transfer,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        let mayReplace = try Destination.mayOverwrite(request.header("overwrite"))
        switch request.location {
        case .card(let card, let book):
            let preconditions = try request.preconditions(store)
            let target = try target(of: request, isBook: false, in: store)
            guard case .card(let newCard, let newBook) = target else {
                throw Refusal.addressbookCollectionLocationOK
            }
            let stored = try naming(newBook) {
                try store.transfer(
                    transfer,
                    (card, book),
                    to: (newCard, newBook),
                    mayReplace: mayReplace,
                    by: request.author,
                    if: preconditions.check
                )
            }
            let href = Location.href(of: newBook) + Location.segment(newCard)
            return try Representation.answer(stored, at: href, request, store)
        case .book(let book):
            let preconditions = try request.preconditions(store)
            let depth = try depth(of: transfer, request)
            guard case .book(let newBook) = try target(of: request, isBook: true, in: store) else {
                throw Refusal.addressbookCollectionLocationOK
            }
            let isNew = try store.transfer(
                transfer,
                book,
                to: newBook,
                withCards: depth == .infinity,
                mayReplace: mayReplace,
                by: request.author,
                if: preconditions.check
            )
            return Response(isNew ? 201 : 204, content: isNew ? .bytes([]) : .none)
        case .nowhere: throw Refusal(404)
        default: throw Allowed.refusal(of: request.method, at: request.location)
        }
    }

    /// RFC 4918 §9.8.3, §9.9.2.
    private static func depth(of transfer: Transfer, _ request: Request) throws(Refusal) -> Depth {
        let depth = try request.depth(default: .infinity)
        switch (transfer, depth) {
        case (_, .infinity), (.copy, .zero): return depth
        case (.copy, _): throw Refusal(400, reason: "a book is copied with Depth 0 or infinity")
        case (.move, _): throw Refusal(400, reason: "a book is moved with Depth infinity")
        }
    }

    /// Where to.
    ///
    /// - Throws: ``Refusal``: 403 for the source itself (RFC 4918 §9.8.5), for a place where no book
    ///   or card can lie and for one that may not be written to, 409 for one below what is not
    ///   there, and what ``Destination`` throws.
    private static func target(
        of request: Request,
        isBook: Bool,
        in books: VisibleBooks
    ) throws(Refusal) -> Location {
        let path = try Destination.path(
            request.header("destination"),
            authority: request.authority
        )
        let target = try Location(path)
        guard target != request.location else {
            throw Refusal(403, reason: "the source is the destination")
        }
        if case .nowhere = target, !isBook, path.segments.starts(with: ["dav", "addressbooks"]) {
            throw Refusal(409, reason: "cards lie at /dav/addressbooks/<book>/<card>.vcf")
        }
        try request.requirePrivileges(at: target, in: books)
        return target
    }

    /// Tells a UID's holder by its place in the book that the card was to come into.
    private static func naming<Value>(_ book: BookName, _ body: () throws -> Value) throws -> Value
    {
        do {
            return try body()
        } catch AddressBookError.uidConflict(let holder) {
            throw Refusal.noUIDConflict(Location.href(of: book) + Location.segment(holder))
        }
    }
}
