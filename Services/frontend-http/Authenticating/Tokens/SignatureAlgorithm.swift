/// The signatures that are taken (RFC 7518 §3.1, RFC 8037 §3.1).
///
/// None with a shared secret, since whoever checks could then make tokens too; and never `none`
/// (RFC 9068 §4).
enum SignatureAlgorithm: String, Sendable, CaseIterable {
    /// RSA with PKCS #1 v1.5 padding.
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    /// RSA with PSS padding.
    case ps256 = "PS256"
    /// ECDSA over the curve of the same size.
    case es256 = "ES256"
    case es384 = "ES384"
    /// Ed25519.
    case edDSA = "EdDSA"
}
