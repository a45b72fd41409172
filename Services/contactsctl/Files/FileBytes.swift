import Glibc

/// Files as bytes.
enum FileBytes {
    /// The largest file that is read, in bytes.
    static let maximumBytes = 1 << 30

    /// All of a file.
    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else {
                throw CommandFailure(message: "\(path) is larger than \(maximumBytes) bytes")
            }
        }
    }

    /// Puts a file in the place of another, as ``Replacement`` does; a new one is the owner's alone
    /// unless said otherwise.
    static func replace(
        _ path: String,
        with bytes: [UInt8],
        newMode: mode_t = 0o600
    ) throws {
        let file = try Replacement(of: path, newMode: newMode)
        try file.write(bytes)
        try file.finish()
    }

    /// Writes all of some bytes, and waits where whoever reads them is slow.
    ///
    /// - Returns: Whether that was done; where not, `errno` tells why.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // Whoever shares it has made it one that does not wait.
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, -1)
                continue
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Waits until nobody else changes the files of a path's folder, and keeps others waiting.
    ///
    /// - Returns: A descriptor; others go on once it is closed.
    static func lockedFolder(of path: String) throws -> Int32 {
        let place = Replacement.resolved(path)
        let folder = place.lastIndex(of: "/").map { String(place[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                close(descriptor)
                throw failure("lock", folder)
            }
        }
        return descriptor
    }

    /// The `.vcf` files that a path names: itself, or those in a folder and the folders in it.
    static func cardFiles(_ path: String) throws -> [String] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("read", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
        guard let folder = opendir(path) else { throw failure("read", path) }
        defer { closedir(folder) }
        var files: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(".") { continue }
            let inner = "\(path)/\(name)"
            if entry.pointee.d_type == UInt8(DT_DIR) {
                files += try cardFiles(inner)
            } else if name.lowercased().hasSuffix(".vcf") {
                files.append(inner)
            }
        }
        return files.sorted()
    }

    /// Why something could not be done with a file, as `errno` has it.
    static func failure(_ verb: String, _ path: String) -> CommandFailure {
        let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
        return CommandFailure(message: "cannot \(verb) \(path): \(reason)")
    }
}
