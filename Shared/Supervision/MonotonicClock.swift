#if canImport(Glibc)
    internal import Glibc
#endif

/// The clock that systemd measures services by (clock_gettime(2), `CLOCK_MONOTONIC`): nobody sets it,
/// and it stands still while the machine sleeps.
public enum MonotonicClock {
    /// The time since some moment before the service started.
    public static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}

extension Duration {
    /// Whole milliseconds, rounded up: a wait of so many is not too short.
    public var millisecondsRoundedUp: Int {
        let (seconds, attoseconds) = components
        let milliseconds = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int(clamping: seconds) * 1_000 + Int(milliseconds)
    }
}
