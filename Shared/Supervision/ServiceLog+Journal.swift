internal import CSystemd
internal import Logging

#if canImport(Glibc)
    internal import Glibc
#endif

extension ServiceLog {
    /// The longest name of a journal field, in bytes (systemd.journal-fields(7)).
    private static let maximumFieldNameBytes = 64

    /// Whether a descriptor is the stream to the journal that the environment names: a service that
    /// was started with its errors sent elsewhere has the variable too (systemd.exec(5)).
    ///
    /// - Parameters:
    ///   - stream: `JOURNAL_STREAM`: device and inode, `8:1234`.
    ///   - descriptor: The descriptor.
    /// - Returns: Whether they are the same.
    static func isJournalStream(_ stream: String?, descriptor: Int32) -> Bool {
        guard let stream else { return false }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return stream == "\(status.st_dev):\(status.st_ino)"
    }

    /// An entry of the journal: a line such as standard error gets, which is what `journalctl` and
    /// `systemctl status` show, and each piece of metadata as a field `EVERLOCK_…`, to search by.
    static func journalFields(
        _ level: Logger.Level,
        _ service: String,
        _ message: String,
        _ fields: [(name: String, value: String)]
    ) -> [String] {
        let own = [
            "MESSAGE=\(text(message, fields))", "PRIORITY=\(priority(level))",
            "SYSLOG_IDENTIFIER=\(service)",
        ]
        return own + fields.map { "\(fieldName($0.name))=\($0.value)" }
    }

    /// The journal drops a field whose name has anything but capitals, digits and underscores.
    private static func fieldName(_ key: String) -> String {
        let bytes = "EVERLOCK_\(key)".utf8.prefix(maximumFieldNameBytes).map { byte -> UInt8 in
            switch byte {
            case 0x30...0x39, 0x41...0x5A: byte
            case 0x61...0x7A: byte - 0x20
            default: UInt8(ascii: "_")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Hands an entry to the journal (sd_journal_sendv(3)).
    static func send(_ fields: [String]) {
        var bytes = fields.flatMap { Array($0.utf8) }
        let lengths = fields.map(\.utf8.count)
        bytes.withUnsafeMutableBytes { buffer in
            var start = 0
            let vectors = lengths.map { length in
                defer { start += length }
                return iovec(iov_base: buffer.baseAddress.map { $0 + start }, iov_len: length)
            }
            // An entry that the journal does not take has nowhere else to go.
            _ = sd_journal_sendv(vectors, Int32(vectors.count))
        }
    }

    /// The priority of syslog(3).
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
