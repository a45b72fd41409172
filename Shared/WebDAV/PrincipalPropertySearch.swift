/// The body of the `principal-property-search` report (RFC 3744 §9.4).
public struct PrincipalPropertySearch: Sendable {
    /// One condition: each of these properties has the text in it.
    public struct Clause: Sendable, Equatable {
        /// The properties.
        public let properties: [QualifiedName]
        /// The text, without white space around it.
        public let text: String
    }

    /// The conditions, all of which must hold.
    public let clauses: [Clause]
    /// Which properties of the matches are wanted; `nil` where their hrefs are enough.
    public let request: PropertyRequest?
    /// Whether the principal collections are searched, and not the collection of the request.
    public let appliesToPrincipalCollections: Bool

    /// Reads a body.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, no condition, one without a property
    ///   or without a text, or more than ``PropertyRequest/maximumProperties`` properties in all.
    public init(_ body: XMLElement) throws(Refusal) {
        guard body.name == .dav("principal-property-search") else {
            throw Refusal(400, reason: "the report takes a DAV:principal-property-search")
        }
        var clauses: [Clause] = []
        for element in body.all(.dav("property-search")) {
            clauses.append(try Self.clause(element))
        }
        guard !clauses.isEmpty else {
            throw Refusal(400, reason: "at least one DAV:property-search")
        }
        _ = try PropertyRequest.limited(clauses.flatMap(\.properties))
        self.clauses = clauses
        request = try PropertyRequest(in: body)
        appliesToPrincipalCollections = body.first(.dav("apply-to-principal-collection-set")) != nil
    }

    private static func clause(_ element: XMLElement) throws(Refusal) -> Clause {
        let properties = element.all(.dav("prop")).flatMap(\.children).map(\.name)
        guard !properties.isEmpty, let match = element.first(.dav("match")) else {
            throw Refusal(400, reason: "DAV:property-search has a DAV:prop and a DAV:match")
        }
        return Clause(properties: properties, text: match.trimmedText)
    }
}
