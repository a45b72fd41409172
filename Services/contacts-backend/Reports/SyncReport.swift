import AddressBooks
import WebDAV

/// `DAV:sync-collection` (RFC 6578 §3.2): what changed in a book since a token.
///
/// Depth 0 is what RFC 6578 §3.2 demands, 1 is what Thunderbird sends: both are answered. Nothing is
/// cut off unless the client asks for a limit: Thunderbird does not come back for the rest. A home
/// has no token of its own and does not list the report; both levels mean the same on a book, which
/// has no collections in it.
enum SyncReport {
    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        guard case .book(let book) = resource else { throw Refusal.supportedReport }
        let depth = try request.depth(default: .zero)
        guard depth == .zero || (depth == .one && !request.preferences.isStrict) else {
            throw Refusal(400, reason: "sync-collection is asked with Depth 0; see sync-level")
        }
        let asked = try SyncCollection(body)
        var position: SyncPosition?
        if let token = asked.token {
            guard let known = SyncToken.position(token) else { throw invalidToken(request) }
            position = known
        }
        guard let changes = try store.changes(in: book, since: position, limit: asked.limit) else {
            throw invalidToken(request)
        }
        // RFC 6578 §3.7: no page is small enough, and none would lead further.
        if changes.isTruncated, changes.cards.isEmpty { throw Refusal.numberOfMatchesWithinLimits }
        return try Multistatus.response(request, store, asked.request) { multistatus in
            try tell(changes, of: book, to: multistatus)
        }
    }

    /// RFC 6578 §3.2 names the condition, RFC 4918 §16 the status 403. Thunderbird starts again on
    /// 400 alone, and on 403 fails at every interval for ever; what calls itself so without a version
    /// is an add-on of its own.
    private static func invalidToken(_ request: Request) -> Refusal {
        let isThunderbird = request.header("user-agent")?.contains("Thunderbird/") ?? false
        return isThunderbird ? Refusal(400, .dav("valid-sync-token")) : .validSyncToken
    }

    private static func tell(
        _ changes: SyncChanges,
        of book: Book,
        to multistatus: Multistatus
    ) throws {
        let bookHref = Location.href(of: book.name)
        for (name, etag) in changes.cards {
            if let etag {
                let card = Book.CardEntry(name: name, etag: etag)
                try multistatus.add(.card(card, in: book))
            } else {
                try multistatus.add(href: bookHref + Location.segment(name), status: 404)
            }
        }
        if changes.isTruncated {
            // RFC 6578 §3.6: the request's own URL tells that there is more.
            try multistatus.add(
                href: bookHref,
                status: 507,
                condition: .dav("number-of-matches-within-limits")
            )
        }
        multistatus.add(syncToken: SyncToken.text(of: changes.position))
    }
}
