import Foundation
import TestSupport

/// A system with a real systemd, in a container over the root of this machine, with this project
/// installed as `systemd/install` does.
final class Machine {
    /// The gateway's port in there.
    static let port = 8080

    /// Its first process, as this process sees it.
    let leader: Int32
    /// Its network.
    let network: NetworkNamespace
    private let process: Process
    private let life: Pipe
    private let complaints: URL

    /// Why no such system can be had here; `nil` where one can.
    static let obstacle: String? = {
        guard geteuid() == 0 else { return "systemd-nspawn needs root" }
        for tool in ["systemd-nspawn", "nsenter", "setpriv"]
        where !FileManager.default.isExecutableFile(atPath: "/usr/bin/\(tool)") {
            return "/usr/bin/\(tool) is not there"
        }
        do {
            try Machine(preparing: ["/bin/true"]).end()
            return nil
        } catch {
            return "a system in a container does not start: \(error)"
        }
    }()

    /// The top folder of the sources.
    static let sources = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Boots.
    ///
    /// - Parameters:
    ///   - tree: The root that lies below; nothing is written into it.
    ///   - command: What puts files into the root before the start; the root's path is its last
    ///     argument.
    /// - Throws: `TestServer.Failure` with what was said where the system does not come up.
    init(tree: String = "/", preparing command: [String]) throws {
        complaints = FileManager.default.temporaryDirectory
            .appending(path: "evl-machine-\(UInt32.random(in: 0 ... .max)).log")
        try Data().write(to: complaints)
        process = Process()
        process.executableURL = Self.sources.appending(path: "Tests/SystemdTests/Scripts/machine")
        process.arguments = ["--tree", tree] + command
        life = Pipe()
        let answers = Pipe()
        process.standardInput = life
        process.standardOutput = answers
        process.standardError = try FileHandle(forWritingTo: complaints)
        try process.run()
        let answer = String(decoding: answers.fileHandleForReading.availableData, as: UTF8.self)
        guard answer.hasPrefix("ready "), let leader = Int32(answer.dropFirst(6).dropLast()) else {
            process.waitUntilExit()
            let text = try String(contentsOf: complaints, encoding: .utf8)
            try FileManager.default.removeItem(at: complaints)
            throw TestServer.Failure(text)
        }
        self.leader = leader
        network = NetworkNamespace(process: leader)
    }

    /// Boots with everything installed from the programs beside the tests.
    static func installed() throws -> Machine {
        try Machine(preparing: [
            sources.appending(path: "systemd/install").path, "--prefix", "/usr", "--bin",
            Programs.folder.path, "--destdir",
        ])
    }

    /// Shuts the system down and waits until nothing of it is left.
    func end() throws {
        try life.fileHandleForWriting.close()
        process.waitUntilExit()
        try FileManager.default.removeItem(at: complaints)
    }

    // MARK: Inside

    /// Runs a program in there, to its end.
    @discardableResult
    func run(_ command: String..., input: String = "") throws -> Programs.Result {
        let enter = ["--target", "\(leader)", "--all", "--wdns=/", "--"]
        return try Programs.run("/usr/bin/nsenter", enter + command, input: input)
    }

    /// Runs a script in there, which has to succeed.
    ///
    /// - Returns: Its output, without the last line's end.
    /// - Throws: `TestServer.Failure` with its errors.
    @discardableResult
    func shell(_ script: String) throws -> String {
        let result = try run("/bin/sh", "-ec", script)
        guard result.status == 0 else {
            throw TestServer.Failure("\(script)\n\(result.output)\(result.errors)")
        }
        return result.output.trimmingCharacters(in: .newlines)
    }

    /// Writes a file in there, over one that is there already; its owner and mode stay.
    func write(_ text: String, to path: String) throws {
        let url = URL(filePath: "/proc/\(leader)/root\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    /// Changes a unit, as `systemctl edit` does.
    func edit(_ unit: String, _ text: String) throws {
        try write(text, to: "/etc/systemd/system/\(unit).d/test.conf")
        try shell("systemctl daemon-reload")
    }

    /// A property of a unit, as `systemctl show` tells it.
    func property(_ name: String, of unit: String) throws -> String {
        try shell("systemctl show --property=\(name) --value '\(unit)'")
    }

    /// Waits until a property has a value.
    func wait(for name: String, of unit: String, toBe value: String) throws {
        do {
            try eventually { try property(name, of: unit) == value }
        } catch is TestServer.Failure {
            let found = try property(name, of: unit)
            throw TestServer.Failure("\(name) of \(unit) is \(found), not \(value)")
        }
    }

    /// The last entries of the journal, and the units that failed.
    func report() throws -> String {
        let journal = try run("journalctl", "--no-pager", "--output=short-precise", "--lines=200")
        let units = try run("systemctl", "--no-pager", "--all", "list-units", "*everlock*")
        let failed = try run("systemctl", "--no-pager", "--failed")
        return journal.output + units.output + failed.output
    }

    // MARK: Requests

    /// Connects to the gateway.
    func connection() throws -> HTTPConnection {
        try HTTPConnection(port: Self.port, over: network.socket())
    }

    /// Sends one request to an instance on a connection of its own.
    @discardableResult
    func request(
        _ method: String,
        _ path: String,
        _ fields: [String: String] = [:],
        body: String? = nil,
        to instance: String
    ) throws -> HTTPAnswer {
        let connection = try connection()
        let host = Self.host(of: instance)
        try connection.send(
            TestServer.head(method, path, fields, body, TestServer.writer, host)
        )
        return try connection.readAnswer(isHead: method == "HEAD")
    }

    /// The host that leads to an instance.
    static func host(of instance: String) -> String { "\(instance).test" }

    // MARK: Set up

    /// Makes users, instances and their sockets, as the README says.
    func setUp(instances: [String]) throws {
        var contacts = "enabled = true\n"
        for name in instances {
            contacts += "\n[instances.\(name)]\nvhosts = [\"\(Self.host(of: name))\"]\n"
            try shell(
                """
                mkdir -p /etc/sysusers.d
                echo 'u evl-\(name) - "Everlock Contacts, instance \(name)"' \
                    >/etc/sysusers.d/everlock-\(name).conf
                """
            )
        }
        try shell("systemd-sysusers && systemd-tmpfiles --create everlock-contacts.conf")
        try write(contacts, to: "/etc/everlock-contacts/contacts.toml")
        try write(
            """
            [users.alice]
            password = "\(TestHash.cheap(TestServer.writer.1))"
            [users.alice.access]
            "http/contacts" = "writer"

            """,
            to: "/etc/everlock-contacts/users.toml"
        )
        let sockets = instances.map { "contacts-backend@\($0).socket" }.joined(separator: " ")
        try shell(
            "systemctl enable --quiet everlock-contacts.target frontend-http.socket \(sockets)"
        )
        try shell("systemctl start everlock-contacts.target")
        for name in instances {
            let made = try request("MKCOL", TestServer.home + "default/", to: name)
            guard [201, 405].contains(made.status) else {
                throw TestServer.Failure("MKCOL: \(made.status) \(made.text)")
            }
        }
    }
}

/// Boots a system with some instances, runs a test in it, and takes it down. Where the test throws,
/// the system's journal is told.
func withMachine(
    instances: [String] = ["alpha", "beta"],
    _ body: (Machine) throws -> Void
) throws {
    try within(try Machine.installed()) { machine in
        try machine.setUp(instances: instances)
        try body(machine)
    }
}

/// Runs a test in a system and takes the system down.
func within(_ machine: Machine, _ body: (Machine) throws -> Void) throws {
    do {
        try body(machine)
    } catch {
        print("systemd: \(error); the journal of the system:")
        print((try? machine.report()) ?? "it cannot be read")
        try? machine.end()
        throw error
    }
    try machine.end()
}

/// How much is tried, and what it came to.
enum Effort {
    /// Whether the long form was asked for: the variable `EVERLOCK_SYSTEMD` is `long`.
    static let isLong = ProcessInfo.processInfo.environment["EVERLOCK_SYSTEMD"] == "long"

    /// One of two amounts.
    static func of(short: Int, long: Int) -> Int { isLong ? long : short }

    /// Tells a figure in the output of the tests.
    static func report(_ text: String) { print("systemd: \(text)") }
}
