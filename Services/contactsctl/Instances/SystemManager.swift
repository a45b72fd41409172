import Glibc

/// systemd, where it runs this machine: what an instance needs of it.
struct SystemManager {
    /// The name of an instance's user begins with this.
    static let userPrefix = "evl-"
    /// Whether systemd runs this machine (sd_booted(3)).
    static var isPresent: Bool { access("/run/systemd/system", F_OK) == 0 }

    static func user(of instance: String) -> String { userPrefix + instance }
    static func socketUnit(of instance: String) -> String { "contacts-backend@\(instance).socket" }
    static func serviceUnit(of instance: String) -> String {
        "contacts-backend@\(instance).service"
    }
    static let gatewayUnit = "frontend-http.service"
    static let gatewaySockets = ["frontend-http.socket", "frontend-https.socket"]
    static let gatewayUser = "everlock-gateway"

    static func sysusersPath(of instance: String) -> String {
        "/etc/sysusers.d/everlock-\(instance).conf"
    }

    static func sysusersLine(of instance: String) -> String {
        "u \(user(of: instance)) - \"Everlock Contacts, instance \(instance)\"\n"
    }

    /// Whether systemd starts the backends of these places, this instance's among them: it runs this
    /// machine, has the units, and these are the places that the units know.
    static func serves(_ instance: String, of places: Places) -> Bool {
        isPresent && places.isInstallation && hasUnits(for: instance)
    }

    /// Whether the units of backends are installed.
    static func hasUnits(for instance: String) -> Bool {
        properties(of: socketUnit(of: instance), ["LoadState"])?["LoadState"] == "loaded"
    }

    /// Says what is done, and does it.
    private let say: (String) -> Void

    init(say: @escaping (String) -> Void) {
        self.say = say
    }

    /// Makes an instance's user, opens its socket, and has the gateway read the settings again.
    func enable(_ instance: String) throws {
        let path = Self.sysusersPath(of: instance)
        let line = Array(Self.sysusersLine(of: instance).utf8)
        try FileBytes.replace(path, with: line, newMode: 0o644)
        say("wrote \(path)")
        try run(["systemd-sysusers", path])
        try run(["systemctl", "enable", "--now", Self.socketUnit(of: instance)])
        try reloadGateway()
    }

    /// Has the gateway forget an instance, closes its socket and ends its backend.
    func disable(_ instance: String) throws {
        try reloadGateway()
        try run(["systemctl", "disable", "--now", Self.socketUnit(of: instance)])
        try run(["systemctl", "stop", Self.serviceUnit(of: instance)])
        let path = Self.sysusersPath(of: instance)
        if unlink(path) == 0 { say("removed \(path); the user \(Self.user(of: instance)) stays") }
    }

    private func reloadGateway() throws {
        let isActive = try Subprocess.run(
            ["systemctl", "is-active", "--quiet", Self.gatewayUnit],
            isQuiet: true
        )
        guard isActive.status == 0 else {
            return say("\(Self.gatewayUnit) does not run: nothing to reload")
        }
        try run(["systemctl", "reload", Self.gatewayUnit])
    }

    private func run(_ command: [String]) throws {
        let result = try Subprocess.run(command)
        guard result.status == 0 else {
            throw CommandFailure(
                message: "\(command.joined(separator: " ")) failed with status \(result.status)"
            )
        }
        say(command.joined(separator: " "))
    }

    /// What an operator types who does not have this program do it.
    static func steps(toEnable instance: String) -> [String] {
        let line = sysusersLine(of: instance).dropLast()
        return [
            "echo '\(line)' >\(sysusersPath(of: instance))",
            "systemd-sysusers \(sysusersPath(of: instance))",
            "systemctl enable --now \(socketUnit(of: instance))",
            "systemctl reload \(gatewayUnit)",
        ]
    }

    /// What systemd says of a unit, by the names of its properties; `nil` where it does not answer.
    static func properties(of unit: String, _ names: [String]) -> [String: String]? {
        guard isPresent else { return nil }
        let result: Subprocess.Result
        do {
            result = try Subprocess.run(
                ["systemctl", "show", "--property", names.joined(separator: ","), unit],
                isQuiet: true
            )
        } catch {
            // A machine without systemctl tells nothing of units.
            return nil
        }
        guard result.status == 0 else { return nil }
        var properties: [String: String] = [:]
        for line in result.output.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { properties[String(parts[0])] = String(parts[1]) }
        }
        return properties
    }
}
