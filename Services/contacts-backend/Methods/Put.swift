import AddressBooks
import WebDAV

/// `PUT` (RFC 9110 §9.3.4, RFC 6352 §6.3.2): stores a card under the name in the URL.
enum Put {
    /// The media types that a card may come as, or none.
    private static let cardTypes: Set = [
        "text/vcard", "text/x-vcard", "text/directory", "text/plain", "application/octet-stream",
    ]

    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        guard case .card(let name, let book) = request.location else { throw misplaced(request) }
        guard store.book(book) != nil else {
            throw Refusal(409, reason: "there is no address book \(book); MKCOL makes one")
        }
        let preconditions = try request.preconditions(store)
        let stored = try store.put(
            card(in: request),
            as: name,
            in: book,
            by: request.author,
            if: preconditions.check
        )
        let href = Location.href(of: book) + Location.segment(name)
        return try Representation.answer(stored, at: href, request, store)
    }

    /// The card that a request brings.
    ///
    /// - Throws: ``Refusal``: 400 for a part of a card, 415 for another media type, 413 for what is
    ///   larger than a card may be.
    static func card(in request: Request) throws -> [UInt8] {
        if request.header("content-range") != nil {
            // RFC 9110 §14.5: a part of a card cannot be stored.
            throw Refusal(400, reason: "a card is stored whole, without Content-Range")
        }
        if let type = request.mediaType, !cardTypes.contains(type) {
            throw Refusal(
                415,
                .carddav("supported-address-data"),
                reason: "a card is text/vcard, and not \(type)"
            )
        }
        return try request.bytes(
            limit: AddressBookStore.maximumCardBytes,
            orRefuse: .maxResourceSize
        )
    }

    private static func misplaced(_ request: Request) -> Refusal {
        switch request.location {
        case .nowhere: Refusal(409, reason: "cards lie at /dav/addressbooks/<book>/<card>.vcf")
        default: Allowed.refusal(of: request.method, at: request.location)
        }
    }
}
