/// `[oauth]` of `gateway.toml`: whose access tokens are taken, and what they allow.
///
/// ```toml
/// [oauth.scopes]
/// "contacts.read" = "reader"
/// "contacts.write" = "writer"
///
/// [oauth.issuers.home]
/// issuer = "https://id.example.com/"
/// audience = "https://contacts.example.com/"
/// keys = "https://id.example.com/jwks.json"
/// ```
public struct OAuthSettings: Sendable, Equatable {
    /// The most issuers.
    public static let maximumIssuers = 16
    /// The most scopes.
    public static let maximumScopes = 100

    /// One line of `[oauth.scopes]`; what the role means is settled by whoever knows roles.
    public struct Scope: Sendable, Equatable {
        /// The scope, as tokens have it.
        public let name: String
        /// The role.
        public let role: String
        /// The line of the file.
        public let line: Int
    }

    /// Whose tokens are taken; none by default.
    public let issuers: [OAuthIssuerSettings]
    /// What a token's scopes allow.
    public let scopes: [Scope]

    init(_ reader: inout TableReader) throws(SettingsError) {
        var issuers: [OAuthIssuerSettings] = []
        let file = reader.file
        let above = reader.name("issuers")
        for (name, _, table) in try reader.tables("issuers") {
            var inner = TableReader(
                table,
                file: file,
                path: "\(above).\(TOMLText.key(name))"
            )
            let issuer = try OAuthIssuerSettings(name: name, &inner)
            try inner.end()
            guard !issuers.contains(where: { $0.issuer == issuer.issuer }) else {
                throw inner.error("issuer", "is that of another one, too", "name it once")
            }
            issuers.append(issuer)
        }
        let remedy = "write \"<scope>\" = \"reader\" or \"writer\""
        scopes = try reader.texts("scopes", remedy: remedy)
            .map { Scope(name: $0.key, role: $0.value, line: $0.line) }
        guard issuers.count <= Self.maximumIssuers, scopes.count <= Self.maximumScopes else {
            throw reader.error(
                issuers.count > Self.maximumIssuers ? "issuers" : "scopes",
                "has too many entries",
                "at most \(Self.maximumIssuers) issuers and \(Self.maximumScopes) scopes"
            )
        }
        guard issuers.isEmpty || !scopes.isEmpty else {
            throw reader.error("scopes", "is missing, so that no token could do anything", remedy)
        }
        self.issuers = issuers
    }
}

/// `[oauth.issuers.<name>]`: one issuer of access tokens.
public struct OAuthIssuerSettings: Sendable, Equatable {
    /// The signature algorithms there are (RFC 7518 §3.1, RFC 8037 §3.1): none with a shared secret,
    /// and never `none`.
    public static let knownAlgorithms = [
        "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA",
    ]

    /// Where an issuer's keys come from (RFC 7517 §5).
    public enum Keys: Sendable, Equatable {
        /// A file, by its absolute path.
        case file(String)
        /// A URL: https, or http on this machine.
        case url(String)
    }

    /// The name in the settings: for logs.
    public let name: String
    /// `issuer`: the `iss` of its tokens, byte for byte (RFC 9068 §4).
    public let issuer: String
    /// `audience`: what the `aud` of a token must name: this server.
    public let audience: String
    /// `keys`: a file's absolute path or a URL.
    public let keys: Keys
    /// `refresh`: how old keys from a URL get before they are fetched again; 1 minute to 7 days.
    public let refresh: Duration
    /// `retry`: how soon after a fetch the next one may be, for a key that is not known or after a
    /// failure; 1 second to 1 hour.
    public let retry: Duration
    /// `algorithms`: the signatures that are taken; all of ``knownAlgorithms`` by default.
    public let algorithms: [String]
    /// `user_claim`: the claim that holds the user's name; `sub` by default.
    public let userClaim: String
    /// `scope_claim`: the claim that holds the scopes, as a text with spaces between or a list;
    /// `scope` by default (RFC 9068 §2.2.3).
    public let scopeClaim: String
    /// `any_type`: whether a token may leave out that it is an access token (RFC 9068 §2.1 demands
    /// the type `at+jwt`, which not every issuer writes). Then an ID token with the right audience is
    /// taken for one. `false` by default.
    public let takesAnyType: Bool

    init(name: String, _ reader: inout TableReader) throws(SettingsError) {
        self.name = name
        issuer = try Self.text("issuer", "https://id.example.com/", &reader)
        audience = try Self.text("audience", "https://contacts.example.com/", &reader)
        keys = try Self.keys(&reader)
        refresh = try reader.duration(
            "refresh",
            in: .seconds(60) ... .seconds(7 * 86_400),
            default: .seconds(3_600)
        )
        retry = try reader.duration(
            "retry",
            in: .seconds(1) ... .seconds(3_600),
            default: .seconds(30)
        )
        let choice = "known are \(Self.knownAlgorithms.joined(separator: ", "))"
        algorithms = try reader.strings("algorithms", remedy: choice) ?? Self.knownAlgorithms
        guard !algorithms.isEmpty, Set(algorithms).isSubset(of: Self.knownAlgorithms) else {
            throw reader.error("algorithms", "names one that is not taken", choice)
        }
        userClaim = try reader.string("user_claim", remedy: "write user_claim = \"sub\"") ?? "sub"
        scopeClaim =
            try reader.string("scope_claim", remedy: "write scope_claim = \"scope\"") ?? "scope"
        takesAnyType = try reader.boolean("any_type", default: false)
    }

    private static func text(
        _ key: String,
        _ example: String,
        _ reader: inout TableReader
    ) throws(SettingsError) -> String {
        let remedy = "write \(key) = \"\(example)\""
        guard let text = try reader.string(key, remedy: remedy), !text.isEmpty else {
            throw reader.error(key, "is missing", remedy)
        }
        return text
    }

    private static func keys(_ reader: inout TableReader) throws(SettingsError) -> Keys {
        let text = try self.text("keys", "https://id.example.com/jwks.json", &reader)
        if text.hasPrefix("/") { return .file(text) }
        let near = ["http://127.0.0.1", "http://[::1]", "http://localhost"]
        let isNear = near.contains { host in
            let rest = text.dropFirst(host.utf8.count)
            return text.hasPrefix(host) && (rest.isEmpty || rest.first == ":" || rest.first == "/")
        }
        guard text.hasPrefix("https://") && text.utf8.count > 8 || isNear else {
            throw reader.error(
                "keys",
                "is neither an absolute path nor a URL of https",
                "write keys = \"https://…\", or \"/…\" for a file; http is for this machine only"
            )
        }
        return .url(text)
    }
}
