import Access
import Accounts
import NIOCore
import NIOPosix
import Settings
import Synchronization

/// Names and passwords.
extension Authenticator {
    /// Takes an app password at once; has any other password hashed, or PAM asked, for an unknown user
    /// too, so that both take the same time.
    ///
    /// An app password is looked for before failures make anybody wait: it costs a microsecond, and
    /// nobody guesses one.
    func check(
        _ credentials: BasicCredentials,
        _ digest: CredentialKey.Digest,
        from origin: RequestOrigin,
        on loop: any EventLoop
    ) -> PendingVerdict {
        let now = Moment.now
        let hash = AppPasswordHash(of: credentials.password)
        let promise = loop.makePromise(of: Verdict.self)
        var isPAMs = false
        let (verdict, entry) = state.withLock { state -> (Verdict?, PasswordChecks.Entry?) in
            if let user = state.directory[credentials.user], let device = user.appPasswords[hash],
                device.isValid(atSeconds: now.seconds)
            {
                state.cache.remember(digest, of: user.name, .appPassword(hash), now: now)
                state.throttle.noteSuccess(of: origin.network, user: user.name, now: now.instant)
                if state.uses.note(device.id, of: user.name, now: now) {
                    saveUsesLater(on: loop)
                }
                return (.caller(Caller(user: user, scope: device.scope)), nil)
            }
            let delay = state.throttle.delay(
                of: origin.network,
                user: Self.counted(credentials.user),
                now: now.instant
            )
            if let delay { return (.throttled(delay), nil) }
            isPAMs = Self.isLeftToPAM(credentials.user, state.directory)
            if isPAMs, state.pam == nil { return (.unavailable, nil) }
            let entry =
                isPAMs
                ? state.pamChecks.enter(digest, of: origin.network, promise)
                : state.checks.enter(digest, of: origin.network, promise)
            return (nil, entry)
        }
        switch entry {
        case nil:
            promise.succeed(verdict ?? .wrong)
            return .now(verdict ?? .wrong)
        case .refused:
            promise.succeed(.busy)
            return .now(.busy)
        case .following: return .later(promise.futureResult)
        case .first where isPAMs:
            askPAM(credentials, digest, from: origin)
            return .later(promise.futureResult)
        case .first:
            pool.submit { [self] item in
                let result: Result<Verdict, any Error> =
                    switch item {
                    case .active: .success(hashed(credentials, digest, from: origin))
                    case .cancelled: .failure(ChannelError.ioOnClosedChannel)
                    }
                let waiting = state.withLock { $0.checks.leave(digest, of: origin.network) }
                for promise in waiting { promise.completeWith(result) }
            }
            return .later(promise.futureResult)
        }
    }

    /// Whether PAM is asked for somebody, who may be nobody; only for names that a user can have.
    private static func isLeftToPAM(_ user: String, _ directory: UserDirectory) -> Bool {
        (directory[user]?.password ?? directory.keeperOfNobody) == .pam && UserEntry.isName(user)
    }

    /// Hashes a password. Blocks for as long as that takes.
    private func hashed(
        _ credentials: BasicCredentials,
        _ digest: CredentialKey.Digest,
        from origin: RequestOrigin
    ) -> Verdict {
        let (hash, dummy) = state.withLock { state in
            (state.directory[credentials.user]?.password?.hash, state.directory.dummy)
        }
        let isRight = (hash ?? dummy).verifies(credentials.password)
        let now = Moment.now
        let user = state.withLock { state -> UserDirectory.User? in
            // What was compared with may have been changed meanwhile.
            guard isRight, let hash, let user = state.directory[credentials.user],
                user.password == .hash(hash)
            else { return nil }
            state.cache.remember(digest, of: user.name, .password(hash), now: now)
            state.throttle.noteSuccess(of: origin.network, user: user.name, now: now.instant)
            return user
        }
        if let user { return .caller(Caller(user: user, scope: .everything)) }
        failed("password", user: credentials.user, from: origin, now: now.instant)
        return .wrong
    }
}
