/// `[tls]` of `gateway.toml`: what clients are promised about encryption, and held to.
///
/// ```toml
/// [tls]
/// minimum = "1.2"
/// unknown_host = "default"
/// redirect = true
/// port = 443
/// hsts = "180d"
/// ```
public struct GatewayTLSSettings: Sendable, Equatable {
    /// Versions of TLS.
    public enum Version: String, Sendable, CaseIterable {
        /// RFC 5246.
        case tls12 = "1.2"
        /// RFC 8446.
        case tls13 = "1.3"
    }

    /// What becomes of a client that asks for a host which no certificate names.
    public enum UnknownHost: String, Sendable, CaseIterable {
        /// It gets the first certificate.
        case byDefault = "default"
        /// It is turned away (RFC 6066 §3).
        case refuse
    }

    /// `minimum`: the oldest version that is spoken; 1.2.
    public let minimum: Version
    /// `unknown_host`: what becomes of a client that asks for a host which no certificate names.
    public let unknownHost: UnknownHost
    /// `redirect`: whether a request that came without TLS is led to https; true where there is a
    /// certificate. Requests of this machine itself are not led anywhere.
    public let redirects: Bool
    /// `port`: where clients reach https, 1 to 65,535; 443.
    public let port: Int
    /// `hsts`: how long browsers are to insist on https, 0 seconds (not said) to 3,650 days; 0.
    public let strictTransport: Duration

    init(_ reader: inout TableReader, hasCertificates: Bool) throws(SettingsError) {
        minimum = try reader.choice("minimum", default: .tls12)
        unknownHost = try reader.choice("unknown_host", default: .byDefault)
        redirects = try reader.boolean("redirect", default: hasCertificates)
        port = try reader.integer("port", in: 1...65_535, default: 443)
        strictTransport = try reader.duration(
            "hsts",
            in: .zero ... .seconds(3_650 * 86_400),
            default: .zero
        )
    }
}

/// `[[certificate]]` of `gateway.toml`: a certificate and its key, for the hosts that it names. The
/// first is also for whoever asks for no host.
///
/// ```toml
/// [[certificate]]
/// chain = "/etc/letsencrypt/live/contacts.example.com/fullchain.pem"
/// key = "credential:contacts.key"
/// ```
public struct CertificateSettings: Sendable, Equatable {
    /// The most of them.
    static let maximumCount = 1_000

    /// `chain`: a PEM file with the certificate and then those that lead to its root. A relative path
    /// begins at the folder of `gateway.toml`; `credential:NAME` is a file of systemd's (systemd.exec(5),
    /// `LoadCredential=`).
    public let chain: String
    /// `key`: a PEM file with the private key; the paths are as those of `chain`.
    public let key: String
    /// The line of the file.
    public let line: Int

    init(_ reader: inout TableReader, line: Int) throws(SettingsError) {
        self.line = line
        chain = try Self.path("chain", &reader)
        key = try Self.path("key", &reader)
        try reader.end()
    }

    private static func path(
        _ key: String,
        _ reader: inout TableReader
    ) throws(SettingsError) -> String {
        let remedy = "write \(key) = \"/etc/everlock-contacts/tls/\(key).pem\""
        let text = try reader.string(key, remedy: remedy)
        guard let text, !text.isEmpty, !text.utf8.contains(0) else {
            throw reader.error(key, "must name a file", remedy)
        }
        let name = text.dropFirst(credentialPrefix.count)
        if text.hasPrefix(credentialPrefix), name.isEmpty || name.utf8.contains(UInt8(ascii: "/")) {
            throw reader.error(
                key,
                "must name a credential",
                "write \(key) = \"credential:contacts.\(key)\""
            )
        }
        return text
    }

    private static let credentialPrefix = "credential:"

    /// Where a file of the settings is.
    ///
    /// - Parameters:
    ///   - text: ``chain`` or ``key``.
    ///   - folder: The folder of `gateway.toml`.
    ///   - credentials: `$CREDENTIALS_DIRECTORY`, where systemd has set it.
    /// - Returns: The path; `nil` for a credential where there is no folder of them.
    public static func path(of text: String, folder: String, credentials: String?) -> String? {
        if text.hasPrefix(credentialPrefix) {
            return credentials.map { "\($0)/\(text.dropFirst(credentialPrefix.count))" }
        }
        return text.hasPrefix("/") ? text : "\(folder)/\(text)"
    }
}
