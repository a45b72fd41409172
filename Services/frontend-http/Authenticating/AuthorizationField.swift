/// An `Authorization` field (RFC 9110 §11.6.2), read as far as its scheme tells.
enum AuthorizationField: Equatable {
    /// The longest field, in bytes: an access token with many claims.
    static let maximumBytes = 8_192

    /// A user's name and password (RFC 7617).
    case basic(BasicCredentials)
    /// An access token (RFC 6750 §2.1).
    case bearer(String)
    /// Of a scheme that is taken, and not readable: counts as a failure.
    case malformed
    /// Nothing, or a scheme that is not taken: as if it were not there.
    case none

    /// - Parameters:
    ///   - value: The field's value.
    ///   - takesTokens: Whether access tokens are taken at all.
    init(_ value: String, takesTokens: Bool) {
        let parts = value.utf8.split(separator: UInt8(ascii: " "), maxSplits: 1)
        guard let scheme = parts.first else {
            self = .none
            return
        }
        switch Substring(scheme).lowercased() {
        case "basic":
            self = BasicCredentials(authorization: value).map(Self.basic) ?? .malformed
        case "bearer" where takesTokens:
            let token = parts.count == 2 ? Substring(parts[1]) : ""
            let isToken =
                !token.isEmpty && value.utf8.count <= Self.maximumBytes
                && token.utf8.allSatisfy(Self.isTokenByte)
            self = isToken ? .bearer(String(token)) : .malformed
        default: self = .none
        }
    }

    /// `b64token` (RFC 6750 §2.1).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2D, 0x2E, 0x5F, 0x7E, 0x2B, 0x2F, 0x3D: true
        default: false
        }
    }
}
