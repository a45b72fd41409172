import AddressBooks
import Logging
import Supervision
import Synchronization

/// What the accepting thread does beside accepting: it tells the manager that the service gets on
/// with its work, and how it is doing.
///
/// Nothing of it costs anything while nobody asks, but the signs of life that the manager wants.
struct Upkeep {
    /// How soon to look again for an end of work, once the service is idle long enough.
    private static let workPause: Duration = .seconds(1)

    private let server: Server
    private var heartbeat: Heartbeat?
    private var pace = StatusPace()

    /// Begins where the manager has just been told that the service is ready.
    init(_ server: Server) {
        self.server = server
        let now = MonotonicClock.now
        heartbeat = ServiceManager.watchdogInterval.map { Heartbeat(interval: $0, now: now) }
        pace.told(now: now)
    }

    /// How long until something is due; `nil` where nothing is until somebody asks.
    var wait: Duration? {
        let now = MonotonicClock.now
        var waits = [heartbeat?.next, pace.due].compactMap { $0.map { max(.zero, $0 - now) } }
        if let limit = server.idleLimit {
            let rest = limit - server.activity.idleTime
            waits.append(rest > .zero ? rest : Self.workPause)
        }
        return waits.min()
    }

    /// Does what is due.
    mutating func perform() {
        let now = MonotonicClock.now
        if let next = heartbeat?.next, now >= next { look(now) }
        if server.statusChange.isUp { pace.changed(now: now) }
        if let due = pace.due, now >= due { tell(now) }
    }

    private mutating func tell(_ now: Duration) {
        server.statusChange.lower()
        let stuck = heartbeat?.stuck ?? []
        let trouble = stuck.isEmpty ? "" : "Stuck: \(stuck.joined(separator: ", ")); "
        ServiceManager.status(trouble + server.statusLine)
        pace.told(now: now)
    }

    private mutating func look(_ now: Duration) {
        let parts = server.dispatcher.store.work.map { Heartbeat.Part($0.name, steps: $0.steps) }
        let before = heartbeat?.stuck ?? []
        if heartbeat?.look(at: parts, now: now) == true { ServiceManager.watchdog() }
        guard let stuck = heartbeat?.stuck, stuck != before else { return }
        if !stuck.isEmpty {
            server.log.error(
                "no progress: without any, the manager restarts this service",
                metadata: ["stuck": "\(stuck.joined(separator: " "))"]
            )
        }
        tell(now)
    }
}

extension Server {
    /// What the manager is told of the service.
    var statusLine: String {
        let problem = settingsProblem.withLock { $0 }.map { "; settings not read again: \($0)" }
        return status.line + (problem ?? "")
    }

    /// Notes that there is something new to tell.
    func noteChange() {
        if ServiceManager.isListening, statusChange.raise() { nudge.signal() }
    }
}
