import Settings
import Synchronization

/// What each user has under way, and has asked for lately: a client that has gone wrong, or many of
/// one user, leave the rest their share.
///
/// Only users whose credentials were right have a place here, and the networks of those who need none.
/// The table is bounded: those who ask for nothing and have their whole burst again make room. Where all
/// places are taken by others, one more is let through unmeasured rather than refused for what others
/// do.
final class UserLoads: Sendable {
    /// Whose load is counted as one.
    enum Holder: Hashable, Sendable {
        /// A user, with all devices together.
        case user(String)
        /// Those who need not log in, by where they come from: a line has more addresses of IPv6 than a
        /// share for each would bind.
        case network(ClientNetwork)
    }

    /// The most holders that are kept.
    static let maximumHolders = 10_000

    /// Whether a request may go on.
    enum Verdict: Equatable {
        /// It may; ``leave(_:)`` ends it.
        case admitted
        /// It may, and is not kept.
        case unmeasured
        /// Too much is under way.
        case tooManyAtOnce
        /// Too much was asked for lately.
        case tooMany(wait: Duration)
    }

    fileprivate struct Load {
        var underWay = 0
        var queries: TokenBucket
    }

    fileprivate struct State {
        var loads: [Holder: Load] = [:]
        var nextSweep: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// How many holders are kept.
    var count: Int { state.withLock { $0.loads.count } }

    /// Decides about a request; waits for nothing.
    ///
    /// - Parameters:
    ///   - holder: Who asks.
    ///   - isQuery: Whether for a PROPFIND or a REPORT.
    ///   - rates: What a holder may.
    ///   - now: The time.
    /// - Returns: Whether it may go on.
    func admit(
        _ holder: Holder,
        isQuery: Bool,
        _ rates: UserRateSettings,
        now: ContinuousClock.Instant = .now
    ) -> Verdict {
        if rates.concurrent == 0, !isQuery || rates.queries == 0 { return .unmeasured }
        return state.withLock { state in
            if state.loads[holder] == nil {
                if state.loads.count >= Self.maximumHolders { state.sweep(rates, now: now) }
                if state.loads.count >= Self.maximumHolders { return .unmeasured }
            }
            return state.loads[
                holder,
                default: Load(queries: TokenBucket(burst: rates.burst, now: now))
            ].admit(isQuery: isQuery, rates, now: now)
        }
    }

    /// A request that was admitted has come to its end.
    func leave(_ holder: Holder) {
        state.withLock { $0.loads[holder]?.underWay -= 1 }
    }
}

extension UserLoads.Load {
    fileprivate mutating func admit(
        isQuery: Bool,
        _ rates: UserRateSettings,
        now: ContinuousClock.Instant
    ) -> UserLoads.Verdict {
        if rates.concurrent > 0, underWay >= rates.concurrent { return .tooManyAtOnce }
        if isQuery, rates.queries > 0,
            let wait = queries.take(rate: rates.queries, burst: rates.burst, now: now)
        {
            return .tooMany(wait: wait)
        }
        underWay += 1
        return .admitted
    }
}

extension UserLoads.State {
    /// Forgets those who would be the same if they came anew; looks once a second at the most.
    fileprivate mutating func sweep(_ rates: UserRateSettings, now: ContinuousClock.Instant) {
        if let nextSweep, now < nextSweep { return }
        nextSweep = now + .seconds(1)
        let rate = max(1, rates.queries)
        loads = loads.filter { _, load in
            var queries = load.queries
            return load.underWay > 0 || !queries.isFull(rate: rate, burst: rates.burst, now: now)
        }
    }
}
