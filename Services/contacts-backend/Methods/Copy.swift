import AddressBooks

/// `COPY` (RFC 4918 §9.8): a card within its book or into another, or a whole book.
enum Copy {
    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        try CopyMove.answer(.copy, request, store)
    }
}
