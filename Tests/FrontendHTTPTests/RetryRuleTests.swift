import Testing

@testable import FrontendHTTP

/// The rule by itself; ``RetryTests`` has it at work.
struct RetryRuleTests {
    private static let safe = ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"]
    private static let idempotent = ["DELETE", "MKCOL", "PROPPATCH", "COPY", "MOVE"]
    private static let others = ["POST", "PATCH", "LOCK", "get", ""]

    @Test(arguments: safe + idempotent + ["PUT"] + others)
    func `what was not touched may be sent again, whatever it is`(method: String) {
        #expect(RetryRule.allows(method: method, isUntouched: true, isConditional: false))
    }

    @Test(arguments: safe + ["PUT"])
    func `RFC 9110 §9.2.1: a safe method, and PUT, may be sent again`(method: String) {
        #expect(RetryRule.allows(method: method, isUntouched: false, isConditional: false))
    }

    @Test(arguments: idempotent)
    func `an idempotent method may be sent again with a condition only`(method: String) {
        #expect(!RetryRule.allows(method: method, isUntouched: false, isConditional: false))
        #expect(RetryRule.allows(method: method, isUntouched: false, isConditional: true))
    }

    @Test(arguments: others, [true, false])
    func `RFC 9110 §9.2.2: what is not idempotent is never sent again`(
        method: String,
        isConditional: Bool
    ) {
        #expect(!RetryRule.allows(method: method, isUntouched: false, isConditional: isConditional))
    }
}
