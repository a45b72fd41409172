/// The body of the `principal-match` report (RFC 3744 §9.3).
public struct PrincipalMatch: Sendable {
    /// What makes a member of the collection a match.
    public enum Criterion: Sendable, Equatable {
        /// It is the principal of whoever asks.
        case isSelf
        /// This property of it names the principal of whoever asks.
        case isNamed(by: QualifiedName)
    }

    /// What is looked for.
    public let criterion: Criterion
    /// Which properties of the matches are wanted; `nil` where their hrefs are enough.
    public let request: PropertyRequest?

    /// Reads a body.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, or for none or several criteria.
    public init(_ body: XMLElement) throws(Refusal) {
        guard body.name == .dav("principal-match") else {
            throw Refusal(400, reason: "the report takes a DAV:principal-match")
        }
        let properties = body.all(.dav("principal-property")).flatMap(\.children).map(\.name)
        switch (body.first(.dav("self")), properties.count) {
        case (.some, 0) where body.first(.dav("principal-property")) == nil: criterion = .isSelf
        case (nil, 1): criterion = .isNamed(by: properties[0])
        default:
            throw Refusal(400, reason: "DAV:self, or DAV:principal-property with one property")
        }
        request = try PropertyRequest(in: body)
    }
}
