internal import Synchronization

/// The store's line of commits and its one writer at a time: what is published, what waits for a
/// checkpoint, and where the branch is expected to stand.
///
/// A commit is first in the journal, then in a pack under the branch. All that changes is changed in
/// a writer's turn, of which ``GroupCommit`` lets there be one.
final class Ledger: Sendable {
    let repository: GitRepository
    let objects: Objects
    let facts: FactSource
    let warn: @Sendable (String) -> Void
    private let now: @Sendable () -> Int64
    let onBacklog: @Sendable (Backlog) -> Void
    let published: Mutex<Snapshot>
    let recent: Mutex<RecentChanges>
    private let times = Mutex<[String: FolderTimes]>([:])
    let watch = Mutex(BranchWatch())
    let moves = Mutex(0)
    private let group: GroupCommit

    // The rest is touched only in a writer's turn.
    nonisolated(unsafe) let journal: Journal
    nonisolated(unsafe) var pending: Snapshot
    nonisolated(unsafe) var batch = Batch()
    /// Where the branch stands, as far as the store knows.
    nonisolated(unsafe) var branch: ObjectID?
    /// The store as git has it.
    nonisolated(unsafe) var checkpointed: Snapshot
    /// What somebody else put on the branch since, as of the last merge.
    nonisolated(unsafe) var merged: Snapshot?
    /// What a checkpoint is about to put into git.
    nonisolated(unsafe) var frozen: [PreparedCommit] = []
    /// What came after that.
    nonisolated(unsafe) var waiting: [PreparedCommit] = []
    nonisolated(unsafe) var frozenBytes = 0
    nonisolated(unsafe) var waitingBytes = 0

    /// What a look at the branch's files found last.
    struct BranchWatch {
        var mark: BranchMark?
        /// Whether a checkpoint is moving the branch right now.
        var isMoving = false
    }

    /// The writers that share a flush.
    struct Batch {
        var writers: [Writer] = []
        var commits: [PreparedCommit] = []
        /// Where the branch stood, and what was merged, before one of the commits took in somebody
        /// else's.
        var before: (branch: ObjectID?, merged: Snapshot?)?
    }

    /// Begins where a recovery has left off; `onBacklog` is told after each batch what waits.
    init(
        _ state: Recovery.State,
        repository: GitRepository,
        objects: Objects,
        journal: Journal,
        facts: FactSource,
        now: @escaping @Sendable () -> Int64,
        work: WorkSteps,
        warn: @escaping @Sendable (String) -> Void,
        onBacklog: @escaping @Sendable (Backlog) -> Void
    ) {
        self.repository = repository
        self.objects = objects
        self.journal = journal
        self.facts = facts
        self.now = now
        group = GroupCommit(work: work)
        self.warn = warn
        self.onBacklog = onBacklog
        published = Mutex(state.snapshot)
        pending = state.snapshot
        checkpointed = state.checkpointed
        branch = state.branch
        waiting = state.pending
        var recent = RecentChanges(at: state.checkpointed)
        for (place, commit) in state.pending.enumerated() {
            recent.append(commit, pending: place + 1)
        }
        self.recent = Mutex(recent)
    }

    // MARK: Reading

    /// The store as of the last commit that is on disk, with what others have pushed.
    var snapshot: Snapshot {
        let mark = repository.branchMark()
        let isMoved = watch.withLock { !$0.isMoving && $0.mark != mark }
        if isMoved { inTurn { [self] in takeInOthers() } }
        return published.withLock { $0 }
    }

    /// What changed in a folder between two commits, where both are recent.
    func recentChanges(in folder: String, from old: ObjectID, to new: ObjectID) -> [TreeChange]? {
        recent.withLock { $0.changes(in: folder, from: old, to: new) }
    }

    /// The last commit that changed a folder and is older than what is recent; git has it.
    func lastBeforeRecent(of folder: String) -> ObjectID? {
        recent.withLock { $0.lastForgotten(of: folder) }
    }

    /// How often somebody else has moved the branch: what was in the store's history before may not
    /// be in it any more.
    var moveCount: Int { moves.withLock { $0 } }

    /// Whether a commit is recent: then what it did not change in the list it did not change.
    func isRecent(_ commit: ObjectID) -> Bool { recent.withLock { $0.contains(commit) } }

    /// The times that are known of a folder, at some commit.
    func knownTimes(of folder: String) -> FolderTimes? { times.withLock { $0[folder] } }

    /// Keeps what a walk over the history has found.
    func remember(_ known: FolderTimes, of folder: String) {
        times.withLock { $0[folder] = known }
    }

    // MARK: Writing

    /// How one writer's commit fared with its batch.
    final class Writer {
        fileprivate(set) var outcome: Result<Snapshot, StorageError>?
    }

    /// Runs one writer's body in its turn and puts its commit on disk with those of its batch.
    ///
    /// - Returns: What the body returned and the store with the change.
    func commit<Value>(
        _ body: (inout Transaction) throws -> Value
    ) throws -> (value: Value, snapshot: Snapshot) {
        var value: Result<Value, any Error>?
        let writer = Writer()
        withoutActuallyEscaping(body) { body in
            group.run(GroupCommit.Job { [self] in value = prepare(writer, body) }) { settle() }
        }
        switch (value, writer.outcome) {
        case (.success(let value)?, .success(let snapshot)?): return (value, snapshot)
        case (.success?, .failure(let error)?): throw error
        case (.failure(let error)?, _): throw error
        default: preconditionFailure("a turn that has ended has an outcome")
        }
    }

    /// How much a checkpoint has to do.
    struct Backlog: Sendable {
        let commits: Int
        /// About what they take in the journal.
        let bytes: Int
    }

    private func prepare<Value>(
        _ writer: Writer,
        _ body: (inout Transaction) throws -> Value
    ) -> Result<Value, any Error> {
        Result {
            if batch.commits.isEmpty { takeInOthers() }
            var transaction = Transaction(snapshot: pending)
            let value = try body(&transaction)
            if let (commit, snapshot) = transaction.prepared(at: nextTime()) {
                stage(commit, snapshot)
            }
            writer.outcome = .success(pending)
            batch.writers.append(writer)
            return value
        }
    }

    /// The time for the next commit: history never runs backwards, whatever the clock does.
    func nextTime() -> Int64 { max(now(), pending.time) }

    func stage(_ commit: PreparedCommit, _ snapshot: Snapshot) {
        objects.add(commit.blobs + [(commit.id, commit.raw)])
        batch.commits.append(commit)
        pending = adoptTimes(snapshot, changedBy: commit)
    }

    /// Gives a folder the times that a reader has looked up meanwhile.
    private func adoptTimes(_ snapshot: Snapshot, changedBy commit: PreparedCommit) -> Snapshot {
        var folders = snapshot.folders
        for change in commit.folders {
            guard let folder = folders[change.folder], folder.times == nil,
                let before = pending.folders[change.folder],
                let known = knownTimes(of: change.folder), known.lastChange == before.lastChange
            else { continue }
            let splices = before.tree.splices(for: change.changes.map { TreeEdit($0) })
            folders[change.folder] = folder.with(known.times.applying(splices, at: commit.time))
        }
        return snapshot.with(folders)
    }

    /// Puts the batch into the journal, once for all, and publishes it.
    private func settle() {
        let batch = self.batch
        self.batch = Batch()
        guard !batch.commits.isEmpty else { return }
        do throws(StorageError) {
            let records = batch.commits.map { JournalRecord($0).encode() }
            try journal.append(records)
            waitingBytes += records.reduce(0) { $0 + $1.count }
        } catch {
            // With nothing to lose in its files, the journal begins anew with the next batch.
            if frozen.isEmpty, waiting.isEmpty { journal.renew() }
            // An earlier commit that git has not yet may have brought the same blob.
            let kept = Set((frozen + waiting).flatMap { $0.blobs.map(\.id) })
            let ids = batch.commits.flatMap { $0.blobs.map(\.id) + [$0.id] }
            objects.forget(ids.filter { !kept.contains($0) })
            pending = published.withLock { $0 }
            if let before = batch.before {
                (branch, merged) = before
                watch.withLock { $0.mark = nil }
            }
            for writer in batch.writers { writer.outcome = .failure(error) }
            return
        }
        waiting += batch.commits
        let backlog = Backlog(
            commits: frozen.count + waiting.count,
            bytes: frozenBytes + waitingBytes
        )
        recent.withLock { recent in
            for commit in batch.commits { recent.append(commit, pending: backlog.commits) }
        }
        let durable = pending
        published.withLock { $0 = durable }
        onBacklog(backlog)
    }

    /// Runs work in a turn of its own, with nothing staged.
    func inTurn(_ work: @escaping () -> Void) {
        group.run(GroupCommit.Job(isAlone: true, prepare: work)) { settle() }
    }
}

extension Snapshot {
    func with(_ folders: [String: Folder]) -> Snapshot {
        Snapshot(commit: commit, time: time, folders: folders, root: root)
    }
}

extension Folder {
    func with(_ times: FileTimes?) -> Folder {
        Folder(
            name: name,
            treeID: treeID,
            tree: tree,
            lastChange: lastChange,
            facts: facts,
            times: times
        )
    }
}
