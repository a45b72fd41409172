internal import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// The lock that makes one process the owner of a store.
///
/// An advisory `flock`, so that the kernel lets go of it whatever becomes of the process; the file's
/// text says who holds it, for the error that the second one gives.
final class StoreLock: Sendable {
    /// The lock's file, beside git's own.
    static let fileName = "everlock.lock"

    private let descriptor: Mutex<Int32>

    /// Takes the lock.
    ///
    /// - Throws: ``StorageError/inUse(path:holder:)`` where another process has it.
    init(store: String) throws(StorageError) {
        let path = "\(store)/\(Self.fileName)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StorageError.system(call: "open", path: path, code: errno)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.read(descriptor)
            close(descriptor)
            throw StorageError.inUse(path: store, holder: holder)
        }
        self.descriptor = Mutex(descriptor)
        let text = Array("process \(getpid())\n".utf8)
        // The text is a courtesy: the lock holds without it.
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    deinit { release() }

    /// Lets go of the lock.
    func release() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // Closing alone leaves the lock with a child that was forked and has not begun to run.
            flock(descriptor, LOCK_UN)
            close(descriptor)
            descriptor = -1
        }
    }

    private static func read(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return "another process" }
        let line = buffer[..<count].prefix { $0 != 0x0A }
        return String(decoding: line, as: UTF8.self)
    }
}
