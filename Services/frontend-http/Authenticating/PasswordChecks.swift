import NIOCore

/// The credentials that are being checked in one way, and who waits for which: the same ones are
/// checked once for all who wait, and one address has a share of the waiting only.
struct PasswordChecks: Sendable {
    /// The most requests that wait for a hash, and the most that wait for an access token.
    static let maximumWaiting = 512
    /// The most different credentials of one address that are checked or wait to be: its share, so
    /// that whoever tries many at once waits for himself.
    static let maximumOfNetwork = 8

    /// What becomes of credentials that are to be checked.
    enum Entry {
        /// The first: whoever asks has them checked.
        case first
        /// They are being checked for somebody else.
        case following
        /// Too many wait.
        case refused
    }

    private var waiting: [CredentialKey.Digest: [EventLoopPromise<Verdict>]] = [:]
    private var ofNetwork: [ClientNetwork: Int] = [:]
    /// How many requests wait.
    private(set) var count = 0
    private let maximum: Int

    /// - Parameter maximum: The most requests that wait.
    init(maximum: Int = maximumWaiting) { self.maximum = maximum }

    /// Has a promise wait for a verdict.
    mutating func enter(
        _ digest: CredentialKey.Digest,
        of network: ClientNetwork,
        _ promise: EventLoopPromise<Verdict>
    ) -> Entry {
        guard count < maximum else { return .refused }
        if waiting[digest] != nil {
            waiting[digest]?.append(promise)
            count += 1
            return .following
        }
        guard ofNetwork[network, default: 0] < Self.maximumOfNetwork else { return .refused }
        waiting[digest] = [promise]
        ofNetwork[network, default: 0] += 1
        count += 1
        return .first
    }

    /// Ends a check.
    ///
    /// - Returns: Who has waited for it.
    mutating func leave(
        _ digest: CredentialKey.Digest,
        of network: ClientNetwork
    ) -> [EventLoopPromise<Verdict>] {
        let promises = waiting.removeValue(forKey: digest) ?? []
        count -= promises.count
        let rest = ofNetwork[network, default: 0] - 1
        ofNetwork[network] = rest > 0 ? rest : nil
        return promises
    }
}
