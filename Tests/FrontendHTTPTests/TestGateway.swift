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
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let gateway: Gateway

    /// Begins to listen, with these times and this `gateway.toml`, for http or https.
    init(times: GatewayTimes, settings gatewayText: String = "", isSecure: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let contacts = folder.appending(path: "contacts.toml").path
        let users = folder.appending(path: "users.toml").path
        let hash = TestHash.cheap("secret")
        try Data("[instances.default]\nvhosts = [\"*\"]\n".utf8).write(to: URL(filePath: contacts))
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
        let services = try GatewayServices(
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
    var backendPath: String { folder.appending(path: "default.sock").path }

    /// Adds to `users.toml`, and has the gateway read it.
    func addUsers(_ text: String) throws {
        let url = folder.appending(path: "users.toml")
        let before = try String(contentsOf: url, encoding: .utf8)
        try Data("\(before)\n\(text)\n".utf8).write(to: url)
        authenticator.reload()
    }

    /// Has the gateway take no more connections and end those it has.
    func drain() { gateway.stop() }

    func stop() throws {
        gateway.stop()
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
        user: (String, String)? = TestGateway.alice
    ) throws -> HTTPAnswer {
        let connection = try connect()
        try connection.send(Self.bytes(method, path, fields, body: body, user: user))
        return try connection.readAnswer(isHead: method == "HEAD")
    }

    /// The bytes of a request.
    static func bytes(
        _ method: String,
        _ path: String = "/dav/",
        _ fields: [String: String] = [:],
        body: String? = nil,
        user: (String, String)? = TestGateway.alice
    ) -> [UInt8] {
        TestServer.head(method, path, fields, body, user, "localhost")
    }
}

/// Brings a gateway up in front of a backend that follows a script, and takes both down.
func withGateway<Value>(
    times: GatewayTimes = TestGateway.times,
    settings: String = "",
    isSecure: Bool = false,
    backend script: FakeBackend.Script? = nil,
    _ body: (TestGateway) throws -> Value
) throws -> Value {
    let gateway = try TestGateway(times: times, settings: settings, isSecure: isSecure)
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
    private let lines = Mutex<[String]>([])
    private let others = Mutex<[(message: String, line: String)]>([])

    /// All other lines: `level message key=value …`.
    var entries: [String] { others.withLock { $0.map(\.line) } }

    /// The lines of one request each: `METHOD path status`.
    var requests: [String] { lines.withLock { $0 } }

    /// The messages of all other lines.
    var messages: [String] { others.withLock { $0.map(\.message) } }

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
            guard event.message == "request", let fields = event.metadata else {
                let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }
                    .map { " \($0.key)=\($0.value)" }
                let line = "\(event.level) \(event.message)\(fields.joined())"
                return log.others.withLock { $0.append(("\(event.message)", line)) }
            }
            let words = ["method", "path", "status"].compactMap { fields[$0].map { "\($0)" } }
            log.lines.withLock { $0.append(words.joined(separator: " ")) }
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
