import Foundation

/// How much is tried: a short form with every run of the tests, a long one when it is asked for.
enum Effort {
    /// Whether the long form was asked for: the variable `EVERLOCK_FAULTS` is `long`.
    static let isLong = ProcessInfo.processInfo.environment["EVERLOCK_FAULTS"] == "long"

    /// One of two amounts.
    static func of(short: Int, long: Int) -> Int { isLong ? long : short }

    /// Tells a figure or a seed in the output of the tests.
    static func report(_ text: String) { print("faults: \(text)") }
}

/// Randomness that can be had again: the same seed gives the same numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A generator for a test; the seed is printed, and `EVERLOCK_FAULTS_SEED` sets it.
    init(of test: String) {
        let given = ProcessInfo.processInfo.environment["EVERLOCK_FAULTS_SEED"]
        let seed = given.flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1 << 32)
        Effort.report("\(test): seed \(seed)")
        self.init(seed: seed)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
