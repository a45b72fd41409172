import NIOCore

/// Whether a connection still moves: something came, something was written, or the client took some
/// of what was written before; and whether a client moves it fast enough.
struct Progress {
    private var last: NIODeadline
    private var unsentBytes = 0
    /// When the client was last found fast enough or not to blame, and what had moved by then; `nil` where
    /// the next look begins to count.
    private var good: (time: NIODeadline, movedBytes: Int)?

    init(now: NIODeadline) {
        last = now
        good = (now, 0)
    }

    /// Something else begins on the connection, and the client's speed is counted from the next look on.
    mutating func begin(now: NIODeadline) {
        last = now
        good = nil
    }

    /// Notes that something has moved.
    mutating func note(now: NIODeadline) { last = now }

    /// How much longer the connection may stand still.
    ///
    /// - Parameters:
    ///   - limit: How long it may altogether.
    ///   - unsentBytes: What was written and has not left; another number than last time is progress.
    ///   - now: The time.
    /// - Returns: What is left of the limit; not above zero where the connection has stalled.
    mutating func remaining(
        of limit: TimeAmount,
        unsentBytes: Int,
        now: NIODeadline
    ) -> TimeAmount {
        if unsentBytes > 0, unsentBytes != self.unsentBytes { last = now }
        self.unsentBytes = unsentBytes
        return limit - (now - last)
    }

    /// Whether a client that has had its turn for the whole of a limit moved less than it should: one that
    /// sends or reads a byte now and then would keep a backend for ever.
    ///
    /// - Parameters:
    ///   - movedBytes: What the client has sent and taken, counted from anywhere.
    ///   - isClientsTurn: Whether the next byte is the client's to move.
    ///   - slowest: The fewest bytes a second.
    ///   - limit: Over how long.
    ///   - now: The time.
    /// - Returns: Whether the client is to be given up.
    mutating func isTooSlow(
        movedBytes: Int,
        isClientsTurn: Bool,
        slowest: Int,
        limit: TimeAmount,
        now: NIODeadline
    ) -> Bool {
        guard isClientsTurn, let good else {
            good = (now, movedBytes)
            return false
        }
        let span = now - good.time
        guard span >= limit else { return false }
        self.good = (now, movedBytes)
        let (due, overflow) = Int64(slowest).multipliedReportingOverflow(by: span.nanoseconds)
        return !overflow && Int64(movedBytes - good.movedBytes) < due / 1_000_000_000
    }
}
