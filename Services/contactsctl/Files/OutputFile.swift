import Glibc

/// A file that is written piece by piece and takes its place once it is whole; or standard output.
final class OutputFile {
    private static let gatherBytes = 256 * 1024
    /// The names of standard output, which is there already: opened anew, a file that it leads to
    /// would begin once more.
    private static let standardOutput = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]

    private let file: Replacement?
    private var gathered: [UInt8] = []

    /// Begins a file, or standard output.
    ///
    /// - Parameters:
    ///   - path: Where the file is to be; `nil` for standard output.
    ///   - followsLinks: As ``Replacement/init(of:newMode:followsLinks:)`` has it.
    /// - Throws: ``CommandFailure`` where it cannot be made.
    init(_ path: String?, followsLinks: Bool = true) throws {
        guard let path, !followsLinks || !Self.standardOutput.contains(path) else {
            file = nil
            return
        }
        file = try Replacement(of: path, followsLinks: followsLinks)
    }

    func write(_ bytes: [UInt8]) throws {
        gathered += bytes
        if gathered.count >= Self.gatherBytes { try flush() }
    }

    /// Puts the file in its place; flushed to the disk unless there are many more to come.
    func finish(isFlushed: Bool = true) throws {
        try flush()
        try file?.finish(isFlushed: isFlushed)
    }

    private func flush() throws {
        if let file {
            try file.write(gathered)
        } else if !FileBytes.write(gathered, to: STDOUT_FILENO) {
            throw FileBytes.failure("write", "standard output")
        }
        gathered.removeAll(keepingCapacity: true)
    }
}
