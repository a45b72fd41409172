/// What a client is asked for: the `WWW-Authenticate` fields of an answer (RFC 9110 §11.6.1).
enum Challenge {
    private static let realm = #"realm="Everlock Contacts""#

    /// What is wrong with an access token (RFC 6750 §3.1).
    enum TokenError: String {
        case invalidToken = "invalid_token"
        case insufficientScope = "insufficient_scope"
    }

    /// Asks for a password first: clients look no further than to what they know.
    ///
    /// - Parameter takesTokens: Whether an access token would do as well.
    /// - Returns: One field for each scheme.
    static func fields(takesTokens: Bool) -> [(String, String)] {
        let basic = ("www-authenticate", "Basic \(realm), charset=\"UTF-8\"")
        return takesTokens ? [basic, ("www-authenticate", "Bearer \(realm)")] : [basic]
    }

    /// Tells whoever came with an access token what is wrong with it (RFC 6750 §3).
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - reason: For developers; without quotation marks and backslashes.
    /// - Returns: The field.
    static func field(_ error: TokenError, _ reason: String) -> (String, String) {
        (
            "www-authenticate",
            "Bearer \(realm), error=\"\(error.rawValue)\", error_description=\"\(reason)\""
        )
    }
}
