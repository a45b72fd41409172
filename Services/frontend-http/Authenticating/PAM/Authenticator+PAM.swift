import Access
import Logging
import NIOCore
import NIOPosix
import Synchronization

/// Passwords that PAM checks.
///
/// PAM's modules block for as long as they like, and a directory server that hangs has them all hang:
/// they have threads and a queue of their own, and hold up nobody whose password they do not check.
extension Authenticator {
    /// The threads that ask PAM.
    static let pamThreads = 4
    /// The most requests that wait for PAM.
    static let maximumWaitingForPAM = 64

    /// The requests that wait for PAM.
    var waitingForPAM: Int { state.withLock { $0.pamChecks.count } }

    /// Asks PAM, and tells all who wait for these credentials.
    func askPAM(
        _ credentials: BasicCredentials,
        _ digest: CredentialKey.Digest,
        from origin: RequestOrigin
    ) {
        pamPool.submit { [self] item in
            guard case .active = item else {
                for promise in leavePAM(digest, origin) {
                    promise.fail(ChannelError.ioOnClosedChannel)
                }
                return
            }
            let (verdict, delay) = judgedByPAM(credentials, digest, from: origin)
            for promise in leavePAM(digest, origin) {
                guard delay > .zero else {
                    promise.succeed(verdict)
                    continue
                }
                // The client waits; no thread does.
                let pause = promise.futureResult.eventLoop.scheduleTask(in: TimeAmount(delay)) {
                    promise.succeed(verdict)
                }
                pause.futureResult.whenFailure { promise.fail($0) }
            }
        }
    }

    private func leavePAM(
        _ digest: CredentialKey.Digest,
        _ origin: RequestOrigin
    ) -> [EventLoopPromise<Verdict>] {
        state.withLock { $0.pamChecks.leave(digest, of: origin.network) }
    }

    /// What PAM says of credentials. It is asked for users who are not known too, with a password that
    /// nobody has, so that both take the same time. Blocks.
    private func judgedByPAM(
        _ credentials: BasicCredentials,
        _ digest: CredentialKey.Digest,
        from origin: RequestOrigin
    ) -> (Verdict, delay: Duration) {
        let (service, isUser, epoch) = state.withLock { state in
            let isUser = state.directory[credentials.user]?.password == .pam
            return (state.pam, isUser, state.cache.pamEpoch)
        }
        guard let service else { return (.unavailable, .zero) }
        let canBeRight = isUser && PAMService.takes(credentials.password)
        let (answer, delay) = service.check(
            canBeRight ? credentials.password : PAMService.nobodysPassword,
            of: credentials.user,
            from: origin.address
        )
        let now = Moment.now
        var reason = "password"
        switch answer {
        case .right where canBeRight:
            let user = state.withLock { state -> UserDirectory.User? in
                // What was asked may have been changed meanwhile.
                guard state.pam == service, let user = state.directory[credentials.user],
                    user.password == .pam
                else { return nil }
                state.cache.remember(digest, of: user.name, .pam(epoch: epoch), now: now)
                state.throttle.noteSuccess(of: origin.network, user: user.name, now: now.instant)
                return user
            }
            if let user { return (.caller(Caller(user: user, scope: .everything)), .zero) }
        case .right: break
        case .wrong(let why): reason = why
        case .unknown(let problem):
            tellOfPAM(service, problem, now: now.instant)
            return (.unavailable, .zero)
        }
        failed(reason, user: credentials.user, from: origin, now: now.instant)
        return (.wrong, delay)
    }

    /// Says that PAM does not answer: once a second at the most.
    private func tellOfPAM(
        _ service: PAMService,
        _ problem: String,
        now: ContinuousClock.Instant
    ) {
        let isDue = state.withLock { state in
            guard now >= state.nextWordOfPAM else { return false }
            state.nextWordOfPAM = now + .seconds(1)
            return true
        }
        guard isDue else { return }
        log.error(
            "PAM cannot check passwords",
            metadata: ["service": "\(service.name)", "error": "\(problem)"]
        )
    }

    /// Says that users cannot log in whose passwords are left to a service that is not named.
    func tellOfMissingService() {
        let isMissing = state.withLock { $0.pam == nil && $0.directory.leavesPasswordsToPAM }
        guard isMissing else { return }
        log.warning(
            "users whose password is pam cannot log in with it: gateway.toml names no [pam] service"
        )
    }
}
