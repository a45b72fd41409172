internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A git repository with one owner: snapshots to read, transactions to write.
///
/// Readers take ``snapshot`` and wait for nobody. Writers are put in line by ``commit(_:)``, each
/// with a commit of its own; those that wait together share the move of the branch. A commit that
/// has returned is on disk.
public final class Store: Sendable {
    /// The repository's folder.
    public let path: String

    let repository: GitRepository
    private let lock: StoreLock
    private let now: @Sendable () -> Int64
    private let published: Mutex<Snapshot>
    private let group = GroupCommit()
    // Touched only by the writer that leads a batch, of which `group` lets there be one.
    private nonisolated(unsafe) var pending: Snapshot
    private nonisolated(unsafe) var batch: [Batched] = []

    /// Opens a store, or makes an empty one, and takes its lock.
    ///
    /// - Parameters:
    ///   - path: The folder of the bare repository.
    ///   - now: The clock that commits are stamped with, in seconds since 1970.
    /// - Throws: ``StorageError/inUse(path:holder:)`` where another process owns it;
    ///   ``StorageError/damaged(_:)`` where the branch cannot be read.
    public init(
        path: String,
        now: @escaping @Sendable () -> Int64 = Store.clock
    ) throws(StorageError) {
        self.path = path
        self.now = now
        repository = try GitRepository(path: path)
        lock = try StoreLock(store: path)
        let head = try repository.head()
        let snapshot = try History(repository).snapshot(at: head, after: .empty)
        published = Mutex(snapshot)
        pending = snapshot
    }

    /// The system's clock, in seconds since 1970.
    @Sendable public static func clock() -> Int64 { Int64(time(nil)) }

    /// The store as of the last commit that is on disk.
    public var snapshot: Snapshot { published.withLock { $0 } }

    /// Makes one change, as one commit, durable before it returns.
    ///
    /// The body runs when it is this writer's turn; what it reads from the transaction's snapshot
    /// stays true until its change is in. A body that throws, or changes nothing, leaves no commit.
    /// It may run again where somebody moved the branch with git meanwhile.
    ///
    /// - Returns: What the body returned, and the snapshot that has the change.
    /// - Throws: What the body threw, or ``StorageError``.
    public func commit<Value>(
        _ body: (inout Transaction) throws -> Value
    ) throws -> (value: Value, snapshot: Snapshot) {
        var attempts = 0
        while true {
            var value: Result<Value, any Error>?
            let outcome = withoutActuallyEscaping(body) { body in
                let batched = Batched()
                let job = GroupCommit.Job { [self] in
                    value = prepare(batched, body)
                }
                group.run(job) { settle() }
                return batched
            }
            switch (outcome.state, value) {
            case (.durable(let snapshot), .success(let value)?): return (value, snapshot)
            case (.failed(let error), .success?): throw error
            case (.moved, .success?) where attempts < 3: attempts += 1
            case (_, .failure(let error)?): throw error
            default: throw StorageError.damaged("the branch is moved by others without end")
            }
        }
    }

    /// Reads a blob.
    ///
    /// - Parameters:
    ///   - id: The blob's id.
    ///   - limit: The largest blob to read, in bytes.
    /// - Returns: Its bytes.
    /// - Throws: ``StorageError/notFound(_:)``, ``StorageError/tooLarge(bytes:limit:)``, or how the
    ///   object cannot be read.
    public func blob(_ id: ObjectID, limit: Int = .max) throws(StorageError) -> [UInt8] {
        try repository.read(id, .blob, limit: limit)
    }

    /// The bytes of a blob, without reading them.
    public func blobSize(_ id: ObjectID) throws(StorageError) -> Int {
        try repository.size(of: id)
    }
}

extension Store {
    /// How one writer's commit fared with its batch.
    private final class Batched {
        enum State {
            case waiting, durable(Snapshot), moved
            case failed(StorageError)
        }

        var state = State.waiting
    }

    /// Runs one writer's body and makes its commit, on top of those of its batch.
    private func prepare<Value>(
        _ batched: Batched,
        _ body: (inout Transaction) throws -> Value
    ) -> Result<Value, any Error> {
        Result {
            if batch.isEmpty { try catchUp() }
            var transaction = Transaction(snapshot: pending, repository: repository)
            let value = try body(&transaction)
            pending = try apply(transaction)
            batched.state = .durable(pending)
            batch.append(batched)
            return value
        }
    }

    /// Takes in what somebody else has committed to the branch since.
    private func catchUp() throws(StorageError) {
        let head = try repository.head()
        guard head != pending.commit else { return }
        pending = try History(repository).snapshot(at: head, after: pending)
        let taken = pending
        published.withLock { $0 = taken }
    }

    /// Moves the branch over the whole batch, once.
    private func settle() {
        let batch = self.batch
        self.batch = []
        let before = snapshot
        guard !batch.isEmpty, let commit = pending.commit, commit != before.commit else { return }
        do throws(StorageError) {
            if try repository.moveHead(from: before.commit, to: commit) {
                let durable = pending
                published.withLock { $0 = durable }
            } else {
                pending = before
                for batched in batch { batched.state = .moved }
            }
        } catch {
            pending = before
            for batched in batch { batched.state = .failed(error) }
        }
    }

    /// Writes the trees and the commit of a transaction.
    private func apply(_ transaction: Transaction) throws(StorageError) -> Snapshot {
        let base = transaction.snapshot
        var rootEdits: [TreeEdit] = []
        var trees: [String: (id: ObjectID, tree: Tree)?] = [:]
        for (name, edits) in transaction.edits {
            let before = base.folders[name]
            let tree = (before?.tree ?? .empty).applying(
                edits.map { TreeEdit(name: Array($0.key.utf8), value: $0.value) }
            )
            guard tree.raw != before?.tree.raw ?? [] else { continue }
            if tree.count == 0 {
                rootEdits.append(TreeEdit(name: Array(name.utf8), value: .removed))
                trees[name] = .some(nil)
            } else {
                let id = try repository.write(tree.raw, .tree)
                rootEdits.append(TreeEdit(name: Array(name.utf8), value: .tree(id)))
                trees[name] = (id, tree)
            }
        }
        guard !rootEdits.isEmpty else { return base }
        guard let message = transaction.message else {
            preconditionFailure("a change of the store says who made it")
        }
        let root = base.root.applying(rootEdits)
        let rootID = try repository.write(root.raw, .tree)
        let time = now()
        let commit = try repository.write(
            message.commit(tree: rootID, parent: base.commit, time: time),
            .commit
        )
        var folders = base.folders
        for (name, entry) in trees {
            folders[name] = entry.map {
                Folder(name: name, treeID: $0.id, tree: $0.tree, lastChange: commit)
            }
        }
        return Snapshot(commit: commit, time: time, folders: folders, root: root)
    }
}
