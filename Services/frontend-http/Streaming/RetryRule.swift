/// Whether a request that got no answer may be sent once more.
enum RetryRule {
    /// The most bytes of a body that are kept for a second try.
    static let maximumKeptBytes = 64 * 1024
    /// How often one request is sent at the most.
    static let maximumAttempts = 4

    /// Methods that change nothing (RFC 9110 §9.2.1, RFC 4918 §9.1, RFC 3253 §3.6).
    private static let safeMethods: Set = ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"]
    /// Methods that change something, and no more when done twice (RFC 9110 §9.2.2, RFC 4918 §9).
    private static let idempotentMethods: Set = [
        "PUT", "DELETE", "MKCOL", "PROPPATCH", "COPY", "MOVE",
    ]

    /// Whether a second try does no harm.
    ///
    /// Where the backend has done nothing, every method may. Where it may have, a proxy must not
    /// repeat what is not idempotent (RFC 9110 §9.2.2), such as POST. We ask for more: a second
    /// DELETE or MKCOL would be told that there is nothing to delete, or something in the way, of a
    /// change that was its own. With a condition (RFC 9110 §13.1, RFC 4918 §10.4) the client is ready
    /// for such an answer.
    ///
    /// A PUT without a condition may be sent twice: Thunderbird sends none, and drops the edit for
    /// good where it gets an error instead of an answer.
    static func allows(method: String, isUntouched: Bool, isConditional: Bool) -> Bool {
        isUntouched || safeMethods.contains(method) || method == "PUT"
            || (isConditional && idempotentMethods.contains(method))
    }
}
