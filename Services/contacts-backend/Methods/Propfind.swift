import AddressBooks
import WebDAV

/// `PROPFIND` (RFC 4918 §9.1), Depth 0 and 1.
///
/// Depth infinity is refused with the condition that the RFC has for it; a request without the
/// header is taken for Depth 0 on a card and refused likewise elsewhere only where it says infinity.
enum PropfindMethod {
    @Sendable static func answer(
        _ request: Request,
        _ store: AddressBookStore
    ) throws -> Response {
        // RFC 4918 §10.2 takes a missing header for infinity; clients that leave it out want 0.
        let depth = try request.depth(default: .zero)
        guard depth != .infinity else { throw Refusal.propfindFiniteDepth }
        let asked = try Propfind(request.xml())
        guard let resource = request.location.resource(in: store) else { throw Refusal(404) }
        return try Multistatus.response(request, store, asked.request) { multistatus in
            try multistatus.add(resource)
            if depth == .one { try addMembers(of: resource, store, to: multistatus) }
        }
    }

    private static func addMembers(
        of resource: Resource,
        _ store: AddressBookStore,
        to multistatus: Multistatus
    ) throws {
        switch resource {
        case .root:
            try multistatus.add(.principals)
            try multistatus.add(.home(store.home))
        case .principals: try multistatus.add(.principal)
        case .principal, .card: return
        case .home(let home):
            for book in home.books { try multistatus.add(.book(book)) }
        case .book(let book):
            for card in book.cards { try multistatus.add(.card(card, in: book)) }
        }
    }
}
