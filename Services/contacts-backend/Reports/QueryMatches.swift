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
        /// One card alone is meant, and is read.
        case one(Book.CardEntry, Filter)
    }

    /// The book that the matches are of.
    let book: Book
    private let way: Way
    private let store: VisibleBooks

    /// Finds the matches, or how to find them.
    ///
    /// - Throws: ``AddressBookError/storage(_:)`` where a card cannot be fetched from the store.
    init(of filter: Filter, in book: Book, _ store: VisibleBooks) throws {
        self.book = book
        self.store = store
        if filter.matchesEverything {
            way = .all
        } else if let places = try store.places(matching: filter, in: book) {
            way = .places(places)
        } else {
            way = .reading(filter)
        }
    }

    /// Asks a filter of one card of a book.
    init(
        of filter: Filter,
        among card: Book.CardEntry,
        in book: Book,
        _ store: VisibleBooks
    ) {
        self.book = book
        self.store = store
        way = .one(card, filter)
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
                guard let bytes = try match(of: filter, with: card) else { continue }
                guard try body(card, bytes) else { return }
            }
        case .one(let card, let filter):
            if filter.matchesEverything {
                _ = try body(card, nil)
            } else if let bytes = try match(of: filter, with: card) {
                _ = try body(card, bytes)
            }
        }
    }

    /// The bytes of a card that a filter matches; one that cannot be read matches none.
    private func match(of filter: Filter, with card: Book.CardEntry) throws -> [UInt8]? {
        guard let bytes = try store.readableBytes(of: card), filter.matches(bytes) else {
            return nil
        }
        return bytes
    }
}
