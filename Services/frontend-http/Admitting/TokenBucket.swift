/// Lets a number through each second in the long run, and more at once after a rest.
struct TokenBucket: Sendable {
    private var tokens: Double
    private var last: ContinuousClock.Instant

    /// A full one.
    init(burst: Int, now: ContinuousClock.Instant) {
        tokens = Double(burst)
        last = now
    }

    /// Lets one through, if there is one left.
    ///
    /// - Parameters:
    ///   - rate: How many come back each second; above 0.
    ///   - burst: How many there are at the most.
    ///   - now: The time; not before that of the call before.
    /// - Returns: `nil` where one went through, else how long until one may.
    mutating func take(rate: Int, burst: Int, now: ContinuousClock.Instant) -> Duration? {
        refill(rate: rate, burst: burst, now: now)
        if tokens >= 1 {
            tokens -= 1
            return nil
        }
        return .seconds((1 - tokens) / Double(rate))
    }

    /// Whether nothing would be lost if a new one took its place.
    mutating func isFull(rate: Int, burst: Int, now: ContinuousClock.Instant) -> Bool {
        refill(rate: rate, burst: burst, now: now)
        return tokens >= Double(burst)
    }

    private mutating func refill(rate: Int, burst: Int, now: ContinuousClock.Instant) {
        tokens = min(Double(burst), tokens + (now - last) / .seconds(1) * Double(rate))
        last = now
    }
}
