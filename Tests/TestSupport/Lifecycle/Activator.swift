public import Foundation
import Synchronization

/// What systemd does with a socket unit: holds a listening socket, starts a service when somebody
/// connects, hands the socket over, and begins anew when the service has ended.
public final class Activator: Sendable {
    private struct State {
        var pid: pid_t = 0
        var starts = 0
        /// The exit status of each run that has ended; the signal's number below zero.
        var ends: [Int32] = []
        var isStopping = false
        var isOver = false
    }

    private let listener: Int32
    private let command: [String]
    private let variables: [String: String]
    private let log: URL
    private let state = Mutex(State())

    /// Takes over a listening socket.
    ///
    /// - Parameters:
    ///   - listener: The socket.
    ///   - program: A program of ours.
    ///   - arguments: Its arguments.
    ///   - environment: Variables beside those of the tests.
    ///   - log: Where its standard error goes, of all runs.
    public init(
        _ listener: Int32,
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        log: URL
    ) {
        self.listener = listener
        self.log = log
        // The shell knows its own process id, which the program will have.
        let script = "export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" \"$@\""
        command =
            ["/bin/sh", "-c", script, Programs.folder.appending(path: program).path] + arguments
        variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        Foundation.Thread.detachNewThread { [self] in work() }
    }

    /// The service's process; 0 while there is none.
    public var pid: pid_t { state.withLock { $0.pid } }
    /// How often the service was started.
    public var starts: Int { state.withLock { $0.starts } }
    /// How each run has ended: with an exit status, or a signal's number below zero.
    public var ends: [Int32] { state.withLock { $0.ends } }

    /// Sends the service a signal, if it runs.
    public func signal(_ signal: Int32) {
        state.withLock { if $0.pid > 0 { kill($0.pid, signal) } }
    }

    /// Has the service end by a signal, and waits for its end; the next connection starts it again.
    public func restart(by signal: Int32) throws {
        let (pid, ends) = state.withLock { ($0.pid, $0.ends.count) }
        guard pid > 0 else { return }
        self.signal(signal)
        try eventually { self.ends.count > ends }
    }

    /// Starts the service no more, ends it and waits for its end.
    public func stop() throws {
        state.withLock { $0.isStopping = true }
        // The service may be about to be started: told until it is over.
        try eventually {
            signal(SIGTERM)
            return state.withLock { $0.isOver }
        }
        close(listener)
    }

    private func work() {
        while !state.withLock({ $0.isStopping }) {
            var watched = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, 20) > 0, let pid = start() else { continue }
            let status = Self.end(of: pid)
            state.withLock { state in
                state.pid = 0
                state.ends.append(status)
            }
        }
        state.withLock { $0.isOver = true }
    }

    private func start() -> pid_t? {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, listener, 3)
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 2, log.path, flags, 0o600)
        var arguments = command.map { strdup($0) } + [nil]
        var environment = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in arguments + environment { free(text) } }
        return state.withLock { state in
            guard !state.isStopping else { return nil }
            var pid = pid_t()
            let code = posix_spawn(&pid, "/bin/sh", &actions, nil, &arguments, &environment)
            guard code == 0 else { return nil }
            state.pid = pid
            state.starts += 1
            return pid
        }
    }

    /// Waits for a process; also where somebody traces it, whose stops are no end.
    private static func end(of pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while true {
            let waited = waitpid(pid, &status, 0)
            if waited < 0, errno != EINTR { return .min }
            if waited == pid, status & 0xFF != 0x7F { break }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }
}
