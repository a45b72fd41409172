import Settings

/// Makes whoever fails to log in wait, longer each time: an address, and a user's name.
///
/// Only what has to be guessed comes here: credentials that are remembered, app passwords and access
/// tokens that are right pass before it. A name waits for those only whom it is not known to come
/// from, so that nobody can lock a user out by guessing from elsewhere.
struct FailureThrottle: Sendable {
    /// The most addresses, names, and pairs of both that are remembered.
    static let maximumEntries = 20_000
    /// How long an address from which a user has logged in counts as the user's.
    static let familiarity: Duration = .seconds(7 * 86_400)

    private struct Failures: Sendable {
        var count = 0
        var last: ContinuousClock.Instant
        var end: ContinuousClock.Instant
    }

    private struct Acquaintance: Hashable, Sendable {
        let user: String
        let network: ClientNetwork
    }

    /// What the settings say.
    var limits: ThrottleSettings
    private var networks = RecentTable<ClientNetwork, Failures>(maximum: maximumEntries)
    private var users = RecentTable<String, Failures>(maximum: maximumEntries)
    private var known = RecentTable<Acquaintance, ContinuousClock.Instant>(maximum: maximumEntries)

    init(limits: ThrottleSettings) {
        self.limits = limits
    }

    /// How long a try has to wait; `nil` for one that may be made now.
    mutating func delay(
        of network: ClientNetwork,
        user: String?,
        now: ContinuousClock.Instant
    ) -> Duration? {
        var end = networks[network]?.end ?? now
        if let user, !isKnown(user, network, now: now) { end = max(end, users[user]?.end ?? now) }
        return end > now ? now.duration(to: end) : nil
    }

    /// Counts a failure.
    mutating func noteFailure(
        of network: ClientNetwork,
        user: String?,
        now: ContinuousClock.Instant
    ) {
        networks[network] = worse(networks[network], beyond: limits.addressFailures, now: now)
        if let user { users[user] = worse(users[user], beyond: limits.userFailures, now: now) }
    }

    /// Notes that a user has logged in from somewhere.
    mutating func noteSuccess(
        of network: ClientNetwork,
        user: String,
        now: ContinuousClock.Instant
    ) {
        known[Acquaintance(user: user, network: network)] = now + Self.familiarity
    }

    private mutating func isKnown(
        _ user: String,
        _ network: ClientNetwork,
        now: ContinuousClock.Instant
    ) -> Bool {
        (known[Acquaintance(user: user, network: network)] ?? now) > now
    }

    private func worse(
        _ failures: Failures?,
        beyond limit: Int,
        now: ContinuousClock.Instant
    ) -> Failures {
        var failures = failures ?? Failures(last: now, end: now)
        if failures.last + limits.forgetAfter < now { failures.count = 0 }
        failures.count += 1
        failures.last = now
        let doublings = failures.count - limit
        // Beyond 30 doublings the longest delay is reached, whatever the first one is.
        if doublings >= 0 {
            let delay = limits.firstDelay * (1 << min(doublings, 30))
            failures.end = now + min(delay, limits.longestDelay)
        }
        return failures
    }
}
