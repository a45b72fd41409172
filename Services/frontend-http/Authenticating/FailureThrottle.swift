import Settings

/// Makes whoever fails to log in wait, longer each time: an address, and a user's name.
///
/// Only what can be guessed comes here: app passwords and access tokens that are right pass before it.
/// A name waits for those only whom it is not known to come from, so that nobody can lock a user out by
/// guessing from elsewhere; and a password that is remembered passes from where it is known. From
/// anywhere else it waits as any other, or whoever guesses would learn at once which one is right.
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

    /// How long a password that is remembered has to wait. Where it does not, its user is known to come
    /// from there.
    mutating func delayOfRemembered(
        of network: ClientNetwork,
        user: String,
        now: ContinuousClock.Instant
    ) -> Duration? {
        if isKnown(user, network, now: now) { return nil }
        if let delay = delay(of: network, user: user, now: now) { return delay }
        noteSuccess(of: network, user: user, now: now)
        return nil
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
