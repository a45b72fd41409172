import Accounts
import Glibc
import Logging
import NIOCore
import NIOPosix
import Settings
import Synchronization

/// Says who asks. The answer comes at once for credentials that were right a moment ago and for app
/// passwords, and from a thread of its own where a password has to be hashed.
final class Authenticator: Sendable {
    /// The threads that hash passwords.
    static let threads = 2

    struct State {
        var directory: UserDirectory
        var cache: CredentialCache
        var throttle: FailureThrottle
        var checks = PasswordChecks()
        var tokenChecks = PasswordChecks()
        var pamChecks = PasswordChecks(maximum: Authenticator.maximumWaitingForPAM)
        var pam: PAMService?
        var nextWordOfPAM: ContinuousClock.Instant = .now
        var plaintext: AuthSettings.Plaintext
        var tokens: TokenVerifier?
        var uses = DeviceUses()
        var anonymous = AnonymousAccess()
        var fileTime: FileTime
        var nextLook: ContinuousClock.Instant
        var problem: String?

        /// Whether the file is to be looked at again: once a second at most.
        mutating func isLookDue(now: ContinuousClock.Instant) -> Bool {
            guard now >= nextLook else { return false }
            nextLook = now + .seconds(1)
            return true
        }
    }

    let key = CredentialKey()
    let state: Mutex<State>
    let pool: NIOThreadPool
    let tokenPool: NIOThreadPool
    /// The threads that ask PAM, running once a service is named.
    let pamPool = NIOThreadPool(numberOfThreads: pamThreads)
    let log: Logger
    let statePath: String?
    private let path: String

    /// - Parameters:
    ///   - path: `users.toml`.
    ///   - pool: The threads that hash passwords.
    ///   - tokenPool: The threads that check access tokens; those for passwords without it.
    ///   - folder: The folder for what the gateway remembers beyond its life: when app passwords were
    ///     last used. Nothing is remembered without it.
    ///   - log: Where failures are told.
    /// - Throws: ``SettingsError`` where the users cannot be read.
    init(
        path: String,
        pool: NIOThreadPool,
        tokenPool: NIOThreadPool? = nil,
        state folder: String? = nil,
        log: Logger
    ) throws(SettingsError) {
        self.path = path
        self.pool = pool
        self.tokenPool = tokenPool ?? pool
        self.log = log
        statePath = folder.map { "\($0)/\(LastUseFile.fileName)" }
        let settings = try GatewaySettings(bytes: [], file: GatewaySettings.fileName)
        let fileTime = FileTime(path)
        let directory = try UserDirectory(UsersFile.load(path: path), path: path)
        state = Mutex(
            State(
                directory: directory,
                cache: CredentialCache(lifetime: settings.auth.remember),
                throttle: FailureThrottle(limits: settings.throttle),
                plaintext: settings.auth.plaintext,
                fileTime: fileTime,
                nextLook: .now + .seconds(1)
            )
        )
        loadUses()
    }

    /// Settings that can be taken over, and what is made of them.
    struct Prepared: Sendable {
        fileprivate let settings: GatewaySettings
        fileprivate let tokens: TokenVerifier?
    }

    /// Makes all that settings need; those in force stay.
    ///
    /// - Throws: ``SettingsError`` for a scope's role that is none.
    func prepare(_ settings: GatewaySettings) throws(SettingsError) -> Prepared {
        let known = state.withLock { $0.tokens }
        if known?.settings == settings.oauth { return Prepared(settings: settings, tokens: known) }
        if settings.oauth.issuers.isEmpty { return Prepared(settings: settings, tokens: nil) }
        let tokens = try TokenVerifier(settings.oauth, log: log) { [weak self] in
            self?.forgetTokens()
        }
        return Prepared(settings: settings, tokens: tokens)
    }

    /// Takes settings over, at the start and when they are read again.
    func use(_ prepared: Prepared) {
        let (settings, tokens) = (prepared.settings, prepared.tokens)
        state.withLock { state in
            state.cache.lifetime = settings.auth.remember
            state.throttle.limits = settings.throttle
            state.plaintext = settings.auth.plaintext
            if tokens !== state.tokens { state.cache.tokenEpoch += 1 }
            state.tokens = tokens
            state.pam = settings.pam.service.map {
                PAMService(name: $0, folder: settings.pam.folder)
            }
            state.cache.pamEpoch += 1
        }
        if settings.pam.service != nil { pamPool.start() }
        tellOfMissingService()
    }

    /// Whether access tokens are taken.
    var takesTokens: Bool { state.withLock { $0.tokens != nil } }

    /// Whether credentials may come from there: over TLS, from this machine, or from anywhere where
    /// the settings say so.
    func takesCredentials(from origin: RequestOrigin) -> Bool {
        origin.isSecure || origin.isThisMachine
            || state.withLock { $0.plaintext == .everywhere }
    }

    /// Says who sent a header.
    func verdict(
        authorization: String?,
        from origin: RequestOrigin,
        on loop: any EventLoop
    ) -> PendingVerdict {
        guard let authorization else { return .now(.missing) }
        let now = Moment.now
        guard authorization.utf8.count <= AuthorizationField.maximumBytes else {
            return malformed(from: origin, now: now)
        }
        let digest = key.digest(authorization)
        let (known, takesTokens, isLookDue) = state.withLock { state in
            let known = remembered(digest, from: origin, in: &state, now: now, on: loop)
            return (known, state.tokens != nil, state.isLookDue(now: now.instant))
        }
        if isLookDue { lookForChanges() }
        if let known { return .now(known) }
        switch AuthorizationField(authorization, takesTokens: takesTokens) {
        case .none: return .now(.missing)
        case .malformed: return malformed(from: origin, now: now)
        case .basic(let credentials): return check(credentials, digest, from: origin, on: loop)
        case .bearer(let token): return check(token: token, digest, from: origin, on: loop)
        }
    }

    /// What is known of credentials that were right a short time ago.
    private func remembered(
        _ digest: CredentialKey.Digest,
        from origin: RequestOrigin,
        in state: inout State,
        now: Moment,
        on loop: any EventLoop
    ) -> Verdict? {
        guard
            let (caller, device, isGuessable) =
                state.cache.caller(of: digest, in: state.directory, now: now)
        else { return nil }
        let name = caller.user.name
        if isGuessable,
            let delay = state.throttle
                .delayOfRemembered(of: origin.network, user: name, now: now.instant)
        {
            return .throttled(delay)
        }
        if let device, state.uses.note(device, of: name, now: now) { saveUsesLater(on: loop) }
        return .caller(caller)
    }

    /// Counts a failure, and tells it in a line that fail2ban can read.
    ///
    /// The address stands in the message, against the custom that messages are constant: of a journal
    /// entry fail2ban reads nothing else.
    func failed(
        _ reason: String,
        user: String?,
        from origin: RequestOrigin,
        now: ContinuousClock.Instant
    ) {
        state.withLock { state in
            state.throttle.noteFailure(
                of: origin.network,
                user: user.flatMap(Self.counted),
                now: now
            )
        }
        log.warning(
            "authentication failed from \(origin.client)",
            metadata: [
                "reason": "\(reason)", "user": "\(user.map { String($0.prefix(64)) } ?? "-")",
            ]
        )
    }

    /// What was wrong with the users' file when it was read last.
    var problem: String? { state.withLock { $0.problem } }

    /// A name that failures are counted for: only one that a user can have.
    static func counted(_ user: String) -> String? { UserEntry.isName(user) ? user : nil }

    private func malformed(from origin: RequestOrigin, now: Moment) -> PendingVerdict {
        let delay = state.withLock { state in
            state.throttle.delay(of: origin.network, user: nil, now: now.instant)
        }
        if let delay { return .now(.throttled(delay)) }
        failed("malformed", user: nil, from: origin, now: now.instant)
        return .now(.wrong)
    }

    private func forgetTokens() {
        state.withLock { $0.cache.tokenEpoch += 1 }
    }

    // MARK: users.toml

    /// Reads the users again; a file with an error in it leaves the old ones in force.
    func reload() {
        let fileTime = FileTime(path)
        do throws(SettingsError) {
            let directory = try UserDirectory(UsersFile.load(path: path), path: path)
            state.withLock { state in
                state.directory = directory
                if state.fileTime != fileTime { state.cache.pamEpoch += 1 }
                state.fileTime = fileTime
                state.problem = nil
            }
            log.notice("users read again")
            tellOfMissingService()
        } catch {
            state.withLock { state in
                state.fileTime = fileTime
                state.problem = "\(error)"
            }
            log.error("users not read again, the old ones stay", metadata: ["error": "\(error)"])
        }
    }

    /// Reads the users again where the file is another. Blocks.
    func reloadIfChanged() {
        let known = state.withLock { $0.fileTime }
        if FileTime(path) != known { reload() }
    }

    /// Has `users.toml` read again as soon as it changes.
    ///
    /// - Returns: What watches it, until it is closed; `nil` where the system does not let us.
    func watchUsers(on group: any EventLoopGroup) -> EventLoopFuture<any Channel>? {
        UsersWatch.start(path, on: group) { [weak self] in self?.lookForChanges() }
    }

    /// Looks whether the file is another; reading it is left to the pool.
    private func lookForChanges() {
        pool.submit { [self] item in
            if case .active = item { reloadIfChanged() }
        }
    }
}

/// What tells a file that was replaced or written to from what it was.
struct FileTime: Equatable, Sendable {
    private let seconds: Int
    private let nanoseconds: Int
    private let inode: UInt64
    private let bytes: Int

    init(_ path: String) {
        var status = stat()
        // A file that is not there differs from one that is; that is all there is to know.
        let isThere = stat(path, &status) == 0
        seconds = isThere ? status.st_mtim.tv_sec : -1
        nanoseconds = isThere ? status.st_mtim.tv_nsec : -1
        inode = isThere ? UInt64(status.st_ino) : 0
        bytes = isThere ? Int(status.st_size) : 0
    }
}
