/// Whether a service gets on with its work: when to tell the manager so, and when not to
/// (sd_notify(3), `WATCHDOG=1`).
///
/// A part is idle, or at work with a number that changes with each step. One that is at work and
/// whose number has stood still for half the interval is stuck: until it moves, nothing is told, and
/// the manager restarts the service once it has heard nothing for the whole interval. So a part that
/// takes less than half the interval for a step is never taken for stuck, and one that never ends is
/// noticed within one and a half.
///
/// A value without clocks and threads: whoever owns it says what the time is, and sleeps until
/// ``next``.
public struct Heartbeat: Sendable {
    /// One part of a service as somebody has just found it.
    public struct Part: Sendable {
        /// What the log calls it.
        public let name: String
        /// How far it has come; `nil` while it has nothing to do.
        public let steps: UInt64?

        /// Joins a name and what was found.
        public init(_ name: String, steps: UInt64?) {
            self.name = name
            self.steps = steps
        }
    }

    private struct Sight {
        let steps: UInt64
        let since: Duration
    }

    /// How long the manager waits for a sign of life.
    public let interval: Duration
    /// When to look at the parts again: twice in an interval, more often while one is stuck, so that
    /// a step that comes late is told in time.
    public private(set) var next: Duration
    /// The parts that were stuck when they were looked at last.
    public private(set) var stuck: [String] = []
    private var sights: [String: Sight] = [:]

    /// Begins at a time; the first look is due at once.
    public init(interval: Duration, now: Duration) {
        self.interval = interval
        next = now
    }

    /// Takes a look at all parts.
    ///
    /// - Parameters:
    ///   - parts: All parts, each with a name of its own.
    ///   - now: The time, of the monotonic clock.
    /// - Returns: Whether to tell the manager that the service gets on.
    public mutating func look(at parts: [Part], now: Duration) -> Bool {
        var sights: [String: Sight] = [:]
        stuck = []
        for part in parts {
            guard let steps = part.steps else { continue }
            let held = self.sights[part.name]
            let sight = held?.steps == steps ? held : nil
            let since = sight?.since ?? now
            sights[part.name] = Sight(steps: steps, since: since)
            if now - since >= interval / 2 { stuck.append(part.name) }
        }
        self.sights = sights
        next = now + interval / (stuck.isEmpty ? 2 : 16)
        return stuck.isEmpty
    }
}
