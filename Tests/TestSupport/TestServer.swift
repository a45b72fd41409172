public import Foundation
internal import WebDAV

/// The running system under test: a gateway and one backend for each instance, real processes over
/// real sockets, on a free port of the loopback address.
public final class TestServer {
    /// The folder with settings, stores and sockets.
    public let folder: URL
    /// The gateway's port.
    public internal(set) var port = 0
    /// The gateway's port for https, where it listens for that too.
    public internal(set) var securePort = 0
    /// Whether the gateway listens for https too.
    public var listensSecurely = false
    /// The instances, in the order of the settings.
    public let instances: [String]
    private var backends: [String: Process] = [:]
    private var gateway: Process?
    private let gatewayLog: URL

    /// The user of most tests; a writer everywhere.
    public static let writer = ("alice", "correct horse")
    /// A user who may only read.
    public static let reader = ("rita", "battery staple")

    /// Makes the folder of a system with these instances and the hosts that lead to them.
    init(instances: [(name: String, host: String)]) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-\(UInt32.random(in: 0 ... .max))")
        self.instances = instances.map(\.name)
        gatewayLog = folder.appending(path: "gateway.log")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "run"),
            withIntermediateDirectories: true
        )
        var settings = "enabled = true\n"
        for (name, host) in instances {
            settings += "\n[instances.\(name)]\nstore = \"store-\(name)\"\nvhosts = [\"\(host)\"]\n"
        }
        try write(settings, to: "contacts.toml")
        var users = ""
        for ((name, _), role) in [(Self.writer, "writer"), (Self.reader, "reader")] {
            users += "[users.\(name)]\npassword = \"\(Self.hashes[name] ?? "")\"\n"
            users += "[users.\(name).access]\n\"http/contacts\" = \"\(role)\"\n"
        }
        try write(users, to: "users.toml")
        for name in self.instances {
            let made = try control("book", "add", name, "default")
            guard made.status == 0 else { throw Failure("contactsctl book add: \(made.errors)") }
        }
    }

    /// Why the system could not be brought up.
    public struct Failure: Error, CustomStringConvertible {
        /// What happened.
        public let description: String

        /// Gives a reason.
        public init(_ text: String) { description = text }
    }

    /// Hashes of the users' passwords, with the least cost that yescrypt has: tests log in often.
    private static let hashes: [String: String] = [
        "alice": TestHash.cheap("correct horse"), "rita": TestHash.cheap("battery staple"),
    ]

    // MARK: Life

    func start() throws {
        for name in instances { try startBackend(name) }
        try startGateway()
    }

    /// Starts an instance's backend and waits for its socket.
    ///
    /// - Parameters:
    ///   - name: The instance.
    ///   - arguments: Arguments beside those that every backend has.
    ///   - environment: Variables beside those of the tests.
    /// - Throws: ``Failure`` with the backend's log where it ends instead.
    public func startBackend(
        _ name: String,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = Programs.folder.appending(path: "contacts-backend")
        process.arguments =
            [
                "--config", folder.path, "--state", folder.path, "--runtime",
                folder.appending(path: "run").path, name,
            ] + arguments
        process.standardError = try log("backend-\(name).log")
        // One that a killed backend left would be taken for the new one's.
        let socket = folder.appending(path: "run/\(name).sock").path
        unlink(socket)
        try process.run()
        backends[name] = process
        try wait("the socket of \(name)") {
            UnixSocket.takesConnections(at: socket) || !process.isRunning
        }
        guard process.isRunning else {
            throw Failure("the backend ended: \(try text(of: "backend-\(name).log"))")
        }
    }

    /// Starts the gateway and waits until it listens.
    ///
    /// - Parameter environment: Variables beside those of the tests.
    /// - Throws: ``Failure`` with the gateway's log where it ends instead.
    public func startGateway(environment: [String: String] = [:]) throws {
        let process = Process()
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.executableURL = Programs.folder.appending(path: "frontend-http")
        process.arguments = [
            "--config", folder.path, "--runtime", folder.appending(path: "run").path,
            "--state", folder.path, "--listen", "127.0.0.1:\(port)",
        ]
        if listensSecurely { process.arguments? += ["--listen-tls", "127.0.0.1:\(securePort)"] }
        process.standardError = try log("gateway.log")
        try process.run()
        gateway = process
        var found: [Int] = []
        try wait("the gateway") {
            found = Self.ports(in: (try? String(contentsOf: gatewayLog, encoding: .utf8)) ?? "")
            return !found.isEmpty || !process.isRunning
        }
        guard let first = found.first else {
            throw Failure("the gateway ended: \(try text(of: "gateway.log"))")
        }
        port = first
        if listensSecurely, let last = found.last { securePort = last }
    }

    /// Ends a backend by a signal and waits for its end.
    ///
    /// - Returns: Its exit status.
    @discardableResult
    public func stopBackend(_ name: String, _ signal: Int32 = SIGTERM) -> Int32 {
        Self.end(backends.removeValue(forKey: name), signal)
    }

    /// Sends a backend a signal.
    public func signalBackend(_ name: String, _ signal: Int32) {
        if let process = backends[name] { kill(process.processIdentifier, signal) }
    }

    /// The process id of the gateway.
    public var gatewayID: Int32 { gateway?.processIdentifier ?? 0 }

    /// The process id of a backend.
    public func backendID(_ name: String) -> Int32 { backends[name]?.processIdentifier ?? 0 }

    /// Ends the gateway by a signal and waits for its end.
    @discardableResult
    public func stopGateway(_ signal: Int32 = SIGTERM) -> Int32 { Self.end(gateway, signal) }

    /// Sends the gateway a signal.
    public func signalGateway(_ signal: Int32) {
        if let gateway { kill(gateway.processIdentifier, signal) }
    }

    func stop() {
        stopGateway()
        for name in instances { stopBackend(name) }
    }

    func remove() throws { try FileManager.default.removeItem(at: folder) }

    private static func end(_ process: Process?, _ signal: Int32) -> Int32 {
        guard let process, process.isRunning else { return process?.terminationStatus ?? -1 }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationStatus
    }

    // MARK: Files and commands

    /// The folder of an instance's git repository.
    public func store(_ instance: String = "default") -> String {
        folder.appending(path: "store-\(instance)").path
    }

    /// Runs git on an instance's store, after a checkpoint.
    public func git(_ instance: String = "default", _ arguments: String...) throws
        -> Programs.Result
    {
        try Programs.run(
            "contactsctl",
            ["checkpoint", instance, "--config", folder.path, "--state", folder.path]
                + ["--runtime", folder.appending(path: "run").path]
        )
        return try Programs.run("/usr/bin/git", ["-C", store(instance)] + arguments)
    }

    /// Runs `contactsctl` on this system's settings.
    @discardableResult
    public func control(_ arguments: String..., input: String = "") throws -> Programs.Result {
        try Programs.run(
            "contactsctl",
            arguments + places,
            input: input
        )
    }

    /// Where this system's settings, stores and sockets are, as options of `contactsctl`.
    public var places: [String] {
        [
            "--config", folder.path, "--state", folder.path, "--runtime",
            folder.appending(path: "run").path,
        ]
    }

    /// Replaces a file of the settings.
    public func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
    }

    /// A file of the system's folder.
    public func text(of name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    private func log(_ name: String) throws -> FileHandle {
        let url = folder.appending(path: name)
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    private static func ports(in log: String) -> [Int] {
        // A line that is not whole yet may lack one of them.
        let lines = log.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard let line = lines.first(where: { $0.contains("addresses=") }) else { return [] }
        return line.split(separator: ":").compactMap { Int($0.prefix { $0.isNumber }) }
    }

    /// Waits until something is so; looks every few milliseconds, since it cannot be told.
    private func wait(_ what: String, until isSo: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(30)
        while try !isSo() {
            guard ContinuousClock.now < end else { throw Failure("\(what) did not come") }
            usleep(5_000)
        }
    }

    // MARK: Requests

    /// Sends one request on a connection of its own and reads the answer.
    @discardableResult
    public func request(
        _ method: String,
        _ path: String,
        _ fields: [String: String] = [:],
        body: String? = nil,
        user: (String, String)? = TestServer.writer,
        host: String = "localhost"
    ) throws -> HTTPAnswer {
        let connection = try HTTPConnection(port: port)
        try connection.send(Self.head(method, path, fields, body, user, host))
        return try connection.readAnswer(isHead: method == "HEAD")
    }

    /// The bytes of a request.
    public static func head(
        _ method: String,
        _ path: String,
        _ fields: [String: String],
        _ body: String?,
        _ user: (String, String)?,
        _ host: String
    ) -> [UInt8] {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n"
        if let (name, password) = user {
            text +=
                "Authorization: Basic \(Data("\(name):\(password)".utf8).base64EncodedString())\r\n"
        }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            text += "\(name): \(value)\r\n"
        }
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        return Array("\(text)\r\n\(body ?? "")".utf8)
    }

    /// PROPFIND for some properties, in XML as clients write it.
    public func propfind(
        _ path: String,
        depth: String = "0",
        _ properties: String,
        user: (String, String)? = TestServer.writer
    ) throws -> Multistatus {
        let body = """
            <?xml version="1.0"?><D:propfind xmlns:D="DAV:" \
            xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/">\
            <D:prop>\(properties)</D:prop></D:propfind>
            """
        return try Multistatus(
            request(
                "PROPFIND",
                path,
                ["Depth": depth, "Content-Type": "text/xml"],
                body: body,
                user: user
            )
        )
    }

    /// REPORT with a body that uses the prefixes D and C.
    public func report(
        _ path: String,
        _ body: String,
        _ fields: [String: String] = ["Depth": "1"]
    ) throws -> HTTPAnswer {
        try request(
            "REPORT",
            path,
            fields.merging(["Content-Type": "text/xml"]) { own, _ in own },
            body: "<?xml version=\"1.0\"?>\(body)"
        )
    }
}

/// Brings the system up, after what the test prepares in its folder, runs a test against it, and takes
/// it down; afterwards every store must
/// pass `git fsck`, unless the test is there to damage it.
public func withServer<Value>(
    instances: [(name: String, host: String)] = [("default", "*")],
    endsSound: Bool = true,
    prepare: (TestServer) throws -> Void = { _ in },
    _ body: (TestServer) throws -> Value
) throws -> Value {
    let server = try TestServer(instances: instances)
    do {
        try prepare(server)
        try server.start()
        let value = try body(server)
        server.stop()
        for name in server.instances where endsSound {
            let check = try server.git(name, "fsck", "--strict", "--full")
            guard check.status == 0, check.errors.isEmpty else {
                throw TestServer.Failure("git fsck: \(check.output)\(check.errors)")
            }
        }
        try server.remove()
        return value
    } catch {
        server.stop()
        throw error
    }
}

/// Waits until something that another process does is done.
///
/// - Throws: Where it is not within half a minute.
public func eventually(_ isSo: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(30)
    while try !isSo() {
        guard ContinuousClock.now < end else { throw TestServer.Failure("it did not come to be") }
        usleep(20_000)
    }
}
