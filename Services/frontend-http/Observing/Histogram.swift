/// How often something took how long.
///
/// The buckets are fixed, so that what event loops counted can be added up.
struct Histogram: Sendable, Equatable {
    /// The buckets' upper bounds, in microseconds: what a gateway adds, what a card takes, what a
    /// listing takes, and what somebody has waited for.
    static let bounds = [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000,
    ]
    /// The bounds as text, in seconds.
    static let boundTexts = [
        "0.0001", "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1",
        "0.25", "0.5", "1", "2.5", "5", "10", "30", "60",
    ]

    /// How many fell between a bound and the one before; the last is of those beyond all bounds.
    private(set) var counts = [UInt64](repeating: 0, count: bounds.count + 1)
    /// The sum of all, in microseconds.
    private(set) var microseconds: UInt64 = 0

    /// How many there were.
    var count: UInt64 { counts.reduce(0, +) }

    /// Counts one.
    mutating func record(microseconds taken: Int) {
        let taken = max(0, taken)
        var bucket = 0
        while bucket < Self.bounds.count, taken > Self.bounds[bucket] { bucket += 1 }
        counts[bucket] += 1
        microseconds += UInt64(taken)
    }

    /// Adds what another counted.
    mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        microseconds += other.microseconds
    }
}
