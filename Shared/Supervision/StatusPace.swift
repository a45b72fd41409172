/// When to tell the manager what a service is doing: at once where nothing was told for a while, and
/// some seconds after the last time otherwise.
public struct StatusPace: Sendable {
    /// The least time between two lines.
    public static let pause: Duration = .seconds(5)

    /// When the next line is due; `nil` while there is nothing new.
    public private(set) var due: Duration?
    private var last: Duration?

    /// Begins with nothing to tell.
    public init() {}

    /// Something has changed.
    public mutating func changed(now: Duration) {
        guard due == nil else { return }
        due = last.map { max(now, $0 + Self.pause) } ?? now
    }

    /// The line was told.
    public mutating func told(now: Duration) {
        last = now
        due = nil
    }
}
