/// The body of `MKCOL` (RFC 5689 §5.1).
public struct ExtendedMkcol: Sendable {
    /// What to set on the new collection, the resource type included.
    public let properties: [XMLElement]
    /// The types that the new collection is to have.
    public let resourceTypes: [QualifiedName]

    /// Reads a body; none at all is a plain MKCOL.
    ///
    /// RFC 5689 §3 has the resource type in every body; one without is taken for a collection.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, or more than
    ///   ``PropertyRequest/maximumProperties`` properties.
    public init(_ body: XMLElement?) throws(Refusal) {
        guard let body else {
            properties = []
            resourceTypes = [.dav("collection")]
            return
        }
        guard body.name == .dav("mkcol") else {
            throw Refusal(400, reason: "MKCOL takes a DAV:mkcol, or no body")
        }
        properties = try PropertyRequest.limited(
            body.all(.dav("set")).flatMap { $0.all(.dav("prop")) }.flatMap(\.children)
        )
        let types = properties.filter { $0.name == .dav("resourcetype") }.flatMap(\.children)
        resourceTypes = types.isEmpty ? [.dav("collection")] : types.map(\.name)
    }
}
