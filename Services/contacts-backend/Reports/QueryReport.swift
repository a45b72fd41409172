import AddressBooks
import CardDAV
import WebDAV

/// `CARDDAV:addressbook-query` (RFC 6352 §8.6): the cards that a filter matches, of a book, of all
/// books of the home, or of a card by itself.
///
/// On a book any Depth means its cards: Evolution asks with 0. On the home 1 and infinity mean the
/// cards of all books (§8.2), and 0, also where the header is missing (RFC 3253 §3.6), means the home
/// alone, which is no card.
enum QueryReport {
    /// RFC 6352 §8.3: what text is compared by.
    static let collations = ["i;ascii-casemap", "i;unicode-casemap", "i;octet"]

    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        guard let scope = ReportScope(resource) else { throw Refusal.supportedReport }
        let depth = try request.depth(default: .zero)
        let query = try AddressbookQuery(body)
        let matches = try matches(of: query.filter, in: scope, resource, depth, store)
        return try Multistatus.response(request, store, query.request) { multistatus in
            var count = 0
            for matches in matches {
                var hasRoom = true
                try matches.forEach { card, bytes in
                    hasRoom = query.limit.map { count < $0 } ?? true
                    guard hasRoom else { return false }
                    count += 1
                    try multistatus.add(.card(card, in: matches.book), card: bytes)
                    return true
                }
                guard hasRoom else { return try tellTruncation(of: scope, to: multistatus) }
            }
        }
    }

    private static func matches(
        of filter: Filter,
        in scope: ReportScope,
        _ resource: Resource,
        _ depth: Depth,
        _ store: VisibleBooks
    ) throws -> [QueryMatches] {
        if case .home = resource, depth == .zero { return [] }
        if let card = scope.card {
            return scope.books.map { QueryMatches(of: filter, among: card, in: $0, store) }
        }
        return try scope.books.map { try QueryMatches(of: filter, in: $0, store) }
    }

    /// RFC 6352 §8.6.2: says on the request's own URL that there would be more.
    private static func tellTruncation(
        of scope: ReportScope,
        to multistatus: Multistatus
    ) throws {
        try multistatus.add(
            href: scope.href,
            status: 507,
            condition: .dav("number-of-matches-within-limits")
        )
    }
}
