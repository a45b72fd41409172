/// How the gateway is doing, as far as systemd tells.
struct GatewayState {
    /// `active`, `inactive`, `failed` … (systemctl(1)); `nil` on a machine without systemd.
    let state: String?
    let process: Int?
    /// What the gateway says of itself.
    let status: String?

    init() {
        let properties = SystemManager.properties(
            of: SystemManager.gatewayUnit,
            ["ActiveState", "MainPID", "StatusText"]
        )
        state = properties?["ActiveState"]
        process = properties?["MainPID"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        status = properties?["StatusText"].flatMap { $0.isEmpty ? nil : $0 }
    }

    var json: JSON.Value {
        .members([
            "state": .optional(state), "pid": .optional(process), "status": .optional(status),
        ])
    }

    var text: String {
        guard let state else { return "gateway: systemd does not run this machine" }
        var text = "gateway: \(state)"
        if let process { text += ", process \(process)" }
        if let status { text += "\n  status   \(status)" }
        return text
    }
}
