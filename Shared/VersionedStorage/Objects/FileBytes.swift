#if canImport(Glibc)
    import Glibc
#endif

/// Whole files, and whole writes: system calls that may do less than they are asked are asked again.
enum FileBytes {
    /// Reads a file.
    static func read(_ path: String) throws(StorageError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError(call: "open", path: path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw StorageError(call: "fstat", path: path)
        }
        var failed = false
        let size = Int(status.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                guard let base = buffer.baseAddress else { return }
                let read = pread(descriptor, base + count, size - count, off_t(count))
                guard read > 0 else {
                    failed = read < 0
                    return
                }
                count += read
            }
        }
        if failed { throw StorageError(call: "read", path: path) }
        return bytes
    }

    /// Writes all of some bytes at a place of an open file.
    static func write(
        _ bytes: [UInt8],
        to descriptor: Int32,
        at place: Int,
        path: String
    ) throws(StorageError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                buffer.baseAddress.map {
                    pwrite(descriptor, $0 + done, bytes.count - done, off_t(place + done))
                } ?? 0
            }
            guard count > 0 else { throw StorageError(call: "write", path: path) }
            done += count
        }
    }

    /// Puts a folder's list of names on disk.
    static func flushFolder(_ path: String) throws(StorageError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError(call: "open", path: path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError(call: "fsync", path: path) }
    }

    /// The names in a folder, in order; none where there is no such folder.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

extension StorageError {
    /// What a system call has just failed with.
    init(call: String, path: String) {
        let code = errno
        if code == ENOSPC || code == EDQUOT {
            self = .full("\(call) \(path)")
        } else {
            self = .system(call: call, path: path, code: code)
        }
    }
}
