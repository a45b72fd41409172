internal import Synchronization

/// What the store says of its past; a cache that can be thrown away at any time.
public final class StoreHistory: Sendable {
    /// Commits that are remembered to lie in the store's history.
    private static let maximumRemembered = 100_000

    private let store: Store
    private let ancestors = Mutex<Set<ObjectID>>([])

    /// Looks at one store's past.
    public init(of store: Store) {
        self.store = store
    }

    /// What changed in a folder from one commit to another.
    ///
    /// Between recent commits that is looked up, whatever the folder holds; between others, two
    /// trees are compared.
    ///
    /// - Parameters:
    ///   - folder: The folder's name.
    ///   - old: A commit that changed it, as a sync token names it.
    ///   - new: Another.
    ///   - snapshot: The snapshot in whose history both must lie.
    /// - Returns: The changes, in the order of the names' bytes; `nil` where a commit is none of the
    ///   history's, or did not change the folder.
    /// - Throws: ``StorageError`` where the history cannot be read.
    public func changes(
        in folder: String,
        from old: ObjectID,
        to new: ObjectID,
        before snapshot: Snapshot
    ) throws(StorageError) -> [TreeChange]? {
        if let recent = store.ledger.recentChanges(in: folder, from: old, to: new) { return recent }
        guard let before = try tree(of: folder, changedBy: old, before: snapshot),
            let after = try tree(of: folder, changedBy: new, before: snapshot)
        else { return nil }
        return after.changes(since: before)
    }

    /// What a folder held at a commit that changed it; `nil` where the commit is none of the
    /// history's, or did not change the folder.
    public func tree(
        of folder: String,
        changedBy id: ObjectID,
        before snapshot: Snapshot
    ) throws(StorageError) -> Tree? {
        if let held = snapshot.folders[folder], held.lastChange == id { return held.tree }
        guard let head = snapshot.commit, try isInHistory(id, of: head) else { return nil }
        if let recent = try recentTree(of: folder, changedBy: id, snapshot) { return recent }
        // Git may not have the trees of a recent commit, and the change list knows what it changed.
        if store.ledger.isRecent(id) { return nil }
        let history = History(store.ledger.objects)
        let commit = try history.commit(id)
        let parent: Commit? = if let id = commit.parent { try history.commit(id) } else { nil }
        let before: ObjectID? =
            if let parent { try history.folderID(folder, at: parent) } else { nil }
        guard let now = try history.folderID(folder, at: commit), now != before else { return nil }
        return try history.tree(now)
    }

    /// What a folder held at a recent commit, by taking back what came after: git may not have the
    /// tree yet.
    private func recentTree(
        of folder: String,
        changedBy id: ObjectID,
        _ snapshot: Snapshot
    ) throws(StorageError) -> Tree? {
        guard let held = snapshot.folders[folder],
            let since = store.ledger.recentChanges(in: folder, from: id, to: held.lastChange)
        else { return nil }
        let edits = since.map { change in
            TreeEdit(
                TreeChange(
                    nameBytes: change.nameBytes,
                    before: change.after,
                    after: change.before,
                    kind: change.kind
                )
            )
        }
        return held.tree.applying(edits)
    }

    /// When the files of a folder were made and last changed, in seconds since 1970.
    public struct Times: Sendable {
        /// By position in the folder's tree: when the file was made.
        public let created: [Int64]
        /// By position in the folder's tree: when it was changed last.
        public let modified: [Int64]
    }

    /// When the files of a folder were made and last changed.
    ///
    /// The store keeps this as it goes. Where its index is lost, the first call walks the folder's
    /// history.
    public func times(of folder: Folder) throws(StorageError) -> Times {
        if let times = folder.times { return Times(times) }
        let known = store.ledger.knownTimes(of: folder.name)
        if let known, known.lastChange == folder.lastChange { return Times(known.times) }
        // The walk needs the trees of all commits, and git has them.
        try store.checkpoint()
        let walked = try FolderTimes(
            of: folder,
            known: known,
            history: History(store.ledger.objects)
        )
        store.ledger.remember(walked, of: folder.name)
        return Times(walked.times)
    }

    /// When a commit of the store's history was made, in seconds since 1970; reads one object.
    public func time(of commit: ObjectID) throws(StorageError) -> Int64 {
        try History(store.ledger.objects).commit(commit).time
    }

    private func isInHistory(_ id: ObjectID, of head: ObjectID) throws(StorageError) -> Bool {
        if ancestors.withLock({ $0.contains(id) }) { return true }
        guard try isFirstParent(id, of: head) else { return false }
        ancestors.withLock { ancestors in
            if ancestors.count >= Self.maximumRemembered { ancestors.removeAll() }
            ancestors.insert(id)
        }
        return true
    }

    /// Whether a commit is in the store's own line; a commit that only a merge brought in is not.
    private func isFirstParent(_ id: ObjectID, of head: ObjectID) throws(StorageError) -> Bool {
        let history = History(store.ledger.objects)
        do throws(StorageError) {
            _ = try history.commit(id)
        } catch .notFound, .damaged {
            return false
        }
        var walked: [ObjectID] = []
        var next: ObjectID? = head
        while let commit = next, commit != id {
            walked.append(commit)
            next = try history.commit(commit).parent
        }
        ancestors.withLock { ancestors in
            if ancestors.count + walked.count < Self.maximumRemembered {
                ancestors.formUnion(walked)
            }
        }
        return next != nil
    }
}

extension StoreHistory.Times {
    init(_ times: FileTimes) {
        created = times.created
        modified = times.modified
    }
}
