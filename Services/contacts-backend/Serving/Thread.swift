import Glibc

/// Threads of the system, for work that blocks: connections, signals.
///
/// Swift's own pool is for work that does not block, and libdispatch would cost an idle instance
/// memory that these do not.
enum Thread {
    /// The stack of a thread, in bytes: a card is parsed without recursion.
    private static let stackBytes = 512 * 1024

    /// Runs a closure on a thread of its own, which nobody joins: what it serves is counted by
    /// whoever starts it.
    ///
    /// - Returns: False where the system gives no more threads.
    static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, stackBytes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let box = Unmanaged.passRetained(Box(body))
        var thread = pthread_t()
        let rc = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            box.toOpaque()
        )
        if rc != 0 { box.release() }
        return rc == 0
    }

    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
