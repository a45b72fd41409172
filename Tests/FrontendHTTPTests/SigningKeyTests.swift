import Foundation
import Testing

@testable import FrontendHTTP

/// Signatures of others, and keys that are no good.
struct SigningKeyTests {
    private static func key(_ json: String) throws -> WebKey {
        try JSONDecoder().decode(WebKey.self, from: Data(json.utf8))
    }

    private static let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

    /// Keys, what is signed, the signature, the algorithm.
    private static let known: [(String, String, String, SignatureAlgorithm)] = [
        (
            #"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#,
            "eyJhbGciOiJSUzI1NiJ9.\(payload)",
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
            .rs256
        ),
        (
            #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#,
            "eyJhbGciOiJFUzI1NiJ9.\(payload)",
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            .es256
        ),
        (
            #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
            .edDSA
        ),
    ]

    @Test(arguments: known.indices)
    func `RFC 7515 A.2, A.3, RFC 8037 A.4: published signatures verify, others do not`(
        _ index: Int
    ) throws {
        let (json, signed, signature, algorithm) = Self.known[index]
        let key = try #require(SigningKey(Self.key(json)))
        var bytes = try #require(Base64URL.decode(signature))
        let data = Array(signed.utf8)

        #expect(key.verifies(bytes, of: data, algorithm))
        #expect(!key.verifies(bytes, of: data + [0], algorithm))
        #expect(!key.verifies([], of: data, algorithm))
        for other in SignatureAlgorithm.allCases where other != algorithm {
            #expect(!key.verifies(bytes, of: data, other))
        }
        bytes[10] ^= 1
        #expect(!key.verifies(bytes, of: data, algorithm))
    }

    @Test(arguments: ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"])
    func `RFC 7518 §3.1: each algorithm verifies what its key has signed`(name: String) throws {
        let issuer = try TestIssuer(name)
        let json = try JSONSerialization.data(withJSONObject: issuer.webKey())
        let key = try #require(SigningKey(JSONDecoder().decode(WebKey.self, from: json)))
        let algorithm = try #require(SignatureAlgorithm(rawValue: name))
        let data = Data("signed".utf8)

        let signature = Array(try issuer.sign(data, name))

        #expect(key.verifies(signature, of: Array(data), algorithm))
        #expect(!key.verifies(signature, of: Array(data) + [1], algorithm))
    }

    @Test(arguments: [
        #"{"kty":"oct","k":"c2VjcmV0"}"#,
        #"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#,
        #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}"#,
        #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#,
        #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, #"{"kty":"RSA"}"#,
        #"{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"enc"}"#,
        #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","key_ops":["sign"]}"#,
        #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"HS256"}"#,
    ])
    func `RFC 7517 §4: a key that is secret, weak, for something else or broken is not taken`(
        json: String
    ) throws {
        #expect(try SigningKey(Self.key(json)) == nil)
    }

    @Test func `RFC 7517 §5: a key that is not understood hides no other`() throws {
        let issuer = try TestIssuer()
        let set = try TestIssuer.keySet([
            ["kty": 5], ["crv": "P-256"], ["kty": "RSA", "alg": "RSA-OAEP-256", "use": "enc"],
            issuer.webKey(),
        ])

        let keys = try JSONDecoder().decode(WebKeySet.self, from: set).keys

        #expect(keys.compactMap { SigningKey($0)?.id } == ["one"])
    }

    @Test(arguments: ["a", "ab=", "a+b/", "aé", "ab c", "QQ==", "QR", "QUF"])
    func `RFC 7515 §2: a text of another alphabet, padded, or with loose bits is refused`(
        text: String
    ) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test(arguments: [("", ""), ("QQ", "A"), ("QUI", "AB"), ("QUJD", "ABC"), ("_-8", "\u{FF}")])
    func `RFC 7515 §2: bytes come out of a text`(text: String, plain: String) {
        let bytes = plain == "\u{FF}" ? [0xFF, 0xEF] : Array(plain.utf8)
        #expect(Base64URL.decode(text) == bytes)
    }
}
