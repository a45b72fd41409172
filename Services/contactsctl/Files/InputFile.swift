import Glibc

/// A file that is read piece by piece.
final class InputFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = path == "/dev/stdin" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileBytes.failure("read", path) }
    }

    deinit { close(descriptor) }

    /// The next bytes; none at the end.
    func read(_ count: Int) throws -> [UInt8] {
        while true {
            var code: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                let got = Glibc.read(descriptor, buffer.baseAddress, count)
                code = got < 0 ? errno : 0
                filled = max(0, got)
            }
            if code == 0 { return bytes }
            if code != EINTR { throw FileBytes.failure("read", path) }
        }
    }
}
