#if canImport(Glibc)
    internal import Glibc
#endif

/// `last-use.toml` in the gateway's state folder: when app passwords were last used, to the minute.
///
/// ```toml
/// [alice]
/// k7m2q9xw = "2026-11-21T11:23Z"
/// ```
///
/// The gateway writes it, `contactsctl app-password list` reads it, and nothing depends on it: it may
/// be deleted.
public struct LastUseFile: Sendable, Equatable {
    /// The file's name in the gateway's state folder.
    public static let fileName = "last-use.toml"

    /// The minutes, by user and id.
    public var minutes: [String: [String: CalendarMinute]]

    /// No use at all.
    public init() { minutes = [:] }

    /// Reads a document.
    ///
    /// - Throws: ``SettingsError`` for what the gateway does not write.
    public init(bytes: [UInt8], file: String) throws(SettingsError) {
        minutes = [:]
        for entry in try TOMLDocument.parse(bytes, file: file).entries {
            guard case .table(let table) = entry.value else {
                throw SettingsError(
                    file: file,
                    line: entry.line,
                    key: entry.key,
                    problem: "must be a table",
                    remedy: "delete the file: the gateway writes it anew"
                )
            }
            for used in table.entries {
                guard case .string(let text) = used.value, let minute = CalendarMinute(text) else {
                    throw SettingsError(
                        file: file,
                        line: used.line,
                        key: "\(entry.key).\(used.key)",
                        problem: "must be a minute",
                        remedy: "delete the file: the gateway writes it anew"
                    )
                }
                minutes[entry.key, default: [:]][used.key] = minute
            }
        }
    }

    /// Reads a file; no use at all where there is none.
    ///
    /// - Throws: ``SettingsError``.
    public static func load(path: String) throws(SettingsError) -> LastUseFile {
        let bytes = try File.readIfThere(path, limit: TOMLDocument.maximumBytes)
        return try LastUseFile(bytes: bytes ?? [], file: path)
    }

    /// The document, in an order that depends on nothing but what it says.
    public var text: String {
        minutes.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
            .map { user, ids in
                "[\(TOMLText.key(user))]\n"
                    + ids.sorted { $0.key < $1.key }
                    .map { "\(TOMLText.key($0.key)) = \"\($0.value)\"\n" }.joined()
            }
            .joined(separator: "\n")
    }

    /// Puts the file in place whole: after a crash there is the old one or the new one.
    ///
    /// Blocks until the disk has it.
    ///
    /// - Throws: ``SettingsError`` that says why it cannot be written; the old file stays.
    public func save(path: String) throws(SettingsError) {
        let temporary = "\(path).new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
        var rest = Array(text.utf8)[...]
        var isWhole = true
        while isWhole, !rest.isEmpty {
            // `write` reads no more than the bytes it is given.
            let count = unsafe rest.withUnsafeBytes {
                unsafe write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            isWhole = count > 0
            if isWhole { rest = rest.dropFirst(count) }
        }
        isWhole = isWhole && fsync(descriptor) == 0
        let error = Self.failure(path)
        close(descriptor)
        guard isWhole else {
            unsafe unlink(temporary)
            throw error
        }
        guard unsafe rename(temporary, path) == 0 else { throw Self.failure(path) }
    }

    private static func failure(_ path: String) -> SettingsError {
        // `strerror` of glibc gives a string that stays.
        let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
        return SettingsError(file: path, problem: "cannot be written: \(reason)")
    }
}
