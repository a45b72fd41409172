internal import Synchronization

/// What the store says of its past; a cache that can be thrown away at any time.
public final class StoreHistory: Sendable {
    /// Commits that are remembered to lie in the store's history.
    private static let maximumRemembered = 100_000

    private let store: Store
    private let ancestors = Mutex<Set<ObjectID>>([])
    private let times = Mutex<[String: FolderTimes]>([:])

    /// Looks at one store's past.
    public init(of store: Store) {
        self.store = store
    }

    /// How a commit that a client names relates to a folder.
    public enum Standing: Sendable {
        /// The commit changed the folder; this is what the folder held then.
        case changed(Tree)
        /// There is no such commit in the history, or it did not change the folder.
        case foreign
    }

    /// What a folder held at a commit that changed it.
    ///
    /// - Parameters:
    ///   - folder: The folder's name.
    ///   - id: The commit, as a sync token names it.
    ///   - snapshot: The snapshot in whose history the commit must lie.
    /// - Returns: What the folder held, or that the commit is not one of its own.
    /// - Throws: ``StorageError`` where the history cannot be read.
    public func folder(
        _ folder: String,
        asChangedBy id: ObjectID,
        before snapshot: Snapshot
    ) throws(StorageError) -> Standing {
        guard let head = snapshot.commit, try isInHistory(id, of: head) else { return .foreign }
        let history = History(store.repository)
        let commit = try history.commit(id)
        let parent: Commit? = if let id = commit.parent { try history.commit(id) } else { nil }
        let before: ObjectID? =
            if let parent { try history.folderID(folder, at: parent) } else { nil }
        guard let now = try history.folderID(folder, at: commit), now != before else {
            return .foreign
        }
        return .changed(try history.tree(now))
    }

    /// When each file of a folder was last changed, in seconds since 1970.
    ///
    /// The first call for a folder walks its history; later ones only what came since.
    public func modificationTimes(of folder: Folder) throws(StorageError) -> [String: Int64] {
        let known = times.withLock { $0[folder.name] }
        if let known, known.lastChange == folder.lastChange { return known.times }
        let current = try History(store.repository).times(of: folder, known: known)
        times.withLock { $0[folder.name] = current }
        return current.times
    }

    private func isInHistory(_ id: ObjectID, of head: ObjectID) throws(StorageError) -> Bool {
        if ancestors.withLock({ $0.contains(id) }) { return true }
        do throws(StorageError) {
            _ = try History(store.repository).commit(id)
        } catch .notFound, .damaged {
            return false
        }
        guard try store.repository.isAncestor(id, of: head) else { return false }
        ancestors.withLock { ancestors in
            if ancestors.count >= Self.maximumRemembered { ancestors.removeAll() }
            ancestors.insert(id)
        }
        return true
    }
}
