import Foundation

/// The system as systemd runs it: every socket is held by an ``Activator``, and each service is
/// started by the first connection.
public final class ActivatedServer {
    /// Settings, stores and requests.
    public let server: TestServer
    /// The backends by instance.
    public let backends: [String: Activator]
    /// The gateway.
    public let gateway: Activator
    /// What the backends say to their manager, by instance.
    public let notices: [String: NotifySocket]
    /// What the gateway says to its manager.
    public let gatewayNotices: NotifySocket

    init(instances: [(name: String, host: String)], settings: String) throws {
        server = try TestServer(instances: instances)
        try server.write(settings + server.text(of: "contacts.toml"), to: "contacts.toml")
        let folder = server.folder
        let run = folder.appending(path: "run")
        var backends: [String: Activator] = [:]
        var notices: [String: NotifySocket] = [:]
        for (name, _) in instances {
            let socket = try NotifySocket(in: folder)
            notices[name] = socket
            backends[name] = Activator(
                try Self.listen(at: run.appending(path: "\(name).sock").path),
                "contacts-backend",
                ["--config", folder.path, "--state", folder.path, "--runtime", run.path, name],
                environment: socket.environment(),
                log: folder.appending(path: "backend-\(name).log")
            )
        }
        self.backends = backends
        self.notices = notices
        let listener = try Self.listenOnLoopback()
        server.port = listener.port
        gatewayNotices = try NotifySocket(in: folder)
        gateway = Activator(
            listener.descriptor,
            "frontend-http",
            ["--config", folder.path, "--runtime", run.path],
            environment: gatewayNotices.environment(),
            log: folder.appending(path: "gateway.log")
        )
    }

    /// The backend of an instance.
    public func backend(_ name: String = "default") throws -> Activator {
        guard let backend = backends[name] else { throw TestServer.Failure("no instance \(name)") }
        return backend
    }

    func stop() throws {
        try gateway.stop()
        for backend in backends.values { try backend.stop() }
        for socket in notices.values { socket.close() }
        gatewayNotices.close()
    }

    private static func listen(at path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let address = UnixAddress(path)
        guard address.use({ bind(descriptor, $0, $1) }) == 0,
            Glibc.listen(descriptor, 1_024) == 0
        else { throw TestServer.Failure("listen at \(path): \(errno)") }
        return descriptor
    }

    private static func listenOnLoopback() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0
                    && Glibc.listen(descriptor, 1_024) == 0
                    && getsockname(descriptor, generic, &size) == 0
            }
        }
        guard isListening else { throw TestServer.Failure("listen on the loopback: \(errno)") }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// Has the system run as systemd runs it, runs a test against it, and takes it down; afterwards
/// every store must pass `git fsck`.
///
/// - Parameters:
///   - instances: The instances and the hosts that lead to them.
///   - settings: What stands at the top of `contacts.toml`.
///   - body: The test.
/// - Returns: What the test returned.
/// - Throws: What the test threw, or what is wrong with a store.
public func withActivatedServer<Value>(
    instances: [(name: String, host: String)] = [("default", "*")],
    settings: String = "",
    _ body: (ActivatedServer) throws -> Value
) throws -> Value {
    let system = try ActivatedServer(instances: instances, settings: settings)
    let result = Result { try body(system) }
    try system.stop()
    let value = try result.get()
    for (name, _) in instances {
        let check = try system.server.git(name, "fsck", "--strict", "--full")
        guard check.status == 0, check.errors.isEmpty else {
            throw TestServer.Failure("git fsck: \(check.output)\(check.errors)")
        }
    }
    try system.server.remove()
    return value
}
