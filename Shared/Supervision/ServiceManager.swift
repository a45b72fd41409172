internal import CSystemd

#if canImport(Glibc)
    internal import Glibc
#endif

/// What a service tells the manager that started it (sd_notify(3)); nothing where none did.
public enum ServiceManager {
    /// Whether somebody listens to what the service says; what it says is worth making then only.
    public static var isListening: Bool { getenv("NOTIFY_SOCKET") != nil }

    /// The service answers requests.
    public static func ready(status: String) { notify("READY=1\nSTATUS=\(line(status))") }

    /// What `systemctl status` shows.
    public static func status(_ status: String) { notify("STATUS=\(line(status))") }

    /// The service is about to end: from here on the manager waits for no sign of life.
    public static func stopping(status: String = "Stopping") {
        notify("STOPPING=1\nSTATUS=\(line(status))")
    }

    /// The service reads its settings again; ``ready(status:)`` says that it is done.
    public static func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let microseconds = UInt64(now.tv_sec) * 1_000_000 + UInt64(now.tv_nsec) / 1_000
        notify("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
    }

    /// The service gets on with its work.
    public static func watchdog() { notify("WATCHDOG=1") }

    /// How long the manager waits between two signs of life before it restarts the service; half
    /// of it is a good interval to send them in. `nil` where it does not wait for any
    /// (sd_watchdog_enabled(3)).
    public static var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    private static func notify(_ state: String) {
        // Nobody is told where no manager listens; that is no failure.
        _ = sd_notify(0, state)
    }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
