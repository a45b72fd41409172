import NIOCore

/// Whether a connection still moves: something came, something was written, or the client took some
/// of what was written before.
struct Progress {
    private var last: NIODeadline
    private var unsentBytes = 0

    init(now: NIODeadline) { last = now }

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
}
