public import Foundation
import Synchronization

/// The end of the notification socket that a manager has (sd_notify(3)): hears what services say.
public final class NotifySocket: Sendable {
    private struct State {
        var messages: [(text: String, time: ContinuousClock.Instant)] = []
        var isClosed = false
    }

    private let descriptor: Int32
    private let path: String
    private let state = Mutex(State())

    /// Makes the socket in a folder and listens until ``close()``.
    public init(in folder: URL) throws {
        path = folder.appending(path: "notify-\(UInt32.random(in: 0 ... .max))").path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let address = UnixAddress(path)
        guard address.use({ bind(descriptor, $0, $1) }) == 0 else {
            throw TestServer.Failure("bind(\(path)): \(errno)")
        }
        var patience = timeval(tv_sec: 0, tv_usec: 50_000)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        Foundation.Thread.detachNewThread { [self] in listen() }
    }

    /// What a service has to be started with: the socket, and the interval of its watchdog.
    public func environment(watchdog: Duration? = nil) -> [String: String] {
        var variables = ["NOTIFY_SOCKET": path]
        if let watchdog {
            let (seconds, attoseconds) = watchdog.components
            variables["WATCHDOG_USEC"] =
                "\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)"
        }
        return variables
    }

    /// Everything that was said so far.
    public var messages: [String] { state.withLock { $0.messages.map(\.text) } }

    /// The status that was told last.
    public var status: String? {
        messages.last { $0.contains("STATUS=") }.flatMap { message in
            message.split(separator: "\n").first { $0.hasPrefix("STATUS=") }
                .map { String($0.dropFirst(7)) }
        }
    }

    /// How often something was said, in the time that has gone by since a moment.
    public func count(of line: String, since moment: ContinuousClock.Instant) -> Int {
        state.withLock { state in
            state.messages.count { message in
                message.time >= moment
                    && message.text.split(separator: "\n").contains { $0 == line }
            }
        }
    }

    /// Waits until something is said that was not said before a place in ``messages``.
    ///
    /// - Returns: The place behind it.
    @discardableResult
    public func wait(for text: String, after place: Int = 0) throws -> Int {
        var found: Int?
        try eventually {
            found = messages.dropFirst(place).firstIndex { $0.contains(text) }
            return found != nil
        }
        return (found ?? place) + 1
    }

    /// Hears nothing more.
    public func close() { state.withLock { $0.isClosed = true } }

    private func listen() {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while !state.withLock({ $0.isClosed }) {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else { continue }
            let text = String(decoding: bytes[..<count], as: UTF8.self)
            state.withLock { $0.messages.append((text, .now)) }
        }
        Glibc.close(descriptor)
    }
}

/// The address of a Unix socket.
struct UnixAddress {
    private var address = sockaddr_un()

    init(_ path: String) {
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    }

    func use(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
