public import Logging

#if canImport(Glibc)
    internal import Glibc
#endif

/// Where a service's log goes: the journal when systemd started it, standard error otherwise. Both get
/// one line each, with the metadata as `key=value` behind the message; the journal gets a field for
/// each piece of it as well.
public struct ServiceLog: LogHandler {
    /// Whether standard error is the journal's (systemd.exec(5), `JOURNAL_STREAM`).
    static let isJournal = isJournalStream(
        getenv("JOURNAL_STREAM").map { String(cString: $0) },
        descriptor: STDERR_FILENO
    )

    /// The longest value in a line, in bytes before it is quoted. The journal's field has all of it.
    static let maximumValueBytes = 2_048

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
            Self.send(
                Self.journalFields(event.level, service, "\(event.message)", Self.pairs(fields))
            )
        } else {
            let text = Self.line(event.level, service, "\(event.message)", fields)
            let bytes = Array("\(text)\n".utf8)
            // A line that cannot be written has nowhere else to go.
            _ = write(STDERR_FILENO, bytes, bytes.count)
        }
    }

    /// One line for people and for `grep`: level, service, and what ``text(_:_:)`` makes of the rest.
    static func line(
        _ level: Logger.Level,
        _ service: String,
        _ message: String,
        _ fields: Logger.Metadata
    ) -> String {
        "\(level.rawValue) \(service): \(text(message, pairs(fields)))"
    }

    /// A message and `key=value` for each of its fields. Whatever a value holds, it stays one line, of
    /// bounded length.
    static func text(_ message: String, _ fields: [(name: String, value: String)]) -> String {
        var text = message
        if !isPrintableASCII(message) {
            let scalars = message.unicodeScalars.map { isUnprintable($0) ? " " : $0 }
            text = String(String.UnicodeScalarView(scalars))
        }
        text.reserveCapacity(512)
        for (name, value) in fields { text += " \(name)=\(quoted(value))" }
        return text
    }

    /// Metadata in the order of the keys.
    static func pairs(_ fields: Logger.Metadata) -> [(name: String, value: String)] {
        fields.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    }

    /// A value as it stands in a line: within quotes where it has to be, and cut where it is too long.
    static func quoted(_ value: String) -> String {
        if value.utf8.count > maximumValueBytes {
            let mark = "…"
            let kept = maximumValueBytes - mark.utf8.count
            let end = value.utf8.index(value.startIndex, offsetBy: kept)
            // A scalar that lies across the end is left out.
            return quoted(String(value.unicodeScalars[..<end]) + mark)
        }
        // Almost every value is of such bytes alone: looking each up among Unicode's properties would
        // cost more than all else about a line.
        if !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 }) {
            return value
        }
        // A program's name has blanks.
        if isPrintableASCII(value), !value.utf8.contains(where: { $0 == 0x22 || $0 == 0x5C }) {
            return "\"\(value)\""
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

    private static func isPrintableASCII(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    /// Line ends and what a terminal obeys, beyond ASCII too.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
