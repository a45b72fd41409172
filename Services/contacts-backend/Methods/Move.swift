import AddressBooks

/// `MOVE` (RFC 4918 §9.9): a card to another name or another book, or a whole book to another name.
///
/// A sync token is of a name: one of the old name is told to be invalid at the new one (403
/// `valid-sync-token`), and clients then sync from the start.
enum Move {
    @Sendable static func answer(
        _ request: Request,
        _ store: VisibleBooks
    ) throws -> Response {
        try CopyMove.answer(.move, request, store)
    }
}
