internal import VersionedStorage

/// The books of an instance at one moment; when a write is due, as they are before it.
///
/// What a write hangs on is asked of this, so that the check and the write are one step
/// (RFC 9110 §13.2.1).
public struct StoreState {
    private let store: AddressBookStore
    private let snapshot: Snapshot

    init(_ store: AddressBookStore, _ snapshot: Snapshot) {
        self.store = store
        self.snapshot = snapshot
    }

    /// A book, or `nil` where there is none.
    public func book(_ name: BookName) -> Book? {
        snapshot.folders[name.text].flatMap(store.book)
    }

    /// The id of a card's bytes, or `nil` where the name is free.
    public func etag(of card: CardName, in book: BookName) -> ContentID? {
        snapshot.folders[book.text]?.tree.entry(named: card.text).map { ContentID($0.id) }
    }
}

extension AddressBookStore {
    /// The books as of the last commit.
    public var state: StoreState { StoreState(self, store.snapshot) }
}
