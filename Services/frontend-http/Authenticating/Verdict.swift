import NIOCore

/// What became of a request's credentials.
enum Verdict: Sendable {
    /// They are right.
    case caller(Caller)
    /// There are none: never counted as a failure.
    case missing
    /// They are wrong, or cannot be read.
    case wrong
    /// An access token that is not taken, and why (RFC 6750 §3.1).
    case badToken(String)
    /// An access token that is right, and allows nothing here.
    case powerlessToken
    /// Not looked at: too many failures, from this address or for this user's name. The next try may
    /// be made after that time.
    case throttled(Duration)
    /// Too many credentials wait to be checked.
    case busy
    /// Nobody can say, or says it too late: PAM does not.
    case unavailable
}

/// When a verdict is there.
enum PendingVerdict {
    /// At once: there was no password to check, or it was right a moment ago.
    case now(Verdict)
    /// Once the password has been hashed, or the token's signature been checked.
    case later(EventLoopFuture<Verdict>)
}
