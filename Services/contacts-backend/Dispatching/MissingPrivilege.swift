import AddressBooks
import WebDAV

extension Refusal {
    /// The answer to somebody who lacks a privilege: which, and on what (RFC 3744 §7.1.1).
    ///
    /// Appendix B has members come and go by a privilege on their collection: what a method lacks on
    /// the resource itself is said in the dispatch table, what it lacks on the one above here.
    static func needPrivileges(
        for request: Request,
        _ privilege: QualifiedName,
        in store: AddressBookStore
    ) -> Refusal {
        let location = request.location
        switch (request.method, location) {
        case ("PUT", .card) where location.resource(in: store) == nil:
            return needPrivileges(href: location.collectionHref, privilege: .dav("bind"))
        case ("DELETE", _), ("MKCOL", _):
            return needPrivileges(href: location.collectionHref, privilege: privilege)
        default: return needPrivileges(href: location.hrefForErrors, privilege: privilege)
        }
    }
}

extension Location {
    /// The collection that this place is in.
    fileprivate var collectionHref: String {
        switch self {
        case .card(_, let book): Self.href(of: book)
        case .book: Self.homeHref
        case .principal: Self.principalsHref
        case .root, .principals, .home, .nowhere: Self.rootHref
        }
    }
}
