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

    /// How much the store holds as of the last commit; one that somebody has pushed counts once a
    /// request has seen it.
    ///
    /// Walks over eight bytes for each card, reads nothing and waits for nobody.
    public var summary: Summary {
        let snapshot = store.lastSnapshot
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

    /// How far those have come who write to the disk, each by its name; `nil` for one that has
    /// nothing to do.
    ///
    /// A number that stands still says that somebody is stuck, in a flush for example.
    public var work: [(name: String, steps: UInt64?)] {
        [("writer", store.writing.steps), ("checkpointer", store.checkpointing.steps)]
    }
}
