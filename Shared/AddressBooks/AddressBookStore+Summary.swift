internal import VersionedStorage

extension AddressBookStore {
    /// How much a store holds, and since when.
    public struct Summary: Sendable, Equatable {
        /// The address books.
        public let books: Int
        /// The cards in all of them.
        public let cards: Int
        /// The last commit, or `nil` in a store without one.
        public let lastCommit: Revision?
        /// When that was made, in seconds since 1970.
        public let lastCommitTime: Int64?
    }

    /// How much the store holds as of the last commit.
    ///
    /// Walks over eight bytes for each card and reads nothing: 20 µs at 10,000 cards.
    public var summary: Summary {
        let snapshot = store.snapshot
        let books = snapshot.folders.values.filter { folder in
            Naming.isUsable(folder.name, maximumBytes: BookName.maximumBytes)
        }
        return Summary(
            books: books.count,
            cards: books.reduce(0) { $0 + $1.count(withoutKey: CardKey.none) },
            lastCommit: snapshot.commit.map { Revision($0) },
            lastCommitTime: snapshot.commit == nil ? nil : snapshot.time
        )
    }
}
