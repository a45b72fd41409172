/// How the gateway is doing, as far as systemd tells.
struct GatewayState {
    private static let asked = [
        "LoadState", "ActiveState", "SubState", "Result", "NRestarts", "MainPID", "StatusText",
    ]

    /// `active`, `inactive`, `failed` … (systemctl(1)); `nil` where systemd has no such unit.
    let state: String?
    let process: Int?
    /// What the gateway says of itself.
    let status: String?
    /// How it last ended: `success`, `exit-code` … (systemd.service(5)).
    let result: String?
    /// How often systemd has started it again.
    let restarts: Int?
    /// Why somebody must act; `nil` where nobody need.
    let trouble: String?
    private let detail: String?

    /// Asks systemd, whose gateway is that of an installation and of no other set-up.
    init(of places: Places) {
        guard places.isInstallation else {
            self.init(nil, isSocketOpen: false)
            return
        }
        let unit = SystemManager.properties(of: SystemManager.gatewayUnit, Self.asked)
        let isSocketOpen = SystemManager.gatewaySockets.contains { socket in
            SystemManager.properties(of: socket, ["ActiveState"])?["ActiveState"] == "active"
        }
        self.init(unit, isSocketOpen: isSocketOpen)
    }

    /// Reads what systemd says of the gateway's unit.
    ///
    /// - Parameters:
    ///   - properties: The unit's properties; `nil` where systemd does not answer.
    ///   - isSocketOpen: Whether it holds a socket, at which the first client starts the gateway.
    init(_ properties: [String: String]?, isSocketOpen: Bool) {
        let unit = properties?["LoadState"] == "not-found" ? nil : properties
        state = unit?["ActiveState"]
        detail = unit?["SubState"]
        process = unit?["MainPID"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        status = unit?["StatusText"].flatMap { $0.isEmpty ? nil : $0 }
        result = unit?["Result"]
        restarts = unit?["NRestarts"].flatMap { Int($0) }
        switch state {
        case nil, "active", "reloading": trouble = nil
        case "inactive" where isSocketOpen: trouble = nil
        case "inactive": trouble = "it does not run, and no socket of it is open"
        default: trouble = "it does not run"
        }
    }

    var json: JSON.Value {
        .members([
            "state": .optional(state), "pid": .optional(process), "status": .optional(status),
            "result": .optional(result), "restarts": .optional(restarts),
            "trouble": .optional(trouble),
        ])
    }

    var text: String {
        guard let state else { return "gateway: not under systemd, not asked" }
        var text = "gateway: \(state)"
        if let detail, trouble != nil { text += " (\(detail))" }
        if let process { text += ", process \(process)" }
        if let status { text += "\n  status   \(status)" }
        if trouble != nil || (restarts ?? 0) > 0 {
            text += "\n  restarts \(restarts ?? 0), last result \(result ?? "unknown")"
        }
        if let trouble {
            text += "\n  trouble  \(trouble); journalctl -u \(SystemManager.gatewayUnit) says why"
        }
        return text
    }
}
