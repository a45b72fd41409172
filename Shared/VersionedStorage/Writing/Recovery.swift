/// Brings a store back to where it was: git as of the last checkpoint, then what the journal has
/// beyond it.
struct Recovery {
    /// Where a store stands after a recovery.
    struct State {
        /// The store with all that was on disk.
        var snapshot: Snapshot
        /// The store as git has it.
        var checkpointed: Snapshot
        /// Where the branch stands.
        var branch: ObjectID?
        /// The commits that only the journal has.
        var pending: [PreparedCommit] = []
        /// What is wrong with the journal's files.
        var damage: [String] = []
    }

    let repository: GitRepository
    let objects: Objects
    let journal: Journal
    let facts: FactSource
    let now: @Sendable () -> Int64
    let warn: @Sendable (String) -> Void

    /// Reads the branch, the index and the journal.
    ///
    /// - Throws: ``StorageError`` where the branch or what it names cannot be read.
    func run() throws(StorageError) -> State {
        let contents = try journal.read()
        let index = StoreIndex.read(store: repository.path, warn: warn)
        let records = contents.flatMap(\.records)
        let head = try findHead(index, records)
        let pending = try records[firstPending(records, head, index?.commit)...]
        let reader = SnapshotReader(objects, facts)
        let known = index.flatMap { contains($0.commit) ? SnapshotReader.Known($0) : nil }
        let start = try start(of: pending, head)
        var base = Snapshot.empty
        if let commit = start.base { base = try reader.read(commit, known: known) }
        var state = State(snapshot: base, checkpointed: base, branch: start.branch)
        for record in pending { try replay(record, &state) }
        state.damage = contents.compactMap(\.damage)
        for text in state.damage { warn(text) }
        return state
    }

    /// The commit that pending records begin on, and where the branch stood for whoever made them.
    private func start(
        of pending: ArraySlice<JournalRecord>,
        _ head: ObjectID?
    ) throws(StorageError) -> (base: ObjectID?, branch: ObjectID?) {
        guard let first = pending.first else { return (head, head) }
        let parent = try commit(first).parent
        guard let parent, contains(parent) else { return (head, head) }
        for record in pending where try commit(record).merged.contains(where: { $0 == head }) {
            return (parent, head)
        }
        return (parent, parent)
    }

    /// Keeps a damaged journal, where something may be lost, for whoever looks into it.
    ///
    /// Only once git has what could be read of it: a start does not read it again.
    func setAside(_ damage: [String]) {
        guard !damage.isEmpty else { return }
        let kept = journal.setAside(at: now()).joined(separator: " and ")
        warn("the damaged journal is kept as \(kept)")
    }

    private func contains(_ id: ObjectID?) -> Bool {
        guard let id else { return false }
        return objects.database.contains(id)
    }

    private func commit(_ record: JournalRecord) throws(StorageError) -> Commit {
        try Commit(id: ObjectHash.id(of: record.commit, .commit), parsing: record.commit)
    }

    /// Where the branch stands; where its file is damaged, where it is known to have stood last.
    private func findHead(
        _ index: StoreIndex?,
        _ records: [JournalRecord]
    ) throws(StorageError) -> ObjectID? {
        do throws(StorageError) {
            let head = try repository.head()
            if let head { _ = try objects.read(head, .commit) }
            if head != nil || index == nil { return head }
        } catch {
            warn("\(error)")
        }
        var candidates = records.map { ObjectHash.id(of: $0.commit, .commit) }
        if let index { candidates.insert(index.commit, at: 0) }
        guard let found = candidates.last(where: { contains($0) }) else {
            throw StorageError.damaged(
                "the branch \(GitRepository.branch) of \(repository.path) names no commit; "
                    + "put it right with git update-ref"
            )
        }
        warn("the branch \(GitRepository.branch) is put back to \(found.hex), where it stood last")
        try repository.resetHead(to: found)
        return found
    }

    /// The first record that the branch has never had.
    ///
    /// The index is written after the branch has moved: the branch had once what the index stands
    /// for. Where it has that no more, somebody has put it back, and means it.
    private func firstPending(
        _ records: [JournalRecord],
        _ head: ObjectID?,
        _ indexed: ObjectID?
    ) throws(StorageError) -> Int {
        guard let head else { return 0 }
        let ids = records.map { ObjectHash.id(of: $0.commit, .commit) }
        var first = 0
        if let indexed, contains(indexed), let place = ids.lastIndex(of: indexed) {
            first = place + 1
        }
        if let place = ids.lastIndex(of: head) { return max(first, place + 1) }
        for place in ids.indices.dropFirst(first).reversed() where contains(ids[place]) {
            if try History(objects).isAncestor(ids[place], of: head) { return place + 1 }
        }
        return first
    }

    /// Applies one record.
    ///
    /// One that was not made for what it is applied to comes behind a gap: what it brought is kept,
    /// in a commit of another id.
    private func replay(_ record: JournalRecord, _ state: inout State) throws(StorageError) {
        let commit = try self.commit(record)
        let blobs = try record.blobs.map { bytes throws(StorageError) in
            (id: try ObjectID(hashing: bytes), bytes: bytes)
        }
        objects.add(blobs)
        var transaction = Transaction(snapshot: state.snapshot)
        for folder in record.folders {
            for edit in folder.edits { try take(edit, folder.folder, &transaction) }
        }
        transaction.adopt(blobs)
        let text = Commit.text(of: record.commit)
        guard
            let prepared = transaction.prepared(
                at: commit.time,
                merging: commit.merged.first,
                text: text
            )
        else { return }
        if prepared.commit.raw != record.commit {
            warn("commit \(commit.id.hex) of the journal is kept as \(prepared.commit.id.hex)")
        }
        objects.add([(prepared.commit.id, prepared.commit.raw)])
        state.pending.append(prepared.commit)
        state.snapshot = prepared.snapshot
    }

    private func take(
        _ edit: TreeEdit,
        _ folder: String,
        _ transaction: inout Transaction
    ) throws(StorageError) {
        var fact = FileFacts.Fact(bytes: 0, key: 0)
        var after: ObjectID?
        switch edit.value {
        case .removed: break
        case .file(let id):
            after = id
            do throws(StorageError) {
                fact = try facts.fact(of: id, objects)
            } catch .notFound {
                // A copy of what a damaged record had brought.
                let name = String(decoding: edit.name, as: UTF8.self)
                warn("\(folder)/\(name) is not restored: the journal has lost its content")
                return
            }
        case .tree(let id): after = id
        }
        let change = TreeChange(
            nameBytes: edit.name,
            before: nil,
            after: after,
            kind: edit.isTree ? .tree : .file
        )
        transaction.take(change, in: folder, fact: fact)
    }
}
