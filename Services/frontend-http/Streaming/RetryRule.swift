/// Whether a request that got no answer may be sent once more.
enum RetryRule {
    /// The most bytes of a body that are kept for a second try.
    static let maximumKeptBytes = 64 * 1024
    /// How often one request is sent at the most.
    static let maximumAttempts = 4

    /// Methods that change nothing (RFC 9110 §9.2.1).
    private static let safeMethods: Set = ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"]

    /// Whether a second try does no harm.
    ///
    /// Where the backend said that it has done nothing, every method may. A request with If-Match or
    /// If-None-Match may: a change that was made without anybody hearing of it is not made twice.
    ///
    /// A PUT without a condition may too (RFC 9110 §9.2.2, idempotent): Thunderbird sends none, and
    /// drops the edit for good where it gets an error instead of an answer.
    static func allows(method: String, wasRefused: Bool, isConditional: Bool) -> Bool {
        wasRefused || safeMethods.contains(method) || isConditional || method == "PUT"
    }
}
