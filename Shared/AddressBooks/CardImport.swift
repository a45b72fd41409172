internal import VCard
internal import VersionedStorage

/// What an import has done so far: enough to know a card again that comes twice, and no cards.
struct CardImport {
    /// One card that waits for its commit.
    struct Prepared {
        let bytes: [UInt8]
        let uid: UID
        let key: UInt64
        /// The readable part of its name, should it be new.
        let stem: String

        init(parsing given: [UInt8]) throws(CardError) {
            let card = try Card(parsing: given)
            uid = card.uid ?? UID.random()
            bytes = card.uid == nil ? card.adding(uid: uid) : given
            key = CardKey.key(of: uid)
            stem = AddressBookStore.stem(for: card)
        }
    }

    private struct Place {
        let name: String
        let id: ObjectID
    }

    let book: BookName
    private var places: [UID: Place] = [:]
    private var names = Set<String>()

    init(into book: BookName) {
        self.book = book
    }

    /// Puts a card into a transaction: in the place of the card with its UID, or under a new name.
    mutating func put(
        _ card: Prepared,
        _ folder: Folder?,
        _ store: AddressBookStore,
        _ transaction: inout Transaction
    ) throws(StorageError) -> ImportOutcome {
        let held = folder.flatMap { store.holder(of: card.uid, card.key, in: $0) }
        let name = places[card.uid]?.name ?? held ?? freeName(card.stem, folder)
        let before = places[card.uid]?.id ?? folder?.tree.entry(named: name)?.id
        let id = try transaction.write(card.bytes, to: name, in: book.text, key: card.key)
        places[card.uid] = Place(name: name, id: id)
        names.insert(name)
        guard let before else { return .added(CardName(held: name)) }
        return before == id ? .unchanged(CardName(held: name)) : .updated(CardName(held: name))
    }

    private func freeName(_ stem: String, _ folder: Folder?) -> String {
        Naming.free(stem: stem) { names.contains($0) || folder?.tree.entry(named: $0) != nil }
    }
}
