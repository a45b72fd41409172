public import WebDAV

/// The body of `addressbook-query` (RFC 6352 §10.3).
public struct AddressbookQuery: Sendable {
    /// Which properties of the matches are wanted.
    public let request: PropertyRequest
    /// Which cards match.
    public let filter: Filter
    /// The most matches that the client takes.
    public let limit: Int?

    /// Reads a body; one without a filter asks for every card (Evolution, Roundcube).
    ///
    /// - Throws: ``Refusal``, as ``Filter/init(_:)`` does, or with status 400 for a wrong limit.
    public init(_ body: XMLElement) throws(Refusal) {
        request = try PropertyRequest(report: body)
        filter = try body.first(.carddav("filter"))
            .map { element throws(Refusal) in try Filter(element) } ?? .everything
        limit = try SyncCollection.limit(
            body.first(.carddav("limit")), name: .carddav("nresults"))
    }
}

/// The body of `addressbook-multiget` (RFC 6352 §10.7).
public struct AddressbookMultiget: Sendable {
    /// Which properties of the cards are wanted.
    public let request: PropertyRequest
    /// The cards, as the client spelled them, in its order.
    public let hrefs: [String]

    /// Reads a body.
    ///
    /// - Throws: ``Refusal`` with status 400 where no card is named.
    public init(_ body: XMLElement) throws(Refusal) {
        request = try PropertyRequest(report: body)
        hrefs = body.all(.dav("href")).map(\.trimmedText)
        guard !hrefs.isEmpty else {
            throw Refusal(400, reason: "addressbook-multiget names at least one href")
        }
    }
}
