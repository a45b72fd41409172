internal import CSystemd

/// What a service tells the manager that started it (sd_notify(3)); nothing where none did.
public enum ServiceManager {
    /// The service answers requests.
    public static func ready(status: String) { notify("READY=1\nSTATUS=\(line(status))") }

    /// What `systemctl status` shows.
    public static func status(_ status: String) { notify("STATUS=\(line(status))") }

    /// The service is about to end.
    public static func stopping() { notify("STOPPING=1") }

    private static func notify(_ state: String) {
        // Nobody is told where no manager listens; that is no failure.
        _ = sd_notify(0, state)
    }

    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
