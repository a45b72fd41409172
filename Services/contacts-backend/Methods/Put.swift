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
        _ store: AddressBookStore
    ) throws -> Response {
        guard case .card(let name, let book) = request.location else { throw misplaced(request) }
        guard store.book(book) != nil else {
            throw Refusal(409, reason: "there is no address book \(book); MKCOL makes one")
        }
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
        let conditions = try request.conditions()
        try refuseEarly(conditions, name, book, store)
        let bytes = try request.bytes(
            limit: AddressBookStore.maximumCardBytes,
            orRefuse: .maxResourceSize
        )
        let stored = try store.put(bytes, as: name, in: book, by: request.author) { held in
            try check(conditions, held)
        }
        // RFC 6352 §6.3.2.3: an ETag only where the bytes stored are those that came.
        let fields =
            stored.keptBytes
            ? [(name: "etag", value: ETag(stored.card).description)] : []
        return Response(
            stored.isNew ? 201 : 204,
            fields,
            content: stored.isNew ? .bytes([]) : .none
        )
    }

    /// Spares the transfer of a body that cannot be stored; the check that counts is made later,
    /// in one step with the write.
    private static func refuseEarly(
        _ conditions: Conditions,
        _ name: CardName,
        _ book: BookName,
        _ store: AddressBookStore
    ) throws {
        if conditions.isEmpty { return }
        try check(conditions, store.book(book)?.card(named: name)?.etag)
    }

    /// RFC 9110 §13.1: 412 where the conditions do not hold.
    static func check(_ conditions: Conditions, _ held: ContentID?) throws(Refusal) {
        let current = held.map { ETag(opaque: $0.text, isWeak: false) }
        guard case .proceed = conditions.evaluate(current: current, isRead: false) else {
            throw Refusal(
                412,
                reason: current.map { "the card's ETag is \($0.description)" }
                    ?? "there is no card of this name"
            )
        }
    }

    private static func misplaced(_ request: Request) -> Refusal {
        switch request.location {
        case .nowhere: Refusal(409, reason: "cards lie at /dav/addressbooks/<book>/<card>.vcf")
        default: Allowed.refusal(of: request.method, at: request.location)
        }
    }
}
