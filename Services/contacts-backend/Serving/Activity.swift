import Supervision
import Synchronization

/// What the backend does and has done, counted without a lock.
final class Activity: Sendable {
    /// The counts at one moment.
    struct Counts: Equatable {
        /// Requests answered since the start, an operator's not among them.
        var requests = 0
        /// Those of them that were answered with 5xx or cut off.
        var failed = 0
        /// Connections that are open.
        var connections = 0
        /// Requests that are being answered.
        var underWay = 0
    }

    private let requests = Atomic(0)
    private let failed = Atomic(0)
    private let connections = Atomic(0)
    private let underWay = Atomic(0)
    /// When the last request was answered, in nanoseconds of the monotonic clock.
    private let lastRequest = Atomic(Activity.nanoseconds())

    /// The counts as of now.
    var counts: Counts {
        Counts(
            requests: requests.load(ordering: .relaxed),
            failed: failed.load(ordering: .relaxed),
            connections: connections.load(ordering: .relaxed),
            underWay: underWay.load(ordering: .relaxed)
        )
    }

    /// How long no request has been under way; zero while one is.
    var idleTime: Duration {
        guard underWay.load(ordering: .acquiring) == 0 else { return .zero }
        let last = lastRequest.load(ordering: .acquiring)
        return .nanoseconds(max(0, Self.nanoseconds() - last))
    }

    /// Counts a connection, unless there are too many.
    ///
    /// - Returns: Whether there was room.
    func connected(limit: Int) -> Bool {
        let (before, _) = connections.add(1, ordering: .relaxed)
        if before < limit { return true }
        connections.subtract(1, ordering: .relaxed)
        return false
    }

    /// Counts a connection's end.
    func disconnected() { connections.subtract(1, ordering: .releasing) }

    /// A request has come.
    func began() { underWay.add(1, ordering: .acquiringAndReleasing) }

    /// A request is answered.
    func ended(hasFailed: Bool) {
        requests.add(1, ordering: .relaxed)
        if hasFailed { failed.add(1, ordering: .relaxed) }
        lastRequest.store(Self.nanoseconds(), ordering: .releasing)
        underWay.subtract(1, ordering: .acquiringAndReleasing)
    }

    private static func nanoseconds() -> Int64 {
        let (seconds, attoseconds) = MonotonicClock.now.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
