import AddressBooks
import CardDAV
import WebDAV

/// `CARDDAV:addressbook-multiget` (RFC 6352 §8.7): the cards that the client names.
///
/// Any Depth is taken: clients send 0, 1 or none. One response for each href, in the order asked:
/// Evolution matches them by walking its list, vdirsyncer misses what is not answered. An href that
/// names no card, or one outside of what the request's URL names, is answered with 404.
enum MultigetReport {
    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        guard let scope = ReportScope(resource) else { throw Refusal.supportedReport }
        let asked = try AddressbookMultiget(body)
        let books = Dictionary(scope.books.map { ($0.name, $0) }) { first, _ in first }
        return try Multistatus.response(request, store, asked.request) { multistatus in
            for href in asked.hrefs {
                if let (card, book) = card(href, in: books), scope.card.map({ $0 == card }) ?? true
                {
                    try multistatus.add(.card(card, in: book))
                } else {
                    try multistatus.add(href: href, status: 404)
                }
            }
        }
    }

    /// The card that an href names, in whatever spelling: `@` or `%40`, a path or a whole URL, even
    /// one with a user's name in it, as KDE sends.
    ///
    /// Which host a URL names is not looked at: behind a proxy it need not be the one that the
    /// request came with.
    private static func card(
        _ href: String,
        in books: [BookName: Book]
    ) -> (Book.CardEntry, Book)? {
        do {
            let location = try Location(RequestPath(href))
            guard case .card(let name, let bookName) = location, let book = books[bookName] else {
                return nil
            }
            return book.card(named: name).map { ($0, book) }
        } catch {
            return nil
        }
    }
}
