import FoundationEssentials

/// A user's name and password, as Basic authentication carries them (RFC 7617 §2).
struct BasicCredentials: Equatable {
    /// The longest header value, in bytes.
    static let maximumBytes = 1_024

    let user: String
    let password: [UInt8]

    /// Reads an `Authorization` header's value; `nil` for another scheme or what is malformed.
    init?(authorization value: String) {
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard value.utf8.count <= Self.maximumBytes, parts.count == 2,
            parts[0].lowercased() == "basic", let data = Data(base64Encoded: String(parts[1])),
            let colon = data.firstIndex(of: 0x3A),
            let user = String(validating: data[..<colon], as: UTF8.self), !user.isEmpty
        else { return nil }
        self.user = user
        password = Array(data[(colon + 1)...])
    }
}
