/// The body of the `sync-collection` report (RFC 6578 §6.1).
public struct SyncCollection: Sendable {
    /// The token that the client has; `nil` for one that has none yet.
    public let token: String?
    /// Whether members at every depth are meant, and not the collection's own alone (RFC 6578 §3.3).
    public let isInfinite: Bool
    /// The most changes that the client takes at once (RFC 6578 §3.7 with RFC 5323 §5.17).
    public let limit: Int?
    /// Which properties of what changed are wanted.
    public let request: PropertyRequest

    /// Reads a body.
    ///
    /// A missing `sync-level` is taken for 1: drafts of the report had none.
    ///
    /// - Throws: ``Refusal`` with status 400 for another root, a level that is none, or a limit that
    ///   is no number.
    public init(_ body: XMLElement) throws(Refusal) {
        guard body.name == .dav("sync-collection") else {
            throw Refusal(400, reason: "the report takes a DAV:sync-collection")
        }
        switch body.first(.dav("sync-level"))?.trimmedText.lowercased() {
        case nil, "1": isInfinite = false
        case "infinite", "infinity": isInfinite = true
        default: throw Refusal(400, reason: "sync-level is 1 or infinite")
        }
        let text = body.first(.dav("sync-token"))?.trimmedText ?? ""
        token = text.isEmpty ? nil : text
        limit = try ResultLimit.read(body.first(.dav("limit")), .dav("nresults"))
        request = try PropertyRequest(report: body)
    }
}
