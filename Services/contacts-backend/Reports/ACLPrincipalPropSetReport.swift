import AddressBooks
import WebDAV

/// `DAV:acl-principal-prop-set` (RFC 3744 §9.2): properties of the principals that a resource's
/// access control list names, each once.
enum ACLPrincipalPropSetReport {
    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        try request.requireDepthZero()
        let asked = try PropertyRequest(report: body)
        return try Multistatus.response(request, store, asked) { multistatus in
            let hrefs = try multistatus.context.hrefs(of: AccessProperties.list, on: resource)
            var told: Set<String> = []
            for href in hrefs where told.insert(href).inserted {
                guard let principal = Location(href: href)?.resource(in: store) else { continue }
                try multistatus.add(principal)
            }
        }
    }
}
