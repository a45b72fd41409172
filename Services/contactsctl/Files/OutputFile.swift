import Glibc

/// A file that is written piece by piece and takes its place once it is whole; or standard output.
final class OutputFile {
    private static let gatherBytes = 256 * 1024

    private let path: String?
    private let temporary: String
    private let descriptor: Int32
    private var gathered: [UInt8] = []
    private var isDone = false

    /// Begins a file, or standard output.
    ///
    /// - Parameter path: Where the file is to be; `nil` for standard output.
    /// - Throws: ``CommandFailure`` where it cannot be made.
    init(_ path: String?) throws {
        self.path = path
        temporary = "\(path ?? "").new-\(getpid())"
        guard path != nil else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileBytes.failure("write", temporary) }
    }

    deinit {
        guard path != nil else { return }
        close(descriptor)
        if !isDone { unlink(temporary) }
    }

    func write(_ bytes: [UInt8]) throws {
        gathered += bytes
        if gathered.count >= Self.gatherBytes { try flush() }
    }

    /// Puts the file in its place; flushed to the disk unless there are many more to come.
    func finish(isFlushed: Bool = true) throws {
        try flush()
        guard let path else { return }
        guard !isFlushed || fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw FileBytes.failure("write", path)
        }
        isDone = true
    }

    private func flush() throws {
        var rest = gathered[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileBytes.failure("write", path ?? "standard output") }
            rest = rest.dropFirst(count)
        }
        gathered.removeAll(keepingCapacity: true)
    }
}
