import NIOCore

/// What is known of a backend, learnt from requests alone: nobody is asked for it, so that a backend
/// that rests is not woken.
enum BackendHealth: Sendable, Equatable {
    /// No request has needed it yet.
    case unknown
    /// It greeted when it was last needed.
    case up
    /// It could not be reached, and since when.
    case down(since: NIODeadline)

    /// Whether it could not be reached.
    var isDown: Bool { if case .down = self { true } else { false } }

    /// It could not be reached; how long ago that began stays known.
    mutating func fail(now: NIODeadline) {
        if !isDown { self = .down(since: now) }
    }
}
