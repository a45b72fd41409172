import AddressBooks
import CardDAV
import WebDAV

/// `CARDDAV:addressbook-query` (RFC 6352 §8.6): the cards that a filter matches.
enum QueryReport {
    /// RFC 6352 §8.3: what text is compared by.
    static let collations = ["i;ascii-casemap", "i;unicode-casemap", "i;octet"]

    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: AddressBookStore
    ) throws -> Response {
        guard case .book(let book) = resource else { throw Refusal.supportedReport }
        let query = try AddressbookQuery(body)
        return try Multistatus.response(request, store, query.request) { multistatus in
            try add(query, book, store, to: multistatus)
        }
    }

    private static func add(
        _ query: AddressbookQuery,
        _ book: Book,
        _ store: AddressBookStore,
        to multistatus: Multistatus
    ) throws {
        var count = 0
        for card in book.cards {
            var bytes: [UInt8]?
            if !query.filter.matchesEverything {
                let read = try store.bytes(of: card)
                guard query.filter.matches(read) else { continue }
                bytes = read
            }
            if let limit = query.limit, count >= limit {
                // RFC 6352 §8.6.2: says on the book itself that there would be more.
                try multistatus.add(
                    href: Location.href(of: book.name),
                    status: 507,
                    condition: .dav("number-of-matches-within-limits")
                )
                return
            }
            count += 1
            try multistatus.add(.card(card, in: book), card: bytes)
        }
    }
}
