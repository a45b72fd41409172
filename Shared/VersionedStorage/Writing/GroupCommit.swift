#if canImport(Glibc)
    import Glibc
#endif

/// Writers that arrive while a flush is under way wait for the next one, together.
///
/// The first of them leads: it takes all that wait, runs them in order, flushes once for all, and
/// wakes them. No thread of its own, and none idle: a lone writer never changes threads.
final class GroupCommit: Sendable {
    /// One writer's work, and whether it is done.
    final class Job {
        let prepare: () -> Void
        fileprivate let isAlone: Bool
        fileprivate var isDone = false

        /// - Parameters:
        ///   - isAlone: Whether what was prepared before is flushed first.
        ///   - prepare: The work; it keeps its own result and does not throw.
        init(isAlone: Bool = false, prepare: @escaping () -> Void) {
            self.isAlone = isAlone
            self.prepare = prepare
        }
    }

    // Both are initialised once, used only through pthread calls and freed in `deinit`.
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private nonisolated(unsafe) let woken: UnsafeMutablePointer<pthread_cond_t>
    // Guarded by `mutex`.
    private nonisolated(unsafe) var waiting: [Job] = []
    private nonisolated(unsafe) var isLed = false
    private let work: WorkSteps

    /// - Parameter work: Counts the jobs as they are done.
    init(work: WorkSteps) {
        self.work = work
        mutex = .allocate(capacity: 1)
        woken = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(woken, nil)
    }

    deinit {
        pthread_cond_destroy(woken)
        pthread_mutex_destroy(mutex)
        woken.deallocate()
        mutex.deallocate()
    }

    /// Runs a job in its turn and returns when its batch is settled.
    ///
    /// - Parameters:
    ///   - job: The work to do in turn.
    ///   - flush: Called once for a batch, after its last job, and before a job that wants to be
    ///     alone, on the thread that leads.
    func run(_ job: Job, flush: () -> Void) {
        pthread_mutex_lock(mutex)
        waiting.append(job)
        while !job.isDone {
            if isLed {
                pthread_cond_wait(woken, mutex)
            } else {
                lead(flush)
            }
        }
        pthread_mutex_unlock(mutex)
    }

    /// Settles one batch. Called with the mutex held, which it lets go of while it works.
    private func lead(_ flush: () -> Void) {
        isLed = true
        work.began()
        let batch = waiting
        waiting = []
        pthread_mutex_unlock(mutex)
        for job in batch {
            if job.isAlone { flush() }
            job.prepare()
            work.wentOn()
        }
        flush()
        work.ended()
        pthread_mutex_lock(mutex)
        for job in batch { job.isDone = true }
        isLed = false
        pthread_cond_broadcast(woken)
    }
}
