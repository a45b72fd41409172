internal import VCard
internal import VersionedStorage

/// Whether the source of a transfer stays.
public enum Transfer: Sendable {
    /// It stays (RFC 4918 §9.8).
    case copy
    /// It goes (RFC 4918 §9.9).
    case move

    fileprivate var verb: String { self == .copy ? "COPY" : "MOVE" }
}

extension AddressBookStore {
    /// Where a card lies.
    public typealias CardPlace = (card: CardName, book: BookName)

    /// Copies or moves a card, within its book or to another, in one commit.
    ///
    /// - Parameters:
    ///   - transfer: Which of the two.
    ///   - source: The card.
    ///   - target: Its new place, another than the old one.
    ///   - mayReplace: Whether a card that lies there gives way.
    ///   - author: Who does it.
    ///   - condition: Called when the write is due; what it throws ends it.
    /// - Returns: What was done.
    /// - Throws: ``AddressBookError``: ``AddressBookError/noSuchCard(_:)`` for the source,
    ///   ``AddressBookError/noDestination(_:)`` for the other book,
    ///   ``AddressBookError/taken(_:)``, and ``AddressBookError/uidConflict(holder:)`` with a card
    ///   of the target's book; or what the condition threw.
    public func transfer(
        _ transfer: Transfer,
        _ source: CardPlace,
        to target: CardPlace,
        mayReplace: Bool,
        by author: Author,
        if condition: (StoreState) throws -> Void = { _ in }
    ) throws -> Stored {
        try commit { transaction in
            try condition(StoreState(self, transaction.snapshot))
            let from = try folder(source.book, in: transaction.snapshot)
            guard let position = from.tree.index(of: source.card.text),
                let card = Book.Cards.card(at: position, of: from)
            else { throw AddressBookError.noSuchCard(source.card) }
            guard let into = transaction.snapshot.folders[target.book.text] else {
                throw AddressBookError.noDestination(target.book)
            }
            let held = into.tree.index(of: target.card.text)
            guard held == nil || mayReplace else { throw AddressBookError.taken(target.card.text) }
            try checkUID(of: (from, position), to: (into, held), isMove: transfer == .move)
            try transaction.copy(
                source.card.text,
                in: source.book.text,
                to: target.card.text,
                in: target.book.text
            )
            if transfer == .move { transaction.remove(source.card.text, in: source.book.text) }
            transaction.describe(
                author.message(
                    "\(transfer.verb) \(source.book)/\(source.card) to "
                        + "\(target.book)/\(target.card)"
                )
            )
            return Stored(
                card: Book.CardEntry(name: target.card, etag: card.etag),
                isNew: held == nil,
                keptBytes: true
            )
        }
    }

    /// RFC 6352 §6.3.2.1: the target's book has no other card of that UID, and what is replaced has
    /// the same.
    private func checkUID(
        of source: (folder: Folder, position: Int),
        to target: (folder: Folder, position: Int?),
        isMove: Bool
    ) throws(AddressBookError) {
        let key = source.folder.key(at: source.position)
        let tree = target.folder.tree
        if let position = target.position {
            let held = target.folder.key(at: position)
            if held > CardKey.withoutUID, held != key {
                throw .uidConflict(holder: CardName(held: tree.entry(at: position).name))
            }
        }
        let leaving =
            isMove && source.folder.name == target.folder.name ? source.position : nil
        let rivals = target.folder.indices(ofKey: key).filter {
            $0 != leaving && $0 != target.position
        }
        guard key > CardKey.withoutUID, !rivals.isEmpty,
            let uid = uid(at: source.position, of: source.folder)
        else { return }
        for rival in rivals where self.uid(at: rival, of: target.folder) == uid {
            throw .uidConflict(holder: CardName(held: tree.entry(at: rival).name))
        }
    }

    /// Copies or moves a book, in one commit.
    ///
    /// A copy is another book: it gets an id of its own, so that positions of the old one, and of a
    /// book that it replaces, are none of its. A book that moves keeps its id and all that is kept
    /// in its `config.toml`; positions are of a name as well, and do not move with it.
    ///
    /// What lies in the book's folder and cannot be a card's file, hidden files and folders that
    /// somebody put there with git, stays behind, and after a move in the history only.
    ///
    /// - Parameters:
    ///   - transfer: Which of the two.
    ///   - source: The book.
    ///   - target: Its new name, another than the old one.
    ///   - withCards: Whether the cards go with it (RFC 4918 §9.8.3); always for a move.
    ///   - mayReplace: Whether a book of that name gives way, with all its cards.
    ///   - author: Who does it.
    ///   - condition: Called when the write is due; what it throws ends it.
    /// - Returns: Whether the name was free.
    /// - Throws: ``AddressBookError``: ``AddressBookError/taken(_:)`` among others; or what the
    ///   condition threw.
    public func transfer(
        _ transfer: Transfer,
        _ source: BookName,
        to target: BookName,
        withCards: Bool,
        mayReplace: Bool,
        by author: Author,
        if condition: (StoreState) throws -> Void = { _ in }
    ) throws -> Bool {
        try commit { transaction in
            try condition(StoreState(self, transaction.snapshot))
            let from = try folder(source, in: transaction.snapshot)
            guard let book = book(from) else { throw AddressBookError.noSuchBook(source) }
            let isNew = transaction.snapshot.folders[target.text] == nil
            guard isNew || mayReplace else { throw AddressBookError.taken(target.text) }
            let count = transaction.snapshot.folders.count
            guard !isNew || transfer == .move || count < Self.maximumBooks else {
                throw AddressBookError.tooManyBooks(limit: Self.maximumBooks)
            }
            var configuration = try configuration(of: book)
            if transfer == .copy || configuration.properties.id == nil {
                configuration.properties.id = RandomUUID.text()
            }
            // Which card tells of a user is said by one book only.
            if transfer == .copy { configuration.properties.meCards = [:] }
            transaction.removeFolder(target.text)
            try Self.write(configuration, of: target, &transaction)
            if withCards || transfer == .move {
                try Self.copyFiles(of: from, to: target, &transaction)
            }
            if transfer == .move { transaction.removeFolder(source.text) }
            transaction.describe(author.message("\(transfer.verb) \(source) to \(target)"))
            return isNew
        }
    }

    private static func copyFiles(
        of folder: Folder,
        to target: BookName,
        _ transaction: inout Transaction
    ) throws(StorageError) {
        for position in 0..<folder.tree.count {
            let entry = folder.tree.entry(at: position)
            guard Book.canHold(entry, in: folder.tree) else { continue }
            try transaction.copy(entry.name, in: folder.name, to: entry.name, in: target.text)
        }
    }
}
