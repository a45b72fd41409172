public import WebDAV

/// The body of `addressbook-multiget` (RFC 6352 §10.7).
public struct AddressbookMultiget: Sendable {
    /// Which properties of the cards are wanted.
    public let request: PropertyRequest
    /// The cards, as the client spelled them, in its order.
    public let hrefs: [String]

    /// Reads a body.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, or where no card is named.
    public init(_ body: XMLElement) throws(Refusal) {
        guard body.name == .carddav("addressbook-multiget") else {
            throw Refusal(400, reason: "the report takes a CARDDAV:addressbook-multiget")
        }
        request = try PropertyRequest(report: body)
        hrefs = body.all(.dav("href")).map(\.trimmedText)
        guard !hrefs.isEmpty else {
            throw Refusal(400, reason: "addressbook-multiget names at least one href")
        }
    }
}
