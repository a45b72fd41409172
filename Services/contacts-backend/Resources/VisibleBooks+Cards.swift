import AddressBooks
import CardDAV

// What is read of a book that somebody has been given already.
extension VisibleBooks {
    /// A card's bytes.
    func bytes(of card: Book.CardEntry) throws -> [UInt8] { try unrestricted.bytes(of: card) }

    /// A card's bytes, or `nil` where git has lost them.
    func readableBytes(of card: Book.CardEntry) throws -> [UInt8]? {
        try unrestricted.readableBytes(of: card)
    }

    /// When the cards of a book were made and changed.
    func times(in book: Book) throws(AddressBookError) -> AddressBookStore.Times {
        try unrestricted.times(in: book)
    }

    /// The same, where it is known without a walk over the history.
    func knownTimes(in book: Book) -> AddressBookStore.Times? { unrestricted.knownTimes(in: book) }

    /// When a book was last changed, in seconds since 1970.
    func lastChangeTime(of book: Book) throws -> Int64 { try unrestricted.lastChangeTime(of: book) }

    /// What a book keeps for others.
    func deadProperties(of book: Book) -> DeadProperties { unrestricted.deadProperties(of: book) }

    /// The places of a book's cards that a filter matches, asked of columns of their properties.
    ///
    /// - Returns: The places, or `nil` where the columns are more, or larger, than may be kept.
    func places(matching filter: Filter, in book: Book) throws -> [Int]? {
        try unrestricted.columns(filter.columns, alongWith: Filter.commonColumns, of: book)
            .map { filter.matches(in: $0) }
    }

    /// What changed in a book since a position.
    func changes(in book: Book, since position: SyncPosition?, limit: Int?) throws -> SyncChanges? {
        try unrestricted.changes(in: book, since: position, limit: limit)
    }
}
