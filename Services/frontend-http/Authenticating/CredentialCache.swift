import Access
import Accounts
import Crypto

/// Remembers for a short time which credentials were right, so that a client's hundred small
/// requests cost one check of a password (20 ms) and not a hundred.
///
/// What is kept is a digest under a key that dies with the process: neither memory nor a core file
/// gives a password away. What the credentials were compared with goes along and is looked at each
/// time, so that a changed or revoked password is forgotten at once.
struct CredentialCache {
    /// How many are remembered.
    static let maximumEntries = 20_000

    /// What made credentials right.
    enum Proof: Sendable {
        /// The user's password had this hash.
        case password(PasswordHash)
        /// PAM has said so, as long as `users.toml` is the same and no settings are read again.
        case pam(epoch: Int)
        /// One of the user's app passwords has this hash.
        case appPassword(AppPasswordHash)
        /// An access token, good until then, in seconds since 1970, as long as no key or setting that
        /// it hangs on has gone.
        case token(Scope, expiry: Int, epoch: Int)
    }

    private struct Entry {
        let user: String
        let proof: Proof
        let expiry: ContinuousClock.Instant
    }

    /// How long credentials are remembered.
    var lifetime: Duration
    /// Grows when access tokens that were right may not be any more.
    var tokenEpoch = 0
    /// Grows when what PAM has said may not hold any more.
    var pamEpoch = 0
    private var entries = RecentTable<CredentialKey.Digest, Entry>(maximum: maximumEntries)

    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    /// Whose credentials these are, where they were right a short time ago and still are.
    ///
    /// - Returns: The caller, the id of the app password where it was one, and whether it was a password
    ///   that a user thought of, and others can guess.
    mutating func caller(
        of digest: CredentialKey.Digest,
        in directory: UserDirectory,
        now: Moment
    ) -> (caller: Caller, device: String?, isGuessable: Bool)? {
        guard let entry = entries[digest], now.instant < entry.expiry,
            let user = directory[entry.user]
        else { return nil }
        switch entry.proof {
        case .password(let hash):
            guard user.password == .hash(hash) else { return nil }
            return (Caller(user: user, scope: .everything), nil, true)
        case .pam(let epoch):
            guard user.password == .pam, epoch == pamEpoch else { return nil }
            return (Caller(user: user, scope: .everything), nil, true)
        case .appPassword(let hash):
            guard let device = user.appPasswords[hash], device.isValid(atSeconds: now.seconds)
            else { return nil }
            return (Caller(user: user, scope: device.scope), device.id, false)
        case .token(let scope, let expiry, let epoch):
            guard now.seconds < expiry, epoch == tokenEpoch else { return nil }
            return (Caller(user: user, scope: scope), nil, false)
        }
    }

    /// Notes that these credentials are right.
    mutating func remember(
        _ digest: CredentialKey.Digest,
        of user: String,
        _ proof: Proof,
        now: Moment
    ) {
        guard lifetime > .zero else { return }
        entries[digest] = Entry(user: user, proof: proof, expiry: now.instant + lifetime)
    }
}

/// Makes digests of `Authorization` headers, under a key of this process.
///
/// SHA-256 of the key and the header. What makes HMAC of it, against digests that somebody lengthens,
/// would be as much work again, and no digest leaves the process.
struct CredentialKey: Sendable {
    typealias Digest = SHA256.Digest

    /// What every digest begins with: the key, a block of the hash's, is worked in once.
    private let keyed: SHA256

    /// Makes a new key.
    init() {
        var hash = SHA256()
        SymmetricKey(size: SymmetricKeySize(bitCount: 8 * SHA256.blockByteCount))
            .withUnsafeBytes { hash.update(bufferPointer: $0) }
        keyed = hash
    }

    /// The digest of a header's value.
    func digest(_ authorization: String) -> Digest {
        var hash = keyed
        var value = authorization
        value.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hash.finalize()
    }
}
