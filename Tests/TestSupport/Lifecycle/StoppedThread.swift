public import Foundation

/// One thread of another process that stands still while the others run (ptrace(2)).
///
/// All calls come from the thread that made it, as ptrace wants.
public final class StoppedThread {
    /// ptrace is variadic, which Swift cannot call; its arguments are whole registers.
    private typealias Call = @convention(c) (Int, Int, Int, Int) -> Int

    private static let interrupt = 0x4207
    private static let seize = 0x4206
    private static let detach = 17

    private let thread: pid_t
    private let call: Call
    private var isStopped = true

    /// Stops a thread.
    ///
    /// - Parameters:
    ///   - thread: The thread's id; the process's own id is that of its first thread.
    ///   - process: The process.
    /// - Throws: Where the system does not allow it.
    public init(_ thread: pid_t, of process: pid_t) throws {
        guard let symbol = dlsym(nil, "ptrace") else { throw TestServer.Failure("no ptrace") }
        self.thread = thread
        call = unsafeBitCast(symbol, to: Call.self)
        guard call(Self.seize, Int(thread), 0, 0) == 0,
            call(Self.interrupt, Int(thread), 0, 0) == 0
        else { throw TestServer.Failure("ptrace: \(errno)") }
        try eventually { Self.state(of: thread, in: process) == "t" }
    }

    deinit { resume() }

    /// Lets the thread go on.
    public func resume() {
        guard isStopped else { return }
        isStopped = false
        _ = call(Self.detach, Int(thread), 0, 0)
    }

    /// The threads of a process by their names.
    public static func threads(of process: pid_t) throws -> [(id: pid_t, name: String)] {
        let tasks = "/proc/\(process)/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).compactMap { task in
            guard let id = pid_t(task) else { return nil }
            let name = try String(contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8)
            return (id, name.trimmingCharacters(in: .newlines))
        }
    }

    /// `R`, `S`, `t`: proc(5), `stat`.
    private static func state(of thread: pid_t, in process: pid_t) -> Character? {
        let path = "/proc/\(process)/task/\(thread)/stat"
        // A thread that has ended has no state.
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return text.split(separator: ")").last?.first { $0 != " " }
    }
}
