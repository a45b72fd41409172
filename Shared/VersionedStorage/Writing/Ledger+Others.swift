internal import Synchronization

/// What somebody else puts on the branch. All of it happens in a writer's turn.
extension Ledger {
    /// Takes in what somebody else has put on the branch since.
    ///
    /// What cannot be read is named in the log and left alone: the store goes on, and the next
    /// checkpoint says that it cannot move the branch.
    func takeInOthers() {
        let mark = repository.branchMark()
        guard watch.withLock({ $0.mark != mark }) else { return }
        // Also where it cannot be read: that is told once, and not with every read of the store.
        watch.withLock { $0.mark = mark }
        do throws(StorageError) {
            let head = try repository.head()
            // A checkpoint has moved it, and may have failed behind that.
            if let head, frozen.contains(where: { $0.id == head }) { branch = head }
            guard head != branch else { return }
            guard let head else { throw StorageError.damaged("the branch is gone") }
            if frozen.isEmpty && waiting.isEmpty { try follow(head) } else { try merge(head) }
        } catch {
            warn("what others did to the branch cannot be taken in: \(error)")
        }
    }

    /// Goes on from a commit that somebody has put on top, with nothing of our own in between.
    private func follow(_ head: ObjectID) throws(StorageError) {
        try objects.reopen(without: [])
        for folder in pending.folders.values {
            guard let times = folder.times else { continue }
            let known = FolderTimes(
                lastChange: folder.lastChange,
                tree: folder.tree,
                times: times
            )
            remember(known, of: folder.name)
        }
        let snapshot = try SnapshotReader(objects, facts).read(
            head,
            known: SnapshotReader.Known(pending)
        )
        pending = snapshot
        checkpointed = snapshot
        branch = head
        recent.withLock { $0 = RecentChanges(at: snapshot) }
        moves.withLock { $0 += 1 }
        published.withLock { $0 = snapshot }
    }

    /// Joins a commit that somebody has put on the branch with our own that are not in git yet.
    ///
    /// Ids that were given out cannot change, so this is the one place where the line has a merge:
    /// the first parent is ours. Where both have changed a file ours stays, and theirs is in the
    /// history.
    private func merge(_ head: ObjectID) throws(StorageError) {
        try objects.reopen(without: [])
        let reader = SnapshotReader(objects, facts)
        // What they had before: a second push is joined by what it adds to the first.
        let base = merged ?? checkpointed
        let theirs = try reader.read(head, known: SnapshotReader.Known(base))
        var transaction = Transaction(snapshot: pending)
        for name in Set(theirs.folders.keys).union(base.folders.keys) {
            let before = base.folders[name]?.tree ?? .empty
            let after = theirs.folders[name]
            let ours = pending.folders[name]?.tree ?? .empty
            for change in (after?.tree ?? .empty).changes(since: before) {
                let held = ours.index(of: change.nameBytes).map { ours.entry(at: $0).id }
                let isOurs = held != change.before
                guard !isOurs, change.kind != .other,
                    change.nameBytes.count <= JournalRecord.maximumNameBytes
                else { continue }
                let index = after?.tree.index(of: change.nameBytes)
                let fact = index.flatMap { index in
                    after.map {
                        FileFacts.Fact(bytes: $0.size(at: index), key: $0.key(at: index))
                    }
                }
                transaction.take(
                    change,
                    in: name,
                    fact: fact ?? FileFacts.Fact(bytes: 0, key: 0)
                )
            }
        }
        transaction.describe(Self.mergeMessage(of: head))
        guard let (commit, snapshot) = transaction.prepared(at: nextTime(), merging: head) else {
            return
        }
        if batch.before == nil { batch.before = (branch, merged) }
        branch = head
        merged = theirs
        stage(commit, snapshot)
    }

    static func mergeMessage(of head: ObjectID) -> CommitMessage {
        CommitMessage(
            author: "Everlock Contacts",
            email: "server@localhost",
            subject: "MERGE \(head.hex)"
        )
    }
}
