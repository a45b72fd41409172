import AddressBooks
import CardDAV

/// The cards of a book that a filter matches, in the order of their names.
struct QueryMatches {
    private enum Way {
        /// The filter matches everything.
        case all
        /// The filter has been asked of the book's columns, and matches the cards at these places.
        case places([Int])
        /// What the filter looks at is too large for columns: each card is read.
        case reading(Filter)
    }

    private let way: Way
    private let book: Book
    private let store: AddressBookStore

    /// Finds the matches, or how to find them.
    ///
    /// - Throws: ``AddressBookError/storage(_:)`` where a card cannot be fetched from the store.
    init(of filter: Filter, in book: Book, _ store: AddressBookStore) throws {
        self.book = book
        self.store = store
        if filter.matchesEverything {
            way = .all
        } else if let columns = try store.columns(
            filter.columns,
            alongWith: Filter.commonColumns,
            of: book
        ) {
            way = .places(filter.matches(in: columns))
        } else {
            way = .reading(filter)
        }
    }

    /// Calls for each match with the card, and with its bytes where they have been read, until
    /// `body` returns false.
    func forEach(_ body: (Book.CardEntry, [UInt8]?) throws -> Bool) throws {
        switch way {
        case .all:
            for card in book.cards {
                guard try body(card, nil) else { return }
            }
        case .places(let places):
            for card in places.lazy.compactMap(book.card) {
                guard try body(card, nil) else { return }
            }
        case .reading(let filter):
            for card in book.cards {
                let bytes = try store.bytes(of: card)
                guard filter.matches(bytes) else { continue }
                guard try body(card, bytes) else { return }
            }
        }
    }
}
