public import VCard
internal import VersionedStorage

extension AddressBookStore {
    /// Columns of the properties of a book's cards, for whoever looks through all of them.
    ///
    /// A column has a row for each place of the book (``Book/card(at:)``); one that holds no card,
    /// or none that can be read, counts as unreadable. The first call reads every card; later ones
    /// read only what has changed since.
    ///
    /// - Parameters:
    ///   - names: The columns that are wanted.
    ///   - more: Columns that will be wanted: they are made too when the cards are read anyway.
    ///   - book: The book.
    /// - Returns: The columns, or `nil` where they are more, or larger, than may be kept.
    /// - Throws: ``AddressBookError/storage(_:)`` where a card cannot be fetched from the store.
    public func columns(
        _ names: Set<PropertyColumn.Name>,
        alongWith more: Set<PropertyColumn.Name> = [],
        of book: Book
    ) throws -> [PropertyColumn]? {
        do {
            return try columnCache.columns(
                names,
                alongWith: more,
                of: book.name,
                book.folder
            ) { id in
                try readableBlob(id).flatMap(Self.readCard)
            }
        } catch let error as StorageError {
            throw AddressBookError(error)
        }
    }

    /// A card, or `nil` for bytes that are none.
    private static func readCard(_ bytes: [UInt8]) -> Card? {
        do throws(CardError) {
            return try Card(parsing: bytes)
        } catch {
            return nil
        }
    }
}

extension Book {
    /// The card at one of the book's places, which are those that columns have rows for.
    public func card(at place: Int) -> CardEntry? {
        Cards.card(at: place, of: folder)
    }
}

extension Book.Cards {
    private static let configFile = Array(Book.configFile.utf8)

    /// Whether an entry of a book's folder is a card.
    static func isCard(_ name: UnsafeRawBufferPointer, _ kind: Tree.Kind) -> Bool {
        kind == .file && name.first != UInt8(ascii: ".") && !name.elementsEqual(configFile)
    }
}
