import Access
import AsyncHTTPClient
import Logging
import NIOCore
import Settings

/// Checks access tokens of the issuers that the settings name.
final class TokenVerifier: Sendable {
    /// What a token is.
    enum Outcome: Sendable {
        /// Right: who it is for, what it allows, and until when, in seconds since 1970.
        case valid(user: String, scope: Scope, expiry: Int)
        /// Right, and none of its scopes allows anything.
        case powerless
        /// Not taken; whether it could be a try to guess one.
        case refused(String, isForged: Bool)
        /// Signed with a key that is not there: it may be a new one.
        case unknownKey(IssuerKeys)
    }

    private struct Issuer: Sendable {
        let settings: OAuthIssuerSettings
        let algorithms: Set<SignatureAlgorithm>
        let keys: IssuerKeys
    }

    let settings: OAuthSettings
    private let roles: [String: Role]
    private let issuers: [String: Issuer]
    private let client: HTTPClient?

    /// - Parameters:
    ///   - settings: The issuers and what scopes allow.
    ///   - log: Where failures to fetch keys are told.
    ///   - keysWentAway: Called when tokens that were right may not be any more.
    /// - Throws: ``SettingsError`` for a role that is none.
    init(
        _ settings: OAuthSettings,
        log: Logger,
        keysWentAway: @escaping @Sendable () -> Void
    ) throws(SettingsError) {
        self.settings = settings
        var problems: [SettingsError] = []
        roles = Self.roles(of: settings, file: GatewaySettings.fileName, &problems)
        if let problem = problems.first { throw problem }
        let needsClient = settings.issuers.contains {
            if case .url = $0.keys { true } else { false }
        }
        // Redirects are not followed: keys come from where the settings say.
        let client =
            needsClient
            ? HTTPClient(
                eventLoopGroupProvider: .singleton,
                configuration: .init(redirectConfiguration: .disallow)
            ) : nil
        self.client = client
        issuers = Dictionary(
            uniqueKeysWithValues: settings.issuers.map { issuer in
                let keys = IssuerKeys(
                    issuer,
                    client: client,
                    log: log,
                    keysWentAway: keysWentAway
                )
                let algorithms = issuer.algorithms.compactMap { SignatureAlgorithm(rawValue: $0) }
                let value = Issuer(settings: issuer, algorithms: Set(algorithms), keys: keys)
                return (issuer.issuer, value)
            }
        )
    }

    /// The roles of scopes; those that are none are added to the problems.
    static func roles(
        of settings: OAuthSettings,
        file: String,
        _ problems: inout [SettingsError]
    ) -> [String: Role] {
        var roles: [String: Role] = [:]
        for scope in settings.scopes {
            roles[scope.name] = Role(rawValue: scope.role)
            guard roles[scope.name] == nil else { continue }
            problems.append(
                SettingsError(
                    file: file,
                    line: scope.line,
                    key: "oauth.scopes.\(TOMLText.key(scope.name))",
                    problem: "is no role",
                    remedy: "write reader or writer"
                )
            )
        }
        return roles
    }

    deinit {
        // Nobody waits for connections that are idle.
        client?.shutdown { _ in }
    }

    /// Checks a token. Takes up to a millisecond.
    func check(_ text: String, atSeconds seconds: Int) -> Outcome {
        guard let token = AccessToken(text) else {
            return .refused("the token is malformed", isForged: true)
        }
        guard let issuer = issuers[token.claims.issuer] else {
            return .refused("the token's issuer is not known here", isForged: false)
        }
        guard let algorithm = SignatureAlgorithm(rawValue: token.header.alg),
            issuer.algorithms.contains(algorithm)
        else { return .refused("the token's algorithm is not taken", isForged: true) }
        // What needs no signature first: it is cheap, and the same for everybody.
        if let trouble = TokenRules.trouble(token, issuer.settings, atSeconds: seconds) {
            return .refused(trouble, isForged: false)
        }
        let keys = issuer.keys.keys(for: token.header, algorithm)
        if keys.isEmpty { return .unknownKey(issuer.keys) }
        guard keys.contains(where: { $0.verifies(token.signature, of: token.signed, algorithm) })
        else { return .refused("the token's signature is wrong", isForged: true) }
        guard let user = token.claims.text(issuer.settings.userClaim) else {
            return .refused("the token names no user", isForged: false)
        }
        guard let scope = TokenRules.scope(token.claims, issuer.settings, roles) else {
            return .powerless
        }
        return .valid(user: user, scope: scope, expiry: Int(clamping: token.claims.expiry))
    }

    /// The keys that are old enough to be fetched again.
    func staleKeys(now: ContinuousClock.Instant) -> [IssuerKeys] {
        issuers.values.map(\.keys).filter { $0.isRefreshDue(now: now) }
    }
}

extension Int {
    /// A number of JSON as a whole one; the nearest there is.
    fileprivate init(clamping number: Double) {
        self = Int(exactly: number.rounded(.down)) ?? (number < 0 ? .min : .max)
    }
}
