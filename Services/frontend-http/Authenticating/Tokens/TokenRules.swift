import Access
import Settings

/// What has to hold of a token's claims once its signature is right (RFC 9068 §4, RFC 7519 §4.1).
enum TokenRules {
    /// How much clocks may differ, in seconds.
    static let clockSkew = 60.0

    /// Says what is wrong with the claims.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - issuer: The issuer that it names.
    ///   - seconds: Now, in seconds since 1970.
    /// - Returns: The reason, for developers; `nil` where all is right.
    static func trouble(
        _ token: AccessToken,
        _ issuer: OAuthIssuerSettings,
        atSeconds seconds: Int
    ) -> String? {
        let claims = token.claims
        let now = Double(seconds)
        if token.header.crit != nil { return "an extension of the token is not known" }
        if !issuer.takesAnyType, !token.isAccessToken { return "the token is no access token" }
        if !claims.audiences.contains(issuer.audience) { return "the token is for another server" }
        if !(now < claims.expiry + clockSkew) { return "the token has expired" }
        if let start = claims.notBefore, !(start <= now + clockSkew) {
            return "the token is not valid yet"
        }
        if let made = claims.issuedAt, !(made <= now + clockSkew) {
            return "the token is not issued yet"
        }
        return nil
    }

    /// What a token's scopes allow: the most of any of them; `nil` for nothing.
    static func scope(
        _ claims: TokenClaims,
        _ issuer: OAuthIssuerSettings,
        _ roles: [String: Role]
    ) -> Scope? {
        let role = claims.words(issuer.scopeClaim).compactMap { roles[$0] }.max()
        guard let role, role > .nothing else { return nil }
        return Scope(role: role)
    }
}
