#if canImport(Glibc)
    internal import Glibc
#endif

/// Reads settings files.
enum File {
    /// The bytes of a file.
    ///
    /// - Throws: ``SettingsError`` that says why it cannot be read.
    static func read(_ path: String, limit: Int) throws(SettingsError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            // `read` fills no more than the buffer it is given.
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw SettingsError(file: path, problem: "larger than \(limit) bytes")
            }
        }
    }

    /// The bytes of a file that need not be there; `nil` where it is not.
    ///
    /// - Throws: ``SettingsError`` that says why it cannot be read.
    static func readIfThere(_ path: String, limit: Int) throws(SettingsError) -> [UInt8]? {
        if unsafe access(path, F_OK) != 0, errno == ENOENT { return nil }
        return try read(path, limit: limit)
    }

    private static func failure(_ path: String, _ code: Int32) -> SettingsError {
        // `strerror` of glibc gives a string that stays.
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return SettingsError(
            file: path,
            problem: "cannot be read: \(reason)",
            remedy: code == ENOENT ? "make it, or name its folder with --config" : nil
        )
    }
}
