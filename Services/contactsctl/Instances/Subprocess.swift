import Glibc

/// Another program, run to its end.
enum Subprocess {
    /// What it left behind.
    struct Result {
        /// The exit status; 128 and more for a signal.
        let status: Int32
        /// Standard output.
        let output: String
    }

    private static let maximumOutputBytes = 64 << 20

    /// Runs a program of the `PATH`, or by its path.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - isQuiet: Whether what it writes to standard error is left out.
    /// - Returns: What it left behind.
    /// - Throws: ``CommandFailure`` where it cannot be started.
    static func run(_ command: [String], isQuiet: Bool = false) throws -> Result {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw CommandFailure(message: "no pipe can be made") }
        defer { close(ends[0]) }
        let child: pid_t
        do {
            defer { close(ends[1]) }
            child = try start(command, output: ends[1], closing: ends[0], isQuiet)
        }
        let bytes = read(ends[0])
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return Result(status: code, output: String(decoding: bytes, as: UTF8.self))
    }

    private static func start(
        _ command: [String],
        output: Int32,
        closing other: Int32,
        _ isQuiet: Bool
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addclose(&actions, output)
        posix_spawn_file_actions_addclose(&actions, other)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        if isQuiet {
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        var arguments = command.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, command[0], &actions, nil, arguments, environ)
        guard code == 0 else {
            let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
            throw CommandFailure(message: "cannot start \(command[0]): \(reason)")
        }
        return child
    }

    private static func read(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count < maximumOutputBytes {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
