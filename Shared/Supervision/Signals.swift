// Its header brings `timespec` along: which of the two modules owns it depends on who is compiled
// with whom.
internal import CSystemd

#if canImport(Glibc)
    internal import Glibc
#endif

/// Signals as events: blocked everywhere, waited for on one thread (sigwait(3)).
public enum Signals {
    /// End gracefully.
    public static let terminate = SIGTERM
    /// The same, from a terminal.
    public static let interrupt = SIGINT
    /// Read the settings again.
    public static let reload = SIGHUP
    /// Nothing but an end of ``wait(_:until:)``: see ``wakeUp()``.
    public static let wake = SIGUSR1

    /// Blocks signals for the calling thread and all that it will start. Also has a write to a
    /// closed socket fail instead of ending the process.
    public static func block(_ signals: [Int32]) {
        var set = self.set(signals)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for one of some blocked signals.
    public static func wait(_ signals: [Int32]) -> Int32 {
        var set = self.set(signals)
        var signal: Int32 = 0
        while sigwait(&set, &signal) != 0 {}
        return signal
    }

    /// Waits for one of some blocked signals, until a time of the monotonic clock at the most
    /// (sigtimedwait(2)).
    ///
    /// - Parameters:
    ///   - signals: The signals.
    ///   - end: When to wait no longer; `nil` for never.
    /// - Returns: The signal; `nil` where none has come.
    public static func wait(_ signals: [Int32], until end: Duration?) -> Int32? {
        guard let end else { return wait(signals) }
        var set = self.set(signals)
        while true {
            let (seconds, attoseconds) = max(.zero, end - MonotonicClock.now).components
            var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
            let signal = sigtimedwait(&set, nil, &time)
            if signal > 0 { return signal }
            if errno != EINTR { return nil }
        }
    }

    /// Has whoever waits for ``wake`` in this process look what is new.
    public static func wakeUp() { kill(getpid(), wake) }

    private static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }
}
