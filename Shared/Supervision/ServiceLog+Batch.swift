public import Logging

#if canImport(Glibc)
    internal import Glibc
#endif

extension ServiceLog {
    /// Writes many lines of the same message with one call, in the form that ``log(event:)`` gives
    /// each. Blocks for as long as the journal or standard error takes.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - level: Its level; whether that is shown is the caller's to know.
    ///   - service: What the log calls the service.
    ///   - records: The fields of each line, in the order of their names.
    public static func writeLines(
        _ message: StaticString,
        _ level: Logger.Level,
        service: String,
        _ records: [[(name: String, value: String)]]
    ) {
        if isJournal {
            for record in records {
                send(journalFields(level, service, "\(message)", record))
            }
            return
        }
        let bytes = text(message, level, service: service, records)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            // Lines that cannot be written have nowhere else to go.
            guard count > 0 else { return }
            sent += count
        }
    }

    /// The lines as bytes.
    static func text(
        _ message: StaticString,
        _ level: Logger.Level,
        service: String,
        _ records: [[(name: String, value: String)]]
    ) -> [UInt8] {
        let head = "\(level.rawValue) \(service): \(message)"
        var bytes: [UInt8] = []
        bytes.reserveCapacity(records.count * 320)
        for record in records {
            append(head, to: &bytes)
            for (name, value) in record {
                bytes.append(UInt8(ascii: " "))
                append(name, to: &bytes)
                bytes.append(UInt8(ascii: "="))
                append(quoted(value), to: &bytes)
            }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// In one piece: a view of the text would be copied byte by byte.
    private static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }
}
