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
        let matches = try QueryMatches(of: query.filter, in: book, store)
        return try Multistatus.response(request, store, query.request) { multistatus in
            var count = 0
            try matches.forEach { card, bytes in
                if let limit = query.limit, count >= limit {
                    try tellTruncation(of: book, to: multistatus)
                    return false
                }
                count += 1
                try multistatus.add(.card(card, in: book), card: bytes)
                return true
            }
        }
    }

    /// RFC 6352 §8.6.2: says on the book itself that there would be more.
    private static func tellTruncation(of book: Book, to multistatus: Multistatus) throws {
        try multistatus.add(
            href: Location.href(of: book.name),
            status: 507,
            condition: .dav("number-of-matches-within-limits")
        )
    }
}
