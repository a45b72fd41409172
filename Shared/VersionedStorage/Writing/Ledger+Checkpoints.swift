internal import Synchronization

/// What a checkpoint takes over, and how it ends.
extension Ledger {
    /// What one checkpoint has to put into git.
    struct Work: Sendable {
        /// The commits, in order.
        let commits: [PreparedCommit]
        /// The store before the first, which git has.
        let base: Snapshot
        /// The store after the last.
        let result: Snapshot
        /// Where the branch is expected to stand.
        let branch: ObjectID?
    }

    /// Takes all that waits, and lets writers go on in the journal's other file.
    ///
    /// - Returns: `nil` where nothing waits.
    func freeze() -> Work? {
        var work: Work?
        inTurn { [self] in
            // What failed the last time is in the one file and what came after in the other: then
            // there is no free file to turn to.
            if frozen.isEmpty, !waiting.isEmpty { journal.turn() }
            frozen += waiting
            frozenBytes += waitingBytes
            waiting = []
            waitingBytes = 0
            guard !frozen.isEmpty else { return }
            watch.withLock { $0.isMoving = true }
            work = Work(commits: frozen, base: checkpointed, result: pending, branch: branch)
        }
        return work
    }

    /// Ends a checkpoint whose commits are in git, under the branch.
    func finish(_ work: Work, at head: ObjectID) {
        let ids = work.commits.flatMap { $0.blobs.map(\.id) + [$0.id] }
        inTurn { [self] in
            frozen = []
            checkpointed = work.result
            // What was put on top of it meanwhile and is merged by now stays.
            if branch == work.branch || branch == head {
                branch = head
                merged = nil
            }
            frozenBytes = 0
            onBacklog(Backlog(commits: waiting.count, bytes: waitingBytes))
            journal.recover()
            let kept = Set(waiting.flatMap { $0.blobs.map(\.id) })
            objects.forget(ids.filter { !kept.contains($0) })
            let mark = repository.branchMark()
            watch.withLock { $0 = BranchWatch(mark: mark, isMoving: false) }
            recheck(head)
        }
    }

    /// Makes sure that a push between our move of the branch and our look at it is not missed.
    private func recheck(_ head: ObjectID) {
        do throws(StorageError) {
            if try repository.head() != head { watch.withLock { $0.mark = nil } }
        } catch {
            watch.withLock { $0.mark = nil }
        }
    }

    /// Ends the journal's use, where git has all that it holds. Nobody writes any more.
    func forgetJournal() {
        if frozen.isEmpty, waiting.isEmpty { journal.forget() }
    }

    /// Gives up a checkpoint: its commits stay in the journal for the next.
    func abandon() {
        watch.withLock { $0 = BranchWatch() }
        inTurn { [self] in takeInOthers() }
    }
}
