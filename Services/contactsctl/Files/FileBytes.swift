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

    /// Puts a file in the place of another, so that readers see the one or the other, whole; the
    /// mode and the owner of the old one are kept, a new one is the owner's alone unless said otherwise.
    ///
    /// A symbolic link stays, and what it leads to is replaced; a device or a pipe is written to.
    static func replace(
        _ link: String,
        with bytes: [UInt8],
        newMode: mode_t = 0o600
    ) throws {
        let path = resolved(link)
        let temporary = "\(path).new-\(getpid())"
        var old = stat()
        let isThere = stat(path, &old) == 0
        if isThere, old.st_mode & S_IFMT != S_IFREG { return try write(bytes, into: path) }
        let mode = isThere ? old.st_mode & 0o777 : newMode
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("write", temporary) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                close(descriptor)
                unlink(temporary)
                throw failure("write", temporary)
            }
            rest = rest.dropFirst(count)
        }
        // Whatever the shell's mask takes away.
        fchmod(descriptor, mode)
        if isThere {
            // Only root may give a file away; for others the owner is the same already.
            _ = fchown(descriptor, old.st_uid, old.st_gid)
        }
        let isFlushed = fsync(descriptor) == 0
        close(descriptor)
        guard isFlushed, rename(temporary, path) == 0 else {
            unlink(temporary)
            throw failure("write", path)
        }
    }

    /// Waits until nobody else changes the files of a path's folder, and keeps others waiting.
    ///
    /// - Returns: A descriptor; others go on once it is closed.
    static func lockedFolder(of path: String) throws -> Int32 {
        let folder = resolved(path).lastIndex(of: "/").map { String(resolved(path)[...$0]) } ?? "."
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

    /// Where a path leads; itself where nothing is there yet.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func write(_ bytes: [UInt8], into path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("write", path) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure("write", path) }
            rest = rest.dropFirst(count)
        }
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

    static func failure(_ verb: String, _ path: String) -> CommandFailure {
        let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
        return CommandFailure(message: "cannot \(verb) \(path): \(reason)")
    }
}
