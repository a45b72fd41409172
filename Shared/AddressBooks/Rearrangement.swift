internal import VCard
internal import VersionedStorage

/// How one list of blobs becomes another: what is kept, and what has to be read.
///
/// Equal beginnings and ends are stepped over; between them a blob is found again wherever it
/// stands, so that a renamed card is not read again. Takes linear time.
struct Rearrangement {
    /// The blobs that the first list has not, in the order of the second; `nil` for what is no card.
    private(set) var read: [ObjectID?] = []
    /// The second list, as stretches of the first and of ``read``.
    private(set) var stretches: [PropertyColumn.Stretch] = []

    /// Whether nothing of the first list is in the second.
    var keepsNothing: Bool {
        !stretches.contains { if case .kept = $0 { true } else { false } }
    }

    /// Compares two lists.
    init(from old: [ObjectID?], to new: [ObjectID?]) {
        let shorter = min(old.count, new.count)
        var start = 0
        while start < shorter, old[start] == new[start] { start += 1 }
        var same = 0
        while same < shorter - start, old[old.count - 1 - same] == new[new.count - 1 - same] {
            same += 1
        }
        var places: [ObjectID?: Int] = [:]
        for place in start..<(old.count - same) { places[old[place]] = place }
        keep(0..<start)
        for blob in new[start..<(new.count - same)] {
            if let place = places[blob] {
                keep(place..<(place + 1))
            } else {
                read(blob)
            }
        }
        keep((old.count - same)..<old.count)
    }

    private mutating func keep(_ places: Range<Int>) {
        if places.isEmpty { return }
        if case .kept(let last) = stretches.last, last.upperBound == places.lowerBound {
            stretches[stretches.count - 1] = .kept(last.lowerBound..<places.upperBound)
        } else {
            stretches.append(.kept(places))
        }
    }

    private mutating func read(_ blob: ObjectID?) {
        read.append(blob)
        if case .fresh(let last) = stretches.last {
            stretches[stretches.count - 1] = .fresh(last.lowerBound..<read.count)
        } else {
            stretches.append(.fresh((read.count - 1)..<read.count))
        }
    }
}
