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

    private static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }
}
