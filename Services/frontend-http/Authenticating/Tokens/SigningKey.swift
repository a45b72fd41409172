import Crypto
import CryptoExtras
import FoundationEssentials

/// An issuer's public key (RFC 7517 §4), for one or more algorithms.
struct SigningKey: Sendable {
    private enum Material: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    /// `kid`: what tokens call the key.
    let id: String?
    /// What signatures it may check: those of its type, only the one it names where it does.
    let algorithms: Set<SignatureAlgorithm>
    private let material: Material

    /// Takes a key of a set.
    ///
    /// - Returns: `nil` for one that is no good here: for encryption, private, secret, of a curve that
    ///   is not taken, of RSA with fewer than 2,048 bits, or malformed.
    init?(_ key: WebKey) {
        guard key.use ?? "sig" == "sig", key.operations?.contains("verify") ?? true,
            let material = Self.material(key)
        else { return nil }
        let able: Set<SignatureAlgorithm> =
            switch material {
            case .rsa: [.rs256, .rs384, .rs512, .ps256]
            case .p256: [.es256]
            case .p384: [.es384]
            case .ed25519: [.edDSA]
            }
        algorithms = key.algorithm.map { name in able.filter { $0.rawValue == name } } ?? able
        guard !algorithms.isEmpty else { return nil }
        id = key.id
        self.material = material
    }

    /// Whether this key made a signature.
    func verifies(
        _ signature: [UInt8],
        of data: [UInt8],
        _ algorithm: SignatureAlgorithm
    ) -> Bool {
        guard algorithms.contains(algorithm) else { return false }
        // Why bytes are no signature does not matter: they are then not this key's.
        switch material {
        case .rsa(let key): return Self.verifies(signature, of: data, algorithm, key)
        case .p256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: data)
        case .p384(let key):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: data)
        case .ed25519(let key): return key.isValidSignature(signature, for: data)
        }
    }

    private static func verifies(
        _ bytes: [UInt8],
        of data: [UInt8],
        _ algorithm: SignatureAlgorithm,
        _ key: _RSA.Signing.PublicKey
    ) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: bytes)
        func isValid(_ digest: some Digest, _ padding: _RSA.Signing.Padding) -> Bool {
            key.isValidSignature(signature, for: digest, padding: padding)
        }
        switch algorithm {
        case .rs256: return isValid(SHA256.hash(data: data), .insecurePKCS1v1_5)
        case .rs384: return isValid(SHA384.hash(data: data), .insecurePKCS1v1_5)
        case .rs512: return isValid(SHA512.hash(data: data), .insecurePKCS1v1_5)
        case .ps256: return isValid(SHA256.hash(data: data), .PSS)
        case .es256, .es384, .edDSA: return false
        }
    }

    /// The longest modulus: 8,192 bits.
    private static let maximumModulusBytes = 1_024

    /// Why a key is not taken helps nobody: it is the issuer's, and others may do.
    private static func material(_ key: WebKey) -> Material? {
        func bytes(_ text: String?) -> [UInt8]? { text.flatMap { Base64URL.decode($0) } }
        switch (key.type, key.curve) {
        case ("RSA", _):
            guard let modulus = bytes(key.modulus), let exponent = bytes(key.exponent),
                modulus.count <= maximumModulusBytes,
                let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
            else { return nil }
            return .rsa(key)
        case ("EC", "P-256"):
            guard let x = bytes(key.x), let y = bytes(key.y), x.count == 32, y.count == 32,
                let key = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            return .p256(key)
        case ("EC", "P-384"):
            guard let x = bytes(key.x), let y = bytes(key.y), x.count == 48, y.count == 48,
                let key = try? P384.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            return .p384(key)
        case ("OKP", "Ed25519"):
            guard let x = bytes(key.x),
                let key = try? Curve25519.Signing.PublicKey(rawRepresentation: x)
            else { return nil }
            return .ed25519(key)
        default: return nil
        }
    }
}

/// A key as JSON (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2).
struct WebKey: Decodable, Sendable, Equatable {
    var type: String
    var id: String?
    var use: String?
    var operations: [String]?
    var algorithm: String?
    var curve: String?
    var modulus: String?
    var exponent: String?
    var x: String?
    var y: String?

    private enum CodingKeys: String, CodingKey {
        case type = "kty"
        case id = "kid"
        case use
        case operations = "key_ops"
        case algorithm = "alg"
        case curve = "crv"
        case modulus = "n"
        case exponent = "e"
        case x
        case y
    }
}

/// An issuer's keys as JSON (RFC 7517 §5). A key that is not understood hides no other.
struct WebKeySet: Decodable, Sendable {
    /// The largest set, in bytes.
    static let maximumBytes = 256 * 1024
    /// The most keys that are looked at.
    static let maximumKeys = 64

    private struct Lenient: Decodable {
        let key: WebKey?

        init(from decoder: any Decoder) throws {
            // Members that are of no type known here make a key that is of no use, not an error
            // (RFC 7517 §5).
            key = try? WebKey(from: decoder)
        }
    }

    let keys: [WebKey]

    private enum CodingKeys: CodingKey {
        case keys
    }

    init(from decoder: any Decoder) throws {
        keys = try decoder.container(keyedBy: CodingKeys.self)
            .decode([Lenient].self, forKey: .keys).prefix(Self.maximumKeys).compactMap(\.key)
    }
}
