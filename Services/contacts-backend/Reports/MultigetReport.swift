import AddressBooks
import CardDAV
import WebDAV

/// `CARDDAV:addressbook-multiget` (RFC 6352 §8.7): the cards that the client names.
///
/// Any Depth is taken: clients send 0, 1 or none. One response for each href, in the order asked:
/// Evolution matches them by walking its list, vdirsyncer misses what is not answered.
enum MultigetReport {
    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: AddressBookStore
    ) throws -> Response {
        guard case .book(let book) = resource else { throw Refusal.supportedReport }
        let asked = try AddressbookMultiget(body)
        return try Multistatus.response(request, store, asked.request) { multistatus in
            for href in asked.hrefs {
                if let card = card(href, in: book) {
                    try multistatus.add(.card(card, in: book))
                } else {
                    try multistatus.add(href: href, status: 404)
                }
            }
        }
    }

    /// The card that an href names, in whatever spelling: `@` or `%40`, a path or a whole URL, even
    /// one with a user's name in it, as KDE sends.
    private static func card(_ href: String, in book: Book) -> Book.CardEntry? {
        do {
            let location = try Location(RequestPath(href))
            guard case .card(let name, book.name) = location else { return nil }
            return book.card(named: name)
        } catch {
            return nil
        }
    }
}
