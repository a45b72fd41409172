internal import Synchronization

/// Counts the steps of a worker, so that somebody else can tell one that is stuck from one that waits
/// for work.
///
/// One worker at a time counts; anybody may look, without waiting.
public final class WorkSteps: Sendable {
    /// Odd while there is work: beginning and ending count one, a step counts two.
    private let count = Atomic<UInt64>(0)

    init() {}

    /// A number that changes with each step; `nil` while there is nothing to do.
    public var steps: UInt64? {
        let now = count.load(ordering: .relaxed)
        return now.isMultiple(of: 2) ? nil : now
    }

    /// The worker has something to do.
    func began() { count.add(1, ordering: .relaxed) }

    /// A step is done; of no meaning where nothing has begun.
    func wentOn() { count.add(2, ordering: .relaxed) }

    /// The worker waits for more.
    func ended() { count.add(1, ordering: .relaxed) }
}
