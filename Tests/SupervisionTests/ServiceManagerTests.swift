import Glibc
import Supervision
import Testing

/// The environment belongs to the process: one test at a time.
@Suite(.serialized)
struct ServiceManagerTests {
    @Test func `what a service says reaches the manager`() throws {
        let manager = try ListeningManager()

        ServiceManager.ready(status: "Serving 2\naddress books")
        #expect(manager.next() == "READY=1\nSTATUS=Serving 2 address books")
        ServiceManager.status("Busy")
        #expect(manager.next() == "STATUS=Busy")
        ServiceManager.watchdog()
        #expect(manager.next() == "WATCHDOG=1")
        ServiceManager.stopping()
        #expect(manager.next() == "STOPPING=1\nSTATUS=Stopping")
    }

    @Test func `sd_notify(3): a reload says when it began`() throws {
        let manager = try ListeningManager()

        ServiceManager.reloading()

        let lines = try #require(manager.next()).split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let time = try #require(lines.last).split(separator: "=")
        #expect(time.first == "MONOTONIC_USEC")
        #expect(UInt64(time.last ?? "") ?? 0 > 0)
    }

    @Test func `where no manager listens, nothing is said and nothing fails`() {
        unsetenv("NOTIFY_SOCKET")

        ServiceManager.ready(status: "ready")
        ServiceManager.stopping()
        #expect(getenv("NOTIFY_SOCKET") == nil)
    }

    @Test func `sd_watchdog_enabled(3): the interval is the manager's, for this process only`() {
        defer {
            unsetenv("WATCHDOG_USEC")
            unsetenv("WATCHDOG_PID")
        }
        setenv("WATCHDOG_USEC", "1500000", 1)
        #expect(ServiceManager.watchdogInterval == .milliseconds(1_500))
        setenv("WATCHDOG_PID", "1", 1)
        #expect(ServiceManager.watchdogInterval == nil)
        unsetenv("WATCHDOG_PID")
        unsetenv("WATCHDOG_USEC")
        #expect(ServiceManager.watchdogInterval == nil)
    }
}

/// The manager's end of the notification socket.
private final class ListeningManager {
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        // An abstract name, which leaves no file behind; the kernel chooses it.
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var length = socklen_t(MemoryLayout<sa_family_t>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(descriptor, generic, length) == 0 else { return false }
                length = socklen_t(MemoryLayout<sockaddr_un>.size)
                return getsockname(descriptor, generic, &length) == 0
            }
        }
        try #require(isBound)
        let name = withUnsafeBytes(of: address.sun_path) { bytes in
            String(
                decoding: bytes.dropFirst().prefix(
                    Int(length) - MemoryLayout<sa_family_t>.size - 1
                ),
                as: UTF8.self
            )
        }
        setenv("NOTIFY_SOCKET", "@\(name)", 1)
    }

    deinit {
        unsetenv("NOTIFY_SOCKET")
        close(descriptor)
    }

    /// The datagram that came first; `nil` where none has.
    func next() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
