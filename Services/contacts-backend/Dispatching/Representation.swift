import AddressBooks
import WebDAV

/// Cards told along with the answer to a write, for clients that would ask for them next
/// (`Prefer: return=representation`, RFC 8144 §3).
enum Representation {
    /// The answer to a write that did what was asked: the card as it is stored now, where that is
    /// wanted, else its ETag only where the bytes are those that came (RFC 6352 §6.3.2.3).
    static func answer(
        _ stored: Stored,
        at href: String,
        _ request: Request,
        _ store: VisibleBooks,
        _ fields: [(name: String, value: String)] = []
    ) throws -> Response {
        let preferences = request.preferences
        guard preferences.extent == .representation else {
            var response = Response(
                stored.isNew ? 201 : 204,
                fields,
                content: stored.isNew ? .bytes([]) : .none
            )
            if stored.keptBytes { response.fields.append(("etag", ETag(stored.card).description)) }
            return response
        }
        return Response(
            stored.isNew ? 201 : 200,
            fields + self.fields(of: stored.card, at: href),
            content: .bytes(try store.bytes(of: stored.card))
        )
    }

    /// The answer to a write whose conditions did not hold: the card that it was about as it is now
    /// (RFC 8144 §3.2); `nil` where that is not wanted, or nothing is there.
    static func answer(
        toFailureOf request: Request,
        _ store: VisibleBooks
    ) throws -> Response? {
        guard ["PUT", "DELETE", "COPY", "MOVE"].contains(request.method),
            request.preferences.extent == .representation,
            // Then it may not be the condition that failed, but what lies at the destination.
            try Destination.mayOverwrite(request.header("overwrite")),
            case .card(let card, let book) = request.location.resource(in: store)
        else { return nil }
        return Response(
            412,
            fields(of: card, at: Resource.card(card, in: book).href),
            content: .bytes(try store.bytes(of: card))
        )
    }

    private static func fields(
        of card: Book.CardEntry,
        at href: String
    ) -> [(name: String, value: String)] {
        [
            ("content-type", Get.cardType), ("content-location", href),
            ("etag", ETag(card).description),
            (Preferences.appliedField, "return=representation"),
        ]
    }
}

extension Preferences {
    /// The field that tells which preferences were kept (RFC 7240 §3).
    static let appliedField = "preference-applied"

    /// The fields of an answer that is shorter where the client wants that (RFC 8144 §2).
    ///
    /// - Parameter more: Further preferences that were kept.
    /// - Returns: `Vary`, and what was kept where that is anything.
    func fields(alsoApplied more: [String] = []) -> [(name: String, value: String)] {
        let applied = (extent == .minimal ? ["return=minimal"] : []) + more
        let vary = (name: "vary", value: "Prefer, Brief")
        return applied.isEmpty
            ? [vary] : [vary, (Self.appliedField, applied.joined(separator: ", "))]
    }
}
