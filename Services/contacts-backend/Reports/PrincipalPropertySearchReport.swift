import AddressBooks
import WebDAV

/// `DAV:principal-property-search` (RFC 3744 §9.4): the principals whose properties have some texts
/// in them.
///
/// Users learn nothing of each other: the one principal that there is to find is whoever asks.
enum PrincipalPropertySearchReport {
    /// What can be searched, and what it is, in English; told by
    /// ``PrincipalSearchPropertySetReport``.
    static let searchable: [(name: QualifiedName, description: String)] = [
        (.dav("displayname"), "Name")
    ]

    @Sendable static func answer(
        _ body: XMLElement,
        _ resource: Resource,
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        try request.requireDepthZero()
        let asked = try PrincipalPropertySearch(body)
        let isInScope = asked.appliesToPrincipalCollections || resource.holdsPrincipal
        let isFound = isInScope && asked.clauses.allSatisfy { isMet($0, by: request.author.user) }
        return try Multistatus.response(request, store, asked.request ?? .some([])) { multistatus in
            guard isFound else { return }
            if asked.request == nil {
                try multistatus.add(href: Location.principalHref, status: 200)
            } else {
                try multistatus.add(.principal)
            }
        }
    }

    /// Whether a user's name has the text in it, whatever the case of letters; what cannot be
    /// searched matches nobody.
    private static func isMet(_ clause: PrincipalPropertySearch.Clause, by name: String) -> Bool {
        let isSearchable = clause.properties.allSatisfy { property in
            searchable.contains { $0.name == property }
        }
        let text = Array(clause.text.lowercased().utf8)
        return isSearchable && (text.isEmpty || contains(Array(name.lowercased().utf8), text))
    }

    /// A user's name has 64 bytes at the most, so that a plain search is quick.
    private static func contains(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
        guard bytes.count >= text.count else { return false }
        return (0...(bytes.count - text.count)).contains { start in
            bytes[start..<(start + text.count)].elementsEqual(text)
        }
    }
}

extension Resource {
    /// Whether the principal is a member of this, at any depth.
    var holdsPrincipal: Bool {
        switch self {
        case .root, .principals: true
        case .principal, .home, .book, .card: false
        }
    }
}
