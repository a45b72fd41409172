public import Logging

#if canImport(Glibc)
    internal import Glibc
#endif

/// Where a service's log goes: the journal with a field for each piece of metadata when systemd
/// started it, one `key=value` line each on standard error otherwise.
public struct ServiceLog: LogHandler {
    /// Whether standard error is the journal's (systemd.exec(5), `JOURNAL_STREAM`).
    static let isJournal = isJournalStream(
        getenv("JOURNAL_STREAM").map { String(cString: $0) },
        descriptor: STDERR_FILENO
    )

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
            Self.send(Self.journalFields(event.level, service, "\(event.message)", fields))
        } else {
            let text = Self.line(event.level, service, "\(event.message)", fields)
            let bytes = Array("\(text)\n".utf8)
            // A line that cannot be written has nowhere else to go.
            _ = write(STDERR_FILENO, bytes, bytes.count)
        }
    }

    /// One line for people and for `grep`: level, service, message, and `key=value` in the order of
    /// the keys. Whatever a value holds, it stays one line.
    static func line(
        _ level: Logger.Level,
        _ service: String,
        _ message: String,
        _ fields: Logger.Metadata
    ) -> String {
        var text = "\(level.rawValue) \(service): "
        text += String(
            String.UnicodeScalarView(message.unicodeScalars.map { isUnprintable($0) ? " " : $0 })
        )
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            text += " \(key)=\(quoted("\(value)"))"
        }
        return text
    }

    static func quoted(_ value: String) -> String {
        // Almost every value is of such bytes alone: looking each up among Unicode's properties would
        // cost more than all else about a line.
        if !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }) {
            return value
        }
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { scalar in
                scalar != "\"" && !scalar.properties.isWhitespace && !isUnprintable(scalar)
            }
        if isPlain { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            if scalar == "\"" || scalar == "\\" {
                text += "\\\(scalar)"
            } else if isUnprintable(scalar) {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    /// Line ends and what a terminal obeys, beyond ASCII too.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
