internal import CMalloc
internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// Puts what the journal has into git, on a thread of its own: some seconds after a write, at once
/// where much has come together, on demand, and at the end.
///
/// The thread sleeps until there is something to do; a store that nobody writes to has none.
final class Checkpointer: Sendable {
    /// What others see of a change with git is as old as this at the most, and the time that the
    /// checkpoint takes.
    static let maximumDelaySeconds = 5
    /// Commits that are put into git at once.
    static let maximumCommits = 512
    /// Bytes of the journal that are put into git at once.
    static let maximumBytes = 1 << 20
    /// Bytes that writers may be ahead; then they wait. Where the last checkpoint has failed, it is
    /// ``maximumBytes``, and the writer learns why.
    static let maximumBacklogBytes = 64 << 20
    /// Times that a checkpoint is begun anew because somebody has moved the branch.
    private static let maximumAttempts = 5

    private struct State {
        var isStarted = false
        var isStopping = false
        /// Whether the thread has made its last checkpoint.
        var isOver = false
        var isUrgent = false
        var deadline: timespec?
        var requested = 0
        var completed = 0
        var failure: StorageError?
        var backlogBytes = 0
    }

    // Initialised once, used only through pthread calls and freed in `deinit`.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) let changed: UnsafeMutablePointer<pthread_cond_t>
    // Guarded by `mutex`.
    private nonisolated(unsafe) var state = State()
    private nonisolated(unsafe) var thread = pthread_t()
    // Set once before the thread starts; `packs` is used by the thread alone after that.
    private nonisolated(unsafe) var ledger: Ledger?
    private nonisolated(unsafe) let packs: PackFolder
    private let work: WorkSteps
    private let warn: @Sendable (String) -> Void

    /// - Parameters:
    ///   - packs: The packs, which count their steps themselves.
    ///   - work: Counts what is done.
    ///   - warn: Hears of what fails.
    init(packs: PackFolder, work: WorkSteps, warn: @escaping @Sendable (String) -> Void) {
        self.packs = packs
        self.work = work
        self.warn = warn
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Says whose commits these are; before anything else.
    func attach(_ ledger: Ledger) { self.ledger = ledger }

    /// Learns how much waits.
    func note(_ backlog: Ledger.Backlog) {
        lock()
        defer { unlock() }
        state.backlogBytes = backlog.bytes
        guard backlog.commits > 0 else { return }
        start()
        let isMuch = backlog.commits >= Self.maximumCommits || backlog.bytes >= Self.maximumBytes
        let isNews = state.deadline == nil || (isMuch && !state.isUrgent)
        if state.deadline == nil { state.deadline = Self.time(in: Self.maximumDelaySeconds) }
        if isMuch { state.isUrgent = true }
        if isNews { pthread_cond_broadcast(changed) }
    }

    /// Lets a writer in, once those before are not too far ahead of git.
    ///
    /// - Throws: What the last checkpoint failed with, where that is why; ``StorageError/closed``
    ///   after ``stop()``.
    func admit() throws(StorageError) {
        lock()
        let isStopping = state.isStopping
        let limit = state.failure == nil ? Self.maximumBacklogBytes : Self.maximumBytes
        let isFull = state.backlogBytes >= limit
        unlock()
        if isStopping { throw StorageError.closed }
        if isFull { try runNow() }
    }

    /// Puts everything into git that has been committed before this call.
    ///
    /// - Throws: Why that failed; it is tried again later.
    func runNow() throws(StorageError) {
        lock()
        defer { unlock() }
        start()
        guard !state.isOver, state.isStarted || !state.isStopping else {
            throw StorageError.closed
        }
        guard state.isStarted else { throw StorageError.full("no thread for a checkpoint") }
        state.requested += 1
        let ticket = state.requested
        pthread_cond_broadcast(changed)
        while state.completed < ticket { pthread_cond_wait(changed, mutex) }
        if let failure = state.failure { throw failure }
    }

    /// Ends the thread after a last checkpoint.
    func stop() {
        lock()
        let isRunning = state.isStarted && !state.isStopping
        state.isStopping = true
        pthread_cond_broadcast(changed)
        unlock()
        if isRunning { pthread_join(thread, nil) }
        packs.clearAllRetired()
        ledger?.forgetJournal()
        ledger = nil
    }

    // MARK: The thread

    /// Starts the thread once. Called with the lock held.
    private func start() {
        guard !state.isStarted, !state.isStopping else { return }
        let box = Unmanaged.passRetained(self)
        let result = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Checkpointer>.fromOpaque(argument).takeRetainedValue().runThread()
                return nil
            },
            box.toOpaque()
        )
        if result == 0 { state.isStarted = true } else { box.release() }
    }

    private func runThread() {
        var isLast = false
        while !isLast {
            let ticket = waitForWork()
            var failure: StorageError?
            work.began()
            do throws(StorageError) {
                try run()
            } catch {
                failure = error
                warn("a checkpoint failed: \(error); the journal has what it was to hold")
            }
            work.ended()
            lock()
            state.failure = failure
            state.completed = ticket
            if failure != nil { state.deadline = Self.time(in: Self.maximumDelaySeconds) }
            isLast = state.isStopping && state.requested == ticket
            state.isOver = isLast
            pthread_cond_broadcast(changed)
            unlock()
        }
    }

    /// Sleeps until a checkpoint is due.
    ///
    /// - Returns: The newest request that the checkpoint will serve.
    private func waitForWork() -> Int {
        lock()
        defer { unlock() }
        while !state.isStopping, !state.isUrgent, state.requested == state.completed {
            guard var deadline = state.deadline else {
                pthread_cond_wait(changed, mutex)
                continue
            }
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { break }
        }
        state.isUrgent = false
        state.deadline = nil
        return state.requested
    }

    /// One checkpoint: packs first, then the branch, then what is derived.
    private func run() throws(StorageError) {
        guard let ledger else { return }
        for _ in 0..<Self.maximumAttempts {
            self.work.wentOn()
            guard let work = ledger.freeze(), let head = work.commits.last?.id else { return }
            do throws(StorageError) {
                // Others may have repacked since, and left out what nothing named until now.
                try ledger.objects.reopen(without: [])
                let known = ledger.objects.database
                try packs.add(work.commits, from: work.base, to: work.result, known: known)
                try reopen(ledger)
                self.work.wentOn()
                guard try ledger.repository.moveHead(from: work.branch, to: head) else {
                    ledger.abandon()
                    continue
                }
            } catch {
                ledger.abandon()
                throw error
            }
            ledger.finish(work, at: head)
            try tidy(ledger, work)
            return
        }
        throw StorageError.damaged("the branch is moved by others without end")
    }

    private func tidy(_ ledger: Ledger, _ work: Ledger.Work) throws(StorageError) {
        self.work.wentOn()
        packs.clearRetired()
        try StoreIndex(work.result)?.write(store: ledger.repository.path)
        if try packs.consolidate() { try reopen(ledger) }
        // What a burst of writes has needed is the system's again.
        malloc_trim(0)
    }

    /// Sees the packs as they are now, and holds none that is gone.
    private func reopen(_ ledger: Ledger) throws(StorageError) {
        try ledger.objects.reopen(without: [])
        try ledger.repository.use(ledger.objects.database)
    }

    private func lock() { pthread_mutex_lock(mutex) }
    private func unlock() { pthread_mutex_unlock(mutex) }

    private static func time(in seconds: Int) -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        now.tv_sec += seconds
        return now
    }
}
