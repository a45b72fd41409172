import FoundationEssentials

/// An access token taken apart: a JWT (RFC 7519 §3) in the compact form of a JWS (RFC 7515 §3.1), not
/// yet believed.
struct AccessToken: Sendable {
    /// The protected header (RFC 7515 §4.1). What it says of keys (`jku`, `jwk`, `x5u`, `x5c`) is not
    /// read: keys come from the settings.
    struct Header: Decodable, Sendable {
        let alg: String
        let typ: String?
        let kid: String?
        /// Extensions that must be understood; none is.
        let crit: [String]?
    }

    let header: Header
    let claims: TokenClaims
    let signature: [UInt8]
    /// What the signature is of.
    let signed: [UInt8]

    /// Takes a token apart.
    ///
    /// - Returns: `nil` for what is none.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]),
            let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
        else { return nil }
        let decoder = JSONDecoder()
        // What is wrong with a token that cannot be read is the client's to find out.
        guard let header = try? decoder.decode(Header.self, from: Data(header)),
            let claims = try? decoder.decode(TokenClaims.self, from: Data(payload))
        else { return nil }
        self.header = header
        self.claims = claims
        self.signature = signature
        signed = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }

    /// Whether the header says that this is an access token (RFC 9068 §2.1); the prefix may be left
    /// out, and case makes no difference (RFC 7515 §4.1.9).
    var isAccessToken: Bool {
        let type = header.typ?.lowercased()
        return type == "at+jwt" || type == "application/at+jwt"
    }
}

/// The claims of a token (RFC 7519 §4, RFC 9068 §2.2).
struct TokenClaims: Decodable, Sendable {
    let issuer: String
    let audiences: [String]
    /// Seconds since 1970, as of all three times.
    let expiry: Double
    let notBefore: Double?
    let issuedAt: Double?
    private let texts: [String: [String]]

    /// A claim that is one text, and not an empty one.
    func text(_ name: String) -> String? {
        guard let values = texts[name], values.count == 1 else { return nil }
        return values[0].isEmpty ? nil : values[0]
    }

    /// The parts of a claim that is a list of texts, or a text with spaces between (RFC 9068 §2.2.3).
    func words(_ name: String) -> [String] {
        (texts[name] ?? []).flatMap { $0.split(separator: " ").map(String.init) }
    }

    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Name.self)
        issuer = try members.decode(String.self, forKey: Name("iss"))
        expiry = try members.decode(Double.self, forKey: Name("exp"))
        notBefore = try members.decodeIfPresent(Double.self, forKey: Name("nbf"))
        issuedAt = try members.decodeIfPresent(Double.self, forKey: Name("iat"))
        var texts: [String: [String]] = [:]
        for name in members.allKeys {
            // A claim that is neither a text nor a list of them is of no use here, and no error.
            if let text = try? members.decode(String.self, forKey: name) {
                texts[name.stringValue] = [text]
            } else if let list = try? members.decode([String].self, forKey: name) {
                texts[name.stringValue] = list
            }
        }
        audiences = texts["aud"] ?? []
        self.texts = texts
    }
}
