/// `[auth]` of `gateway.toml`: how clients prove who they are.
///
/// ```toml
/// [auth]
/// plaintext = "loopback"
/// remember = "5m"
/// ```
public struct AuthSettings: Sendable, Equatable {
    /// From where credentials are taken over plain HTTP.
    public enum Plaintext: String, Sendable {
        /// From this machine only.
        case loopback
        /// From anywhere: whoever listens on the way reads the passwords.
        case everywhere
    }

    /// `plaintext`: from where credentials are taken without TLS; `loopback` by default.
    public let plaintext: Plaintext
    /// `remember`: how long credentials that were right are not checked again; 0 seconds to 1 hour.
    public let remember: Duration

    init(_ reader: inout TableReader) throws(SettingsError) {
        let remedy = "write plaintext = \"loopback\" or \"everywhere\""
        let text = try reader.string("plaintext", remedy: remedy) ?? Plaintext.loopback.rawValue
        guard let plaintext = Plaintext(rawValue: text) else {
            throw reader.error("plaintext", "must be loopback or everywhere", remedy)
        }
        self.plaintext = plaintext
        remember = try reader.duration(
            "remember",
            in: .zero ... .seconds(3_600),
            default: .seconds(300)
        )
    }
}
