import Access
import NIOCore
import NIOPosix
import Synchronization

/// Access tokens (RFC 6750).
///
/// One of a key that is not known waits for its issuer. They have a queue of their own, so that an
/// issuer that hangs holds up nobody who has a password.
extension Authenticator {
    /// The requests that wait for an access token to be checked.
    var waitingForTokens: Int { state.withLock { $0.tokenChecks.count } }

    /// Has a token checked, on a thread of its own; where its key is not known its issuer is asked for
    /// new ones first.
    func check(
        token: String,
        _ digest: CredentialKey.Digest,
        from origin: RequestOrigin,
        on loop: any EventLoop
    ) -> PendingVerdict {
        let promise = loop.makePromise(of: Verdict.self)
        let (verifier, entry) = state.withLock { state in
            (state.tokens, state.tokenChecks.enter(digest, of: origin.network, promise))
        }
        switch entry {
        case .refused:
            promise.succeed(.busy)
            return .now(.busy)
        case .following: return .later(promise.futureResult)
        case .first:
            let attempt = TokenAttempt(token: token, digest: digest, origin: origin, loop: loop)
            judge(attempt, verifier).whenComplete { [self] result in
                let waiting = state.withLock { $0.tokenChecks.leave(digest, of: origin.network) }
                for promise in waiting { promise.completeWith(result) }
            }
            return .later(promise.futureResult)
        }
    }

    private func judge(
        _ attempt: TokenAttempt,
        _ verifier: TokenVerifier?
    ) -> EventLoopFuture<Verdict> {
        guard let verifier else { return attempt.loop.makeSucceededFuture(.missing) }
        return finding(attempt, verifier).flatMap { [self] finding in
            guard case .unknownKey(let keys) = finding.outcome else {
                return attempt.loop.makeSucceededFuture(conclude(finding, attempt, verifier))
            }
            return tokenPool.runIfActive(eventLoop: attempt.loop) {
                keys.refresh(now: .now, on: attempt.loop)
            }
            .flatMap { fetched in fetched ?? attempt.loop.makeSucceededVoidFuture() }
            .flatMap { [self] in self.finding(attempt, verifier) }
            .map { [self] finding in conclude(finding, attempt, verifier) }
        }
    }

    private func finding(
        _ attempt: TokenAttempt,
        _ verifier: TokenVerifier
    ) -> EventLoopFuture<TokenFinding> {
        tokenPool.runIfActive(eventLoop: attempt.loop) { [self] in
            for keys in verifier.staleKeys(now: .now) {
                // The old keys serve meanwhile.
                _ = keys.refresh(now: .now, on: attempt.loop)
            }
            // First: a key that goes from now on ends what it has signed.
            let epoch = state.withLock { $0.cache.tokenEpoch }
            let outcome = verifier.check(attempt.token, atSeconds: Moment.now.seconds)
            return TokenFinding(outcome: outcome, epoch: epoch)
        }
    }

    /// What an outcome means for whoever asks. Only what may be a forgery makes anybody wait: a token
    /// that has expired is nobody's guess.
    private func conclude(
        _ finding: TokenFinding,
        _ attempt: TokenAttempt,
        _ verifier: TokenVerifier
    ) -> Verdict {
        let now = Moment.now
        switch finding.outcome {
        case .valid(let name, let scope, let expiry):
            let user = state.withLock { state -> UserDirectory.User? in
                guard verifier === state.tokens, let user = state.directory[name] else {
                    return nil
                }
                let proof = CredentialCache.Proof.token(
                    scope,
                    expiry: expiry,
                    epoch: finding.epoch
                )
                state.cache.remember(attempt.digest, of: name, proof, now: now)
                return user
            }
            guard let user else { return .badToken("the token's user is not known here") }
            return .caller(Caller(user: user, scope: scope))
        case .powerless: return .powerlessToken
        case .unknownKey: return .badToken("the token's key is not known")
        case .refused(let reason, let isForged):
            guard isForged else { return .badToken(reason) }
            let delay = state.withLock { state in
                state.throttle.delay(of: attempt.origin.network, user: nil, now: now.instant)
            }
            if let delay { return .throttled(delay) }
            failed("token", user: nil, from: attempt.origin, now: now.instant)
            return .badToken(reason)
        }
    }
}

/// What a token was, and when in the order of what ends tokens that were right.
private struct TokenFinding: Sendable {
    let outcome: TokenVerifier.Outcome
    let epoch: Int
}

/// A token that is being checked, and for whom.
private struct TokenAttempt: Sendable {
    let token: String
    let digest: CredentialKey.Digest
    let origin: RequestOrigin
    let loop: any EventLoop
}
