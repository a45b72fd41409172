import Logging
import NIOCore
import Supervision

/// What the main thread does while the event loops serve: it tells the manager that they get on with
/// their work, and how the service is doing.
struct GatewayUpkeep {
    private let services: GatewayServices
    private let addresses: String
    private let probe: LoopProbe
    private var heartbeat: Heartbeat?
    private var pace = StatusPace()

    /// Begins before the manager is told that the service is ready.
    ///
    /// - Parameters:
    ///   - group: The event loops.
    ///   - services: What is told of.
    ///   - addresses: Where the gateway listens.
    init(_ group: some EventLoopGroup, _ services: GatewayServices, addresses: [String]) {
        self.services = services
        self.addresses = addresses.joined(separator: ", ")
        probe = LoopProbe(group)
        let now = MonotonicClock.now
        heartbeat = ServiceManager.watchdogInterval.map { Heartbeat(interval: $0, now: now) }
        pace.told(now: now)
    }

    /// When something is due, of the monotonic clock; `nil` where nothing is until something changes.
    var next: Duration? {
        [heartbeat?.next, pace.due].compactMap(\.self).min()
    }

    /// What the manager is told of the service.
    var line: String {
        let problems = services.problems.map { "; not read again: \($0)" }
        return "Listening on \(addresses); \(services.activity.line)" + problems.joined()
    }

    /// Does what is due.
    mutating func perform() {
        let now = MonotonicClock.now
        if let next = heartbeat?.next, now >= next { look(now) }
        if services.activity.change.isUp { pace.changed(now: now) }
        if let due = pace.due, now >= due { tell(now) }
    }

    private mutating func tell(_ now: Duration) {
        services.activity.change.lower()
        let stuck = heartbeat?.stuck ?? []
        let trouble = stuck.isEmpty ? "" : "Stuck: \(stuck.joined(separator: ", ")); "
        ServiceManager.status(trouble + line)
        pace.told(now: now)
    }

    private mutating func look(_ now: Duration) {
        let before = heartbeat?.stuck ?? []
        if heartbeat?.look(at: probe.ask(), now: now) == true { ServiceManager.watchdog() }
        guard let stuck = heartbeat?.stuck, stuck != before else { return }
        if !stuck.isEmpty {
            services.log.error(
                "no progress: without any, the manager restarts this service",
                metadata: ["stuck": "\(stuck.joined(separator: " "))"]
            )
        }
        tell(now)
    }
}
