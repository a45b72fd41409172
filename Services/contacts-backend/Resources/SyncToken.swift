import AddressBooks

/// A sync token as clients see it: a URI that carries a position (RFC 6578 §4).
///
/// The colon matters: Evolution takes a token without one for none at all.
enum SyncToken {
    private static let scheme = "everlock-sync:"

    /// The token of a book as it stands.
    static func text(of book: Book) -> String {
        text(of: SyncPosition(commit: book.lastChange))
    }

    /// The token of a position.
    static func text(of position: SyncPosition) -> String {
        scheme + position.text
    }

    /// Reads a token that a client sent; `nil` for what this server cannot have made.
    static func position(_ text: String) -> SyncPosition? {
        text.hasPrefix(scheme) ? SyncPosition(text: text.dropFirst(scheme.count)) : nil
    }
}
