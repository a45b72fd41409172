import NIOCore

/// The requests of one event loop that wait for a connection to one instance, in the order of their
/// coming. Each waits equally long at the most, so that the first is always the first to be overdue.
struct WaitingLine {
    /// One that waits.
    final class Place {
        let taker: BackendPool.Taker
        fileprivate let bytes: Int
        fileprivate let deadline: NIODeadline
        fileprivate var waits = true

        fileprivate init(_ taker: @escaping BackendPool.Taker, bytes: Int, deadline: NIODeadline) {
            self.taker = taker
            self.bytes = bytes
            self.deadline = deadline
        }
    }

    private var places: CircularBuffer<Place> = []
    /// How many wait.
    private(set) var count = 0
    /// The bytes that they hold.
    private(set) var bytes = 0

    /// How many places are kept, those that were left included.
    var kept: Int { places.count }

    /// When the first of them has waited too long.
    var deadline: NIODeadline? { places.first?.deadline }

    /// Goes to the end of the line.
    ///
    /// - Parameters:
    ///   - bytes: What the request holds while it waits.
    ///   - deadline: When it has waited too long; not before that of the one in front.
    ///   - taker: Who takes the connection.
    /// - Returns: The place, to leave the line by.
    mutating func join(
        bytes: Int,
        until deadline: NIODeadline,
        _ taker: @escaping BackendPool.Taker
    ) -> Place {
        let place = Place(taker, bytes: bytes, deadline: deadline)
        places.append(place)
        count += 1
        self.bytes += bytes
        return place
    }

    /// Leaves the line. What is left behind is swept up when it is more than half of the line.
    mutating func leave(_ place: Place) {
        guard place.waits else { return }
        remove(place)
        if places.count > 2 * count + 16 { places.removeAll { !$0.waits } }
        dropGone()
    }

    /// Takes the first one off the line.
    mutating func next() -> Place? {
        guard let place = places.popFirst() else { return nil }
        remove(place)
        dropGone()
        return place
    }

    /// Takes the first one off that has waited too long.
    mutating func nextOverdue(now: NIODeadline) -> Place? {
        guard let deadline, deadline <= now else { return nil }
        return next()
    }

    private mutating func remove(_ place: Place) {
        place.waits = false
        count -= 1
        bytes -= place.bytes
    }

    /// The first place is always of one that waits.
    private mutating func dropGone() {
        while places.first?.waits == false { places.removeFirst() }
    }
}
