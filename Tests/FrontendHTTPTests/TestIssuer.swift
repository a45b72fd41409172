import Crypto
import CryptoExtras
import Foundation

@testable import FrontendHTTP

/// An issuer of access tokens with keys of its own, made anew for each test.
struct TestIssuer {
    /// One key.
    enum Key {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    static let issuer = "https://id.example.com/"
    static let audience = "https://contacts.example.com/"

    let id: String
    let key: Key

    /// Makes a key for an algorithm.
    init(_ algorithm: String = "ES256", id: String = "one") throws {
        self.id = id
        key =
            switch algorithm {
            case "ES256": .p256(P256.Signing.PrivateKey())
            case "ES384": .p384(P384.Signing.PrivateKey())
            case "EdDSA": .ed25519(Curve25519.Signing.PrivateKey())
            default: .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
            }
    }

    /// The public key as JSON.
    func webKey(_ members: [String: Any] = [:]) throws -> [String: Any] {
        func halves(_ bytes: Data) -> (String, String) {
            let half = bytes.count / 2
            return (Self.encode(bytes.prefix(half)), Self.encode(bytes.suffix(half)))
        }
        var key: [String: Any]
        switch self.key {
        case .rsa(let own):
            let primitives = try own.publicKey.getKeyPrimitives()
            key = [
                "kty": "RSA", "n": Self.encode(primitives.modulus),
                "e": Self.encode(primitives.publicExponent),
            ]
        case .p256(let own):
            let (x, y) = halves(own.publicKey.rawRepresentation)
            key = ["kty": "EC", "crv": "P-256", "x": x, "y": y]
        case .p384(let own):
            let (x, y) = halves(own.publicKey.rawRepresentation)
            key = ["kty": "EC", "crv": "P-384", "x": x, "y": y]
        case .ed25519(let own):
            let x = Self.encode(own.publicKey.rawRepresentation)
            key = ["kty": "OKP", "crv": "Ed25519", "x": x]
        }
        key["kid"] = id
        return key.merging(members) { $1 }
    }

    /// A set of keys as JSON.
    static func keySet(_ keys: [[String: Any]]) throws -> Data {
        try JSONSerialization.data(withJSONObject: ["keys": keys])
    }

    /// A token.
    ///
    /// - Parameters:
    ///   - claims: Beside those that a right one has; `NSNull` takes one away.
    ///   - header: Likewise.
    ///   - algorithm: How it is signed.
    /// - Returns: The token in its compact form.
    /// - Throws: Where the key cannot sign.
    func token(
        _ claims: [String: Any] = [:],
        header: [String: Any] = [:],
        algorithm: String = "ES256"
    ) throws -> String {
        let now = Date().timeIntervalSince1970.rounded()
        let allClaims = [
            "iss": Self.issuer, "aud": Self.audience, "sub": "alice", "exp": now + 300,
            "iat": now, "client_id": "test", "jti": "1", "scope": "contacts.write other",
        ].merging(claims) { $1 }.filter { !($0.value is NSNull) }
        let allHeaders = ["alg": algorithm, "typ": "at+jwt", "kid": id].merging(header) { $1 }
            .filter { !($0.value is NSNull) }
        let text = try [allHeaders, allClaims]
            .map { Self.encode(try JSONSerialization.data(withJSONObject: $0)) }
            .joined(separator: ".")
        return text + "." + Self.encode(try sign(Data(text.utf8), algorithm))
    }

    func sign(_ data: Data, _ algorithm: String) throws -> Data {
        switch (key, algorithm) {
        case (.rsa(let key), "PS256"):
            try key.signature(for: SHA256.hash(data: data), padding: .PSS).rawRepresentation
        case (.rsa(let key), "RS384"):
            try key.signature(for: SHA384.hash(data: data), padding: .insecurePKCS1v1_5)
                .rawRepresentation
        case (.rsa(let key), "RS512"):
            try key.signature(for: SHA512.hash(data: data), padding: .insecurePKCS1v1_5)
                .rawRepresentation
        case (.rsa(let key), _):
            try key.signature(for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5)
                .rawRepresentation
        case (.p256(let key), _): try key.signature(for: data).rawRepresentation
        case (.p384(let key), _): try key.signature(for: data).rawRepresentation
        case (.ed25519(let key), _): try key.signature(for: data)
        }
    }

    static func encode(_ bytes: some DataProtocol) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }
}
