import Accounts
import Crypto

/// Remembers for a short time which credentials were right, so that a client's hundred small
/// requests cost one check of a password (20 ms) and not a hundred.
///
/// What is kept is a digest under a key that dies with the process: neither memory nor a core file
/// gives a password away. The stored hash goes with it, so that a changed password is forgotten at
/// once.
struct CredentialCache {
    /// How long credentials are remembered.
    static let lifetime: Duration = .seconds(300)
    /// How many are remembered.
    static let maximumEntries = 10_000

    private struct Entry {
        let user: String
        let hash: PasswordHash
        let expiry: ContinuousClock.Instant
    }

    private var entries: [CredentialKey.Digest: Entry] = [:]

    /// The user whose credentials these are, where they were right a short time ago and still are.
    func user(
        of digest: CredentialKey.Digest,
        in directory: UserDirectory,
        now: ContinuousClock.Instant
    ) -> UserDirectory.User? {
        guard let entry = entries[digest], now < entry.expiry, let user = directory[entry.user],
            user.hash == entry.hash
        else { return nil }
        return user
    }

    /// Notes that these credentials are right.
    mutating func remember(
        _ digest: CredentialKey.Digest,
        of user: UserDirectory.User,
        now: ContinuousClock.Instant
    ) {
        if entries.count >= Self.maximumEntries {
            entries = entries.filter { now < $0.value.expiry }
            if entries.count >= Self.maximumEntries { entries.removeAll() }
        }
        entries[digest] = Entry(user: user.name, hash: user.hash, expiry: now + Self.lifetime)
    }
}

/// Makes digests of `Authorization` headers, under a key of this process.
struct CredentialKey: Sendable {
    typealias Digest = HMAC<SHA256>.MAC

    /// What every digest begins with: the key is worked in once.
    private let keyed = HMAC<SHA256>(key: SymmetricKey(size: .bits256))

    /// The digest of a header's value.
    func digest(_ authorization: String) -> Digest {
        var code = keyed
        code.update(data: Array(authorization.utf8))
        return code.finalize()
    }
}
