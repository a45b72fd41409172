internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A git repository with one owner: snapshots to read, transactions to write.
///
/// Readers take ``snapshot`` and wait for nobody. Writers are put in line by ``commit(_:)``, each
/// with a commit of its own; those that wait together share one flush of the journal. A commit that
/// has returned is on disk; git has it some seconds later, after ``checkpoint()``, and after
/// ``close()``.
public final class Store: Sendable {
    /// The repository's folder.
    public let path: String

    /// The work of whoever writes just now.
    public let writing = WorkSteps()
    /// The work of the thread that puts the journal into git.
    public let checkpointing = WorkSteps()

    let ledger: Ledger
    private let checkpointer: Checkpointer
    private let lock: StoreLock

    /// What the store asks of its owner.
    public struct Owner: Sendable {
        /// The clock that commits are stamped with, in seconds since 1970.
        let now: @Sendable () -> Int64
        let facts: FactSource
        let warn: @Sendable (String) -> Void

        /// Joins what an owner provides.
        ///
        /// - Parameters:
        ///   - now: The clock that commits are stamped with, in seconds since 1970.
        ///   - maximumKeyedBytes: The largest file whose key is derived, in bytes.
        ///   - key: Derives a number from a file's content that files can be found by; zero for one
        ///     that is not what it should be.
        ///   - warn: Hears what is wrong with the store and somebody should look at.
        public init(
            now: @escaping @Sendable () -> Int64 = Store.clock,
            maximumKeyedBytes: Int = 16 << 20,
            key: @escaping @Sendable ([UInt8]) -> UInt64 = { _ in 0 },
            warn: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.now = now
            facts = FactSource(maximumBytes: maximumKeyedBytes, key: key)
            self.warn = warn
        }
    }

    /// Opens a store, or makes an empty one, and takes its lock.
    ///
    /// What a crash has left in the journal alone is put into git before this returns.
    ///
    /// - Throws: ``StorageError/inUse(path:holder:)`` where another process owns it;
    ///   ``StorageError/damaged(_:)`` where the branch cannot be read.
    public init(path: String, owner: Owner = Owner()) throws(StorageError) {
        self.path = path
        let repository = try GitRepository(path: path)
        lock = try StoreLock(store: path)
        let packs = try PackFolder(repository: path, work: checkpointing, warn: owner.warn)
        let objects = try Objects(repository: path)
        let journal = try Journal(store: path)
        var facts = owner.facts
        facts.work = writing
        let recovery = Recovery(
            repository: repository,
            objects: objects,
            journal: journal,
            facts: facts,
            now: owner.now,
            warn: owner.warn
        )
        let state = try recovery.run()
        let checkpointer = Checkpointer(packs: packs, work: checkpointing, warn: owner.warn)
        ledger = Ledger(
            state,
            repository: repository,
            objects: objects,
            journal: journal,
            facts: facts,
            now: owner.now,
            work: writing,
            warn: owner.warn,
            onBacklog: { checkpointer.note($0) }
        )
        checkpointer.attach(ledger)
        self.checkpointer = checkpointer
        do throws(StorageError) {
            if !state.pending.isEmpty { try checkpointer.runNow() }
            recovery.setAside(state.damage)
        } catch {
            // Both of the journal's files may be in use: nothing can be written until it is done.
            journal.block(error)
        }
    }

    deinit { close() }

    /// Puts what is only in the journal into git, ends the store's thread and lets go of the lock.
    /// Nothing may be written after it: ``StorageError/closed``.
    public func close() {
        checkpointer.stop()
        lock.release()
    }

    /// The system's clock, in seconds since 1970.
    @Sendable public static func clock() -> Int64 { Int64(time(nil)) }

    /// The store as of the last commit that is on disk.
    public var snapshot: Snapshot { ledger.snapshot }

    /// The store as ``snapshot`` last gave it, or a write left it: waits for nobody, and does not look
    /// whether somebody else has moved the branch.
    public var lastSnapshot: Snapshot { ledger.published.withLock { $0 } }

    /// Makes one change, as one commit, durable before it returns.
    ///
    /// The body runs when it is this writer's turn; what it reads from the transaction's snapshot
    /// stays true until its change is in. A body that throws, or changes nothing, leaves no commit.
    ///
    /// - Returns: What the body returned, and the snapshot that has the change.
    /// - Throws: What the body threw, or ``StorageError``, of which ``StorageError/full(_:)`` for a
    ///   disk without room; then nothing is changed.
    public func commit<Value>(
        _ body: (inout Transaction) throws -> Value
    ) throws -> (value: Value, snapshot: Snapshot) {
        try checkpointer.admit()
        return try ledger.commit(body)
    }

    /// Puts everything that has been committed so far into git's own files.
    ///
    /// - Throws: ``StorageError`` where that fails; nothing is lost, and it is tried again later.
    public func checkpoint() throws(StorageError) { try checkpointer.runNow() }

    /// Reads a blob.
    ///
    /// - Parameters:
    ///   - id: The blob's id.
    ///   - limit: The largest blob to read, in bytes.
    /// - Returns: Its bytes, whose id has been compared with the one asked for.
    /// - Throws: ``StorageError/notFound(_:)``, ``StorageError/tooLarge(bytes:limit:)``, or how the
    ///   object cannot be read.
    public func blob(_ id: ObjectID, limit: Int = .max) throws(StorageError) -> [UInt8] {
        try ledger.objects.read(id, .blob, limit: limit)
    }
}
