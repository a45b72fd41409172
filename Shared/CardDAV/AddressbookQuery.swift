public import WebDAV

/// The body of `addressbook-query` (RFC 6352 §10.3).
public struct AddressbookQuery: Sendable {
    /// Which properties of the matches are wanted.
    public let request: PropertyRequest
    /// Which cards match.
    public let filter: Filter
    /// The most matches that the client takes (RFC 6352 §10.6).
    public let limit: Int?

    /// Reads a body; one without a filter asks for every card (Evolution, Roundcube).
    ///
    /// - Throws: ``Refusal``, as ``Filter/init(_:)`` does, or with status 400 for another root or a
    ///   wrong limit.
    public init(_ body: XMLElement) throws(Refusal) {
        guard body.name == .carddav("addressbook-query") else {
            throw Refusal(400, reason: "the report takes a CARDDAV:addressbook-query")
        }
        request = try PropertyRequest(report: body)
        filter =
            try body.first(.carddav("filter"))
            .map { element throws(Refusal) in try Filter(element) } ?? .everything
        limit = try ResultLimit.read(body.first(.carddav("limit")), .carddav("nresults"))
    }
}
