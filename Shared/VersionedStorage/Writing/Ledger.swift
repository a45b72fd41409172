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
    private let onBacklog: @Sendable (Backlog) -> Void
    private let published: Mutex<Snapshot>
    private let recent: Mutex<RecentChanges>
    private let times = Mutex<[String: FolderTimes]>([:])
    private let watch = Mutex(BranchWatch())
    private let moves = Mutex(0)
    private let group = GroupCommit()

    // The rest is touched only in a writer's turn.
    private nonisolated(unsafe) let journal: Journal
    private nonisolated(unsafe) var pending: Snapshot
    private nonisolated(unsafe) var batch = Batch()
    /// Where the branch stands, as far as the store knows.
    private nonisolated(unsafe) var branch: ObjectID?
    /// The store as git has it.
    private nonisolated(unsafe) var checkpointed: Snapshot
    /// What somebody else put on the branch since, as of the last merge.
    private nonisolated(unsafe) var merged: Snapshot?
    /// What a checkpoint is about to put into git.
    private nonisolated(unsafe) var frozen: [PreparedCommit] = []
    /// What came after that.
    private nonisolated(unsafe) var waiting: [PreparedCommit] = []
    private nonisolated(unsafe) var frozenBytes = 0
    private nonisolated(unsafe) var waitingBytes = 0

    /// What a look at the branch's files found last.
    private struct BranchWatch {
        var mark: BranchMark?
        /// Whether a checkpoint is moving the branch right now.
        var isMoving = false
    }

    /// The writers that share a flush.
    private struct Batch {
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
        warn: @escaping @Sendable (String) -> Void,
        onBacklog: @escaping @Sendable (Backlog) -> Void
    ) {
        self.repository = repository
        self.objects = objects
        self.journal = journal
        self.facts = facts
        self.now = now
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
    private func nextTime() -> Int64 { max(now(), pending.time) }

    private func stage(_ commit: PreparedCommit, _ snapshot: Snapshot) {
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
    private func inTurn(_ work: @escaping () -> Void) {
        group.run(GroupCommit.Job(isAlone: true, prepare: work)) { settle() }
    }

    // MARK: What others do

    /// Takes in what somebody else has put on the branch since.
    ///
    /// What cannot be read is named in the log and left alone: the store goes on, and the next
    /// checkpoint says that it cannot move the branch.
    private func takeInOthers() {
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

    // MARK: Checkpoints

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

    /// Gives up a checkpoint: its commits stay in the journal for the next.
    func abandon() {
        watch.withLock { $0 = BranchWatch() }
        inTurn { [self] in takeInOthers() }
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
