import NIOCore

/// `/healthz` and `/readyz`: a status for programs, and why for people.
enum HealthPage {
    /// Whether the process works: all event loops turn. What a supervisor restarts it by.
    ///
    /// Backends and settings do not count: a restart mends neither.
    static func liveness(_ reading: GatewayReading) -> (status: Int, text: String) {
        if reading.stuckLoops == 0 { return (200, "ok\n") }
        return (
            503, "\(reading.stuckLoops) of the event loops do not turn; restart the gateway\n"
        )
    }

    /// Whether requests are to be sent here. What a balancer in front chooses by.
    ///
    /// Not while the gateway stops or does not work, and not where every instance that was asked for
    /// is out of reach. One that is out of reach beside others that are not is told and no more: its
    /// trouble is nobody else's. So are settings that could not be read again, since the old ones
    /// serve. With an instance's name, it alone counts.
    ///
    /// - Parameters:
    ///   - reading: What is known.
    ///   - instance: The one that is asked for; `nil` for all.
    ///   - now: The time.
    /// - Returns: 200 or 503 with a line for each fact; 404 for an instance that is none.
    static func readiness(
        _ reading: GatewayReading,
        of instance: String?,
        now: NIODeadline
    ) -> (status: Int, text: String) {
        let pools = reading.pools
        if let instance, pools[instance] == nil {
            return (404, "the settings name no instance \(instance)\n")
        }
        let asked = pools.filter { instance == nil || $0.key == instance }
        let needed = asked.values.filter { $0.health != .unknown }
        let isReachable = needed.isEmpty || needed.contains { !$0.health.isDown }
        let isReady = !reading.isStopping && reading.stuckLoops == 0 && isReachable
        var lines = [isReady ? "ready" : "not ready"]
        if reading.isStopping { lines.append("gateway: stops") }
        if reading.stuckLoops > 0 {
            lines.append("event loops: \(reading.stuckLoops) do not turn; restart the gateway")
        }
        lines.append(
            reading.areSettingsGood
                ? "settings: good"
                : "settings: could not be read again, the old ones are in force; see the log"
        )
        for (name, pool) in asked.sorted(by: { $0.key < $1.key }) {
            lines.append("instance \(name): \(words(for: pool.health, now: now))")
        }
        return (isReady ? 200 : 503, lines.joined(separator: "\n") + "\n")
    }

    private static func words(for health: BackendHealth, now: NIODeadline) -> String {
        switch health {
        case .unknown: return "not needed yet"
        case .up: return "reached when last needed"
        case .down(let since):
            let seconds = (now - since).nanoseconds / 1_000_000_000
            return "not reached since \(seconds) s; see systemctl status of its backend"
        }
    }
}
