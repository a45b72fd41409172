internal import VersionedStorage

// Which card tells of a user stands in the `config.toml` of the card's book, and so goes with the
// book when that is renamed or deleted.
extension AddressBookStore {
    /// The most users whose own cards lie in one book.
    public static let maximumMeCards = 1_000

    /// The card that a user has said to be about themselves; `nil` where none was named or it is
    /// gone since.
    ///
    /// Of several books that name one, as after a book was copied, the first in the home counts.
    ///
    /// - Parameters:
    ///   - user: The user.
    ///   - isWanted: Says by its name whether a book is looked at.
    /// - Returns: The card, with its book.
    public func meCard(
        of user: String,
        in isWanted: (String) -> Bool = { _ in true }
    ) -> (book: Book, card: Book.CardEntry)? {
        for book in home(of: isWanted).books {
            guard let text = book.properties.meCards[user],
                let card = book.card(named: CardName(held: text))
            else { continue }
            return (book, card)
        }
        return nil
    }

    /// Remembers which card tells of the author, and forgets the one before; one commit.
    ///
    /// - Throws: ``AddressBookError/noSuchBook(_:)``, ``AddressBookError/noSuchCard(_:)``,
    ///   ``AddressBookError/tooManyMeCards(limit:)``, ``AddressBookError/storage(_:)``.
    public func setMeCard(_ card: CardName, in name: BookName, by author: Author) throws {
        try commit { transaction in
            let folder = try self.folder(name, in: transaction.snapshot)
            guard let book = book(folder) else { throw AddressBookError.noSuchBook(name) }
            guard book.card(named: card) != nil else { throw AddressBookError.noSuchCard(card) }
            guard
                book.properties.meCards[author.user] != nil
                    || book.properties.meCards.count < Self.maximumMeCards
            else { throw AddressBookError.tooManyMeCards(limit: Self.maximumMeCards) }
            try mark(card, in: name, by: author, &transaction)
        }
    }

    /// Forgets which card tells of the author.
    ///
    /// - Throws: ``AddressBookError/storage(_:)``.
    public func removeMeCard(by author: Author) throws {
        try commit { transaction in try mark(nil, in: nil, by: author, &transaction) }
    }

    /// Has one book name a card, and no other.
    private func mark(
        _ card: CardName?,
        in name: BookName?,
        by author: Author,
        _ transaction: inout Transaction
    ) throws {
        for book in home(at: transaction.snapshot).books {
            let wanted = book.name == name ? card?.text : nil
            guard book.properties.meCards[author.user] != wanted else { continue }
            var configuration = try configuration(of: book)
            configuration.properties.meCards[author.user] = wanted
            try Self.write(configuration, of: book.name, &transaction)
        }
        let what = card.flatMap { card in name.map { "\($0)/\(card)" } } ?? "none"
        transaction.describe(author.message("PROPPATCH me-card \(what)"))
    }
}
