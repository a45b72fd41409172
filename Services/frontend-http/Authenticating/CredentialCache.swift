import Accounts
import Crypto

/// Remembers for a short time which credentials were right, so that a client's hundred small
/// requests cost one check of a password (20 ms) and not a hundred.
///
/// What is kept is a digest under a key that dies with the process: neither memory nor a core file
/// gives a password away. It covers the stored hash, so that a changed password is forgotten at once.
struct CredentialCache {
    /// How long credentials are remembered.
    static let lifetime: Duration = .seconds(300)
    /// How many are remembered.
    static let maximumEntries = 10_000

    private let key = SymmetricKey(size: .bits256)
    private var entries: [[UInt8]: ContinuousClock.Instant] = [:]

    /// Whether these credentials were right a short time ago.
    func remembers(
        _ credentials: BasicCredentials,
        _ hash: PasswordHash,
        now: ContinuousClock.Instant
    ) -> Bool {
        guard let expiry = entries[digest(credentials, hash)] else { return false }
        return now < expiry
    }

    /// Notes that these credentials are right.
    mutating func remember(
        _ credentials: BasicCredentials,
        _ hash: PasswordHash,
        now: ContinuousClock.Instant
    ) {
        if entries.count >= Self.maximumEntries {
            entries = entries.filter { now < $0.value }
            if entries.count >= Self.maximumEntries { entries.removeAll() }
        }
        entries[digest(credentials, hash)] = now + Self.lifetime
    }

    private func digest(_ credentials: BasicCredentials, _ hash: PasswordHash) -> [UInt8] {
        var code = HMAC<SHA256>(key: key)
        for part in [Array(credentials.user.utf8), credentials.password, Array(hash.text.utf8)] {
            // The length before each part keeps two parts from being read as others.
            withUnsafeBytes(of: UInt64(part.count).bigEndian) { code.update(data: $0) }
            code.update(data: part)
        }
        return Array(code.finalize())
    }
}
