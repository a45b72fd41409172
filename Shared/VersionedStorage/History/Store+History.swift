internal import Synchronization

/// What the store says of its past; a cache that can be thrown away at any time.
public final class StoreHistory: Sendable {
    /// Commits that are remembered to lie in the store's history.
    private static let maximumRemembered = 100_000

    private let store: Store
    private let ancestors = Mutex(Ancestors())
    private let past = PastChanges()

    /// Commits that are known to lie in the history, since somebody else has moved the branch last.
    private struct Ancestors {
        var moveCount = 0
        var ids: Set<ObjectID> = []
    }

    /// Looks at one store's past.
    public init(of store: Store) {
        self.store = store
    }

    /// What was touched in a folder from one commit to another.
    ///
    /// A name that was changed and changed back, or that came and went, is in it too, with what it
    /// stands for at the end. Between recent commits that is looked up, whatever the folder holds;
    /// older ones are each compared with their parents, once. Where that is too many, the two ends'
    /// trees are compared, which leaves such names out.
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
        if let touched = touched(in: folder, from: old, to: new) { return touched }
        return after.changes(since: before)
    }

    /// What the commits between two of the history touched, as far as git has to be asked; `nil`
    /// where they are too many, or one of them cannot be read.
    private func touched(
        in folder: String,
        from old: ObjectID,
        to new: ObjectID
    ) -> [TreeChange]? {
        let history = History(store.ledger.objects)
        do throws(StorageError) {
            // Git may not have the newest commits, and the change list has them.
            if let seam = store.ledger.lastBeforeRecent(of: folder),
                let recent = store.ledger.recentChanges(in: folder, from: seam, to: new)
            {
                let older = try past.changes(in: folder, from: old, to: seam, history)
                guard let older else { return nil }
                var fold = ChangeFold()
                fold.add(older)
                fold.add(recent)
                return fold.changes
            }
            return try past.changes(in: folder, from: old, to: new, history)
        } catch {
            // The ends could be read: what is damaged in between takes nothing else with it.
            return nil
        }
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
        let edits = since.filter { $0.before != $0.after }.map { change in
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
        if let times = knownTimes(of: folder) { return times }
        let known = store.ledger.knownTimes(of: folder.name)
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

    /// When the files of a folder were made and last changed, where the store has it at hand; `nil`
    /// where ``times(of:)`` would walk the history.
    public func knownTimes(of folder: Folder) -> Times? {
        if let times = folder.times { return Times(times) }
        guard let known = store.ledger.knownTimes(of: folder.name),
            known.lastChange == folder.lastChange
        else { return nil }
        return Times(known.times)
    }

    /// When a commit of the store's history was made, in seconds since 1970; reads one object.
    public func time(of commit: ObjectID) throws(StorageError) -> Int64 {
        try History(store.ledger.objects).commit(commit).time
    }

    private func isInHistory(_ id: ObjectID, of head: ObjectID) throws(StorageError) -> Bool {
        let moveCount = store.ledger.moveCount
        let isKnown = ancestors.withLock { ancestors in
            // A store that was put back to an older state must not know what came after.
            if ancestors.moveCount != moveCount { ancestors = Ancestors(moveCount: moveCount) }
            return ancestors.ids.contains(id)
        }
        if isKnown { return true }
        return try isFirstParent(id, of: head, moveCount)
    }

    /// Whether a commit is in the store's own line; a commit that only a merge brought in is not.
    private func isFirstParent(
        _ id: ObjectID,
        of head: ObjectID,
        _ moveCount: Int
    ) throws(StorageError) -> Bool {
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
        if next != nil { walked.append(id) }
        ancestors.withLock { ancestors in
            guard ancestors.moveCount == moveCount else { return }
            if ancestors.ids.count + walked.count > Self.maximumRemembered {
                ancestors.ids = next == nil ? [] : [id]
            } else {
                ancestors.ids.formUnion(walked)
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
