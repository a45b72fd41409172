/// The body of `PROPFIND` (RFC 4918 §14.20).
public struct Propfind: Sendable {
    /// Which properties are wanted.
    public let request: PropertyRequest

    /// Reads a body; none at all means `allprop` (RFC 4918 §9.1).
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, for none or several of `prop`,
    ///   `allprop` and `propname` in it, for too many properties.
    public init(_ body: XMLElement?) throws(Refusal) {
        guard let body else {
            request = .all(include: [])
            return
        }
        guard body.name == .dav("propfind"), let request = try PropertyRequest(in: body) else {
            throw Refusal(
                400,
                reason: "PROPFIND takes a DAV:propfind with prop, allprop or propname in it"
            )
        }
        self.request = request
    }
}
