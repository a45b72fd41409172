import NIOHTTP1

/// Fields that every answer has, whoever made it.
///
/// A card is what somebody else wrote: opened in a browser it must be no page, run no script, load
/// nothing, be framed by nobody and tell no other site where it came from.
enum AnswerFields {
    /// What an answer says for itself, so that nothing is added.
    struct Own: OptionSet {
        let rawValue: Int
        static let policy = Own(rawValue: 1)
        static let caching = Own(rawValue: 2)
    }

    private static let guards = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ]
    private static let policy = (
        "content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    /// A client's cache may keep it and has to ask each time whether it is still so: without this, one
    /// that goes by Last-Modified would show old cards (RFC 9111 §4.2.2). Nobody else's cache may.
    private static let caching = ("cache-control", "private, no-cache")

    /// Adds them.
    ///
    /// - Parameters:
    ///   - fields: What the answer has.
    ///   - own: What of it is not to be added.
    ///   - request: What is answered.
    static func add(
        to fields: inout [(String, String)],
        own: Own = [],
        for request: ForwardedRequest
    ) {
        addGuards(to: &fields, requestID: request.requestID)
        if !own.contains(.policy) { fields.append(policy) }
        let method = request.head.method
        if method == .GET || method == .HEAD, !own.contains(.caching) { fields.append(caching) }
        fields.append(contentsOf: request.crossOrigin)
    }

    /// Adds them to the answer to what could not be read: perhaps to a GET, and a cache may keep a 414 by
    /// itself (RFC 9110 §15.1).
    static func add(to fields: inout [(String, String)], for unread: UnreadRequest) {
        addGuards(to: &fields, requestID: unread.requestID)
        fields.append(policy)
        fields.append(caching)
    }

    private static func addGuards(to fields: inout [(String, String)], requestID: String) {
        fields.append(("x-request-id", requestID))
        fields.append(contentsOf: guards)
    }
}
