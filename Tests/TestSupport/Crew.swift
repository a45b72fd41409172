internal import Foundation
internal import Synchronization

/// Several who work at once, each on a thread of its own: their sockets block.
public final class Crew: Sendable {
    private let stopped = Mutex(false)
    private let count = Mutex(0)
    private let failure = Mutex<(any Error)?>(nil)
    private let group = DispatchGroup()

    /// Whether they were told to stop.
    public var isStopped: Bool { stopped.withLock { $0 } }
    /// What they have done so far.
    public var done: Int { count.withLock { $0 } }

    /// Nobody yet.
    private init() {}

    /// Has a crew at work while the body runs, and waits for its end in any case.
    public static func working<Value>(_ body: (Crew) throws -> Value) throws -> Value {
        let crew = Crew()
        let result = Result { try body(crew) }
        crew.stop()
        try crew.join()
        return try result.get()
    }

    /// Starts one more; the thread ends when the work does.
    public func start(_ work: @escaping @Sendable () throws -> Void) {
        group.enter()
        Foundation.Thread.detachNewThread { [self] in
            do {
                try work()
            } catch {
                failure.withLock { $0 = error }
            }
            group.leave()
        }
    }

    /// Counts one thing done.
    public func countOne() { count.withLock { $0 += 1 } }

    /// Waits until so much is done.
    ///
    /// - Throws: Where it is not within half a minute.
    public func wait(for amount: Int) throws {
        try eventually { done >= amount || failure.withLock { $0 != nil } }
    }

    /// Tells all to stop after what they are at.
    public func stop() { stopped.withLock { $0 = true } }

    /// Waits for the end of all, and throws what one of them threw.
    private func join() throws {
        group.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
