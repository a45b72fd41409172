import AddressBooks
import WebDAV

/// `DAV:principal-match` (RFC 3744 §9.3): what in a collection, at any depth, is or belongs to
/// whoever asks.
enum PrincipalMatchReport {
    /// The most members that one report looks at; an answer that ends there says so.
    private static let maximumMembers = 100_000

    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        try request.requireDepthZero()
        let asked = try PrincipalMatch(body)
        return try Multistatus.response(request, store, asked.request ?? .some([])) { multistatus in
            func tell(_ member: Resource) throws {
                if asked.request == nil {
                    try multistatus.add(href: member.href, status: 200)
                } else {
                    try multistatus.add(member)
                }
            }
            switch asked.criterion {
            case .isSelf: if resource.holdsPrincipal { try tell(.principal) }
            case .isNamed(let name):
                // A property that is not live here names nobody.
                guard let property = PropertyTable.live[name] else { return }
                try tellMembers(of: resource, namedBy: property, store, multistatus, tell)
            }
        }
    }

    private static func tellMembers(
        of resource: Resource,
        namedBy property: Property,
        _ store: VisibleBooks,
        _ multistatus: Multistatus,
        _ tell: (Resource) throws -> Void
    ) throws {
        var seen = 0
        try forEachMember(of: resource, store) { member in
            seen += 1
            guard seen <= maximumMembers else {
                try multistatus.add(
                    href: resource.href,
                    status: 507,
                    condition: .dav("number-of-matches-within-limits")
                )
                return false
            }
            let hrefs = try multistatus.context.hrefs(of: property, on: member)
            if hrefs.contains(Location.principalHref) { try tell(member) }
            return true
        }
    }

    /// Calls for each member at any depth until `body` returns false, and says whether it went to
    /// the end.
    @discardableResult
    private static func forEachMember(
        of resource: Resource,
        _ store: VisibleBooks,
        _ body: (Resource) throws -> Bool
    ) throws -> Bool {
        for member in PropfindMethod.members(of: resource, store) {
            guard try body(member), try forEachMember(of: member, store, body) else {
                return false
            }
        }
        return true
    }
}
