public import VCard
internal import VersionedStorage

/// What became of one card of an import.
public enum ImportOutcome: Sendable, Equatable {
    /// Stored under a new name.
    case added(CardName)
    /// Stored in the place of the card with the same UID.
    case updated(CardName)
    /// The book has the very same card.
    case unchanged(CardName)
    /// Not stored.
    case refused(CardError)
}

extension AddressBookStore {
    /// Stores many cards in one commit: each in the place of the card with its UID, or under a new
    /// readable name.
    ///
    /// - Parameters:
    ///   - cards: The cards' bytes; one that is no vCard is refused alone.
    ///   - book: The book, which must be there.
    ///   - author: Who imports.
    ///   - progress: Called after each card with the number done.
    /// - Returns: An outcome for each card, in order.
    /// - Throws: ``AddressBookError``; then nothing is stored.
    public func importCards(
        _ cards: [[UInt8]],
        into book: BookName,
        by author: Author,
        progress: (Int) -> Void = { _ in }
    ) throws -> [ImportOutcome] {
        let parsed = cards.map { bytes in
            Result { () throws(CardError) in try Card(parsing: bytes) }
        }
        return try commit { transaction in
            let folder = try self.folder(book, in: transaction.snapshot)
            var imported: [UID: String] = [:]
            var names = Set<String>()
            var outcomes: [ImportOutcome] = []
            for card in parsed {
                switch card {
                case .failure(let error): outcomes.append(.refused(error))
                case .success(let card):
                    let uid = card.uid ?? UID.random()
                    let bytes = card.uid == nil ? card.adding(uid: uid) : card.bytes
                    let key = CardKey.key(of: uid)
                    let held = imported[uid] ?? holder(of: uid, key, in: folder)
                    let name =
                        held
                        ?? Naming.free(stem: Self.stem(for: card)) {
                            names.contains($0) || folder.tree.entry(named: $0) != nil
                        }
                    imported[uid] = name
                    names.insert(name)
                    let before = folder.tree.entry(named: name)?.id
                    let etag = try transaction.write(
                        bytes,
                        to: name,
                        in: book.text,
                        key: key
                    )
                    outcomes.append(
                        held == nil
                            ? .added(CardName(held: name))
                            : before == etag
                                ? .unchanged(CardName(held: name))
                                : .updated(CardName(held: name))
                    )
                }
                progress(outcomes.count)
            }
            transaction.describe(author.message("IMPORT \(book), \(cards.count) cards"))
            return outcomes
        }
    }
}
