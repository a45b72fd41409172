internal import Synchronization

/// Says that something has changed, to whoever looks from time to time: raising it again costs a read
/// of memory.
public final class ChangeFlag: Sendable {
    private let isRaised = Atomic(false)

    /// Begins lowered.
    public init() {}

    /// Raises the flag.
    ///
    /// - Returns: Whether it was down: then somebody may have to be woken.
    public func raise() -> Bool {
        if isRaised.load(ordering: .relaxed) { return false }
        return !isRaised.exchange(true, ordering: .acquiringAndReleasing)
    }

    /// Whether the flag is up.
    public var isUp: Bool { isRaised.load(ordering: .acquiring) }

    /// Lowers the flag, before what has changed is read.
    public func lower() { isRaised.store(false, ordering: .sequentiallyConsistent) }
}
