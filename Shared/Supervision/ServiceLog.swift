internal import CSystemd
public import Logging

#if canImport(Glibc)
    internal import Glibc
#endif

/// Where a service's log goes: the journal with a field for each piece of metadata when systemd
/// started it, one `key=value` line each on standard error otherwise.
public struct ServiceLog: LogHandler {
    /// Whether standard error is the journal's (systemd.exec(5), `JOURNAL_STREAM`).
    private static let isJournal = getenv("JOURNAL_STREAM") != nil

    /// The least level that is logged.
    public var logLevel: Logger.Level
    /// Metadata that every line has.
    public var metadata: Logger.Metadata = [:]

    private let service: String

    /// Makes the handler of a service.
    public init(service: String, level: Logger.Level) {
        self.service = service
        logLevel = level
    }

    /// A logger of a service.
    ///
    /// - Parameters:
    ///   - service: What the log calls it.
    ///   - level: The least level logged, unless the variable `EVERLOCK_LOG` names another.
    /// - Returns: The logger.
    public static func logger(service: String, level: Logger.Level = .info) -> Logger {
        let named = getenv("EVERLOCK_LOG").flatMap { Logger.Level(rawValue: String(cString: $0)) }
        let handler = ServiceLog(service: service, level: named ?? level)
        return Logger(label: service) { _ in handler }
    }

    /// Reads or sets metadata that every line has.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line or journal entry.
    public func log(event: LogEvent) {
        var fields = metadata
        if let own = event.metadata { fields.merge(own) { _, new in new } }
        if Self.isJournal {
            journal(event.level, "\(event.message)", fields)
        } else {
            line(event.level, "\(event.message)", fields)
        }
    }

    private func line(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) {
        var text = "\(level.rawValue) \(service): \(message)"
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            text += " \(key)=\(Self.quoted("\(value)"))"
        }
        let bytes = Array((text + "\n").utf8)
        // A line that cannot be written has nowhere else to go.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x7F }
        return isPlain ? value : value.debugDescription
    }

    private func journal(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata) {
        var entries = [
            "MESSAGE=\(message)", "PRIORITY=\(Self.priority(level))",
            "SYSLOG_IDENTIFIER=\(service)",
        ]
        for (key, value) in fields { entries.append("EVERLOCK_\(key.uppercased())=\(value)") }
        var bytes = entries.map { Array($0.utf8) }
        var vectors: [iovec] = []
        func send(_ index: Int) {
            guard index < bytes.count else {
                _ = sd_journal_sendv(vectors, Int32(vectors.count))
                return
            }
            bytes[index].withUnsafeMutableBytes { buffer in
                vectors.append(iovec(iov_base: buffer.baseAddress, iov_len: buffer.count))
                send(index + 1)
            }
        }
        send(0)
    }

    private static func priority(_ level: Logger.Level) -> Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
