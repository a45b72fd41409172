import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport

@testable import FrontendHTTP

/// The gateway's event loops and sockets in the tests' own process, in front of a ``FakeBackend``.
final class TestGateway {
    /// alice, who may write everywhere.
    static let alice = ("alice", "secret")
    /// The gateway's own times, but for the end: no test waits for what it leaves under way.
    static let times = GatewayTimes(drain: .milliseconds(50))
    /// Times that a test can wait for.
    static let quickTimes = GatewayTimes(
        stall: .milliseconds(400),
        idle: .milliseconds(400),
        head: .milliseconds(400),
        handshake: .milliseconds(400),
        drain: .milliseconds(50),
        patience: .milliseconds(300)
    )
    /// nemo, who may do nothing.
    static let nemo = ("nemo", "secret")

    let folder: URL
    let port: Int
    let log = RecordingLog()
    let authenticator: Authenticator
    let services: GatewayServices
    private let group: MultiThreadedEventLoopGroup
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let gateway: Gateway

    /// - Parameters:
    ///   - times: How long it waits.
    ///   - gatewayText: Its `gateway.toml`.
    ///   - instances: Their names; the first has every host that is not another's name with `.test`.
    ///   - loops: How many event loops it has.
    ///   - isSecure: Whether it speaks https.
    /// - Throws: What the settings or the system say.
    init(
        times: GatewayTimes,
        settings gatewayText: String = "",
        instances: [String] = ["default"],
        loops: Int = 1,
        isSecure: Bool = false
    ) throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let contacts = folder.appending(path: "contacts.toml").path
        let users = folder.appending(path: "users.toml").path
        let hash = TestHash.cheap("secret")
        let hosts = instances.map { name in
            "[instances.\(name)]\nvhosts = [\"\(name == instances.first ? "*" : "\(name).test")\"]\n"
        }
        try Data(hosts.joined().utf8).write(to: URL(filePath: contacts))
        try Data(
            """
            [users.alice]
            password = "\(hash)"
            [users.alice.access]
            "http/contacts" = "writer"
            [users.nemo]
            password = "\(hash)"
            """.utf8
        ).write(to: URL(filePath: users))
        try Data(gatewayText.utf8).write(to: folder.appending(path: "gateway.toml"))
        pool.start()
        authenticator = try Authenticator(
            path: users,
            pool: pool,
            state: folder.path,
            log: log.logger
        )
        services = try GatewayServices(
            folder: folder.path,
            authenticator: authenticator,
            log: log.logger,
            times: times
        )
        gateway = Gateway(group: group, services: services, runtime: folder.path)
        let addresses = try gateway.start([
            .address(host: "127.0.0.1", port: 0, isSecure: isSecure)
        ])
        port = addresses.first?.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// The socket that the gateway looks for a backend at.
    var backendPath: String { backendPath(of: "default") }

    /// The socket that the gateway looks for an instance's backend at.
    func backendPath(of instance: String) -> String {
        folder.appending(path: "\(instance).sock").path
    }

    /// What the gateway says of itself.
    func observer() -> Observer { gateway.observer() }

    /// Adds to `users.toml`, and has the gateway read it.
    func addUsers(_ text: String) throws {
        let url = folder.appending(path: "users.toml")
        let before = try String(contentsOf: url, encoding: .utf8)
        try Data("\(before)\n\(text)\n".utf8).write(to: url)
        authenticator.reload()
    }

    /// Begins another gateway beside it, at an address of its own.
    func listen(host: String, port: Int, isSecure: Bool) throws {
        let other = Gateway(group: group, services: services, runtime: folder.path)
        _ = try other.start([.address(host: host, port: port, isSecure: isSecure)])
    }

    /// Has the gateway take no more connections and end those it has.
    func drain() { gateway.stop() }

    func stop() throws {
        gateway.stop()
        try services.requestLog.stop()
        // What PAM is still asked is answered on the event loops.
        try authenticator.pamPool.syncShutdownGracefully()
        try group.syncShutdownGracefully()
        try pool.syncShutdownGracefully()
        try FileManager.default.removeItem(at: folder)
    }

    /// A connection to the gateway.
    func connect() throws -> HTTPConnection { try HTTPConnection(port: port) }

    /// One request on a connection of its own.
    func request(
        _ method: String,
        _ path: String = "/dav/",
        _ fields: [String: String] = [:],
        body: String? = nil,
        user: (String, String)? = TestGateway.alice,
        host: String = "localhost"
    ) throws -> HTTPAnswer {
        let connection = try connect()
        try connection.send(Self.bytes(method, path, fields, body: body, user: user, host: host))
        return try connection.readAnswer(isHead: method == "HEAD")
    }

    /// The bytes of a request.
    static func bytes(
        _ method: String,
        _ path: String = "/dav/",
        _ fields: [String: String] = [:],
        body: String? = nil,
        user: (String, String)? = TestGateway.alice,
        host: String = "localhost"
    ) -> [UInt8] {
        TestServer.head(method, path, fields, body, user, host)
    }
}

/// Brings a gateway up in front of a backend that follows a script, and takes both down.
func withGateway<Value>(
    times: GatewayTimes = TestGateway.times,
    settings: String = "",
    isSecure: Bool = false,
    instances: [String] = ["default"],
    backend script: FakeBackend.Script? = nil,
    _ body: (TestGateway) throws -> Value
) throws -> Value {
    let gateway = try TestGateway(
        times: times,
        settings: settings,
        instances: instances,
        isSecure: isSecure
    )
    let backend = try script.map { try FakeBackend(path: gateway.backendPath, $0) }
    defer { backend?.stop() }
    do {
        let value = try body(gateway)
        try gateway.stop()
        return value
    } catch {
        try gateway.stop()
        throw error
    }
}

/// Keeps what is logged.
final class RecordingLog: Sendable {
    private let kept = Mutex<[(message: String, line: String, fields: [String: String])]>([])

    /// All other lines: `level message key=value …`.
    var entries: [String] {
        kept.withLock { $0.filter { $0.message != "request" }.map(\.line) }
    }

    /// The lines of one request each: `METHOD path status`.
    var requests: [String] {
        records.map { fields in
            ["method", "path", "status"].compactMap { fields[$0] }.joined(separator: " ")
        }
    }

    /// The fields of one request each.
    var records: [[String: String]] { fields(of: "request") }

    /// The fields of each line with a message.
    func fields(of message: String) -> [[String: String]] {
        kept.withLock { $0.filter { $0.message == message }.map(\.fields) }
    }

    /// The messages of all other lines.
    var messages: [String] {
        kept.withLock { $0.map(\.message).filter { $0 != "request" } }
    }

    var logger: Logger { Logger(label: "test") { [self] _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).mapValues { "\($0)" }
            let text = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            let line = "\(event.level) \(event.message)\(text.joined())"
            log.kept.withLock { $0.append((event.message.description, line, fields)) }
        }
    }
}

/// Something that a test waits for, and a thread of it brings about.
final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    /// Lets one waiter go on.
    func raise() { semaphore.signal() }

    /// Waits for as many to be raised.
    ///
    /// - Returns: False where they are not within twenty seconds.
    @discardableResult
    func wait(_ count: Int = 1) -> Bool {
        (0..<count).allSatisfy { _ in semaphore.wait(timeout: .now() + 20) == .success }
    }
}
