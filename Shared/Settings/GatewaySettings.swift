/// `gateway.toml`: how the gateway meets its clients. The file may be missing: every key has a
/// default.
public struct GatewaySettings: Sendable, Equatable {
    /// The file's name in the configuration folder.
    public static let fileName = "gateway.toml"

    /// How long requests and connections may stand still.
    public let times: GatewayTimeSettings
    /// How clients prove who they are.
    public let auth: AuthSettings
    /// What wrong passwords cost.
    public let throttle: ThrottleSettings
    /// What passwords are checked by that are left to PAM.
    public let pam: PAMSettings
    /// Whose access tokens are taken.
    public let oauth: OAuthSettings
    /// How much of everything clients may have.
    public let limits: GatewayLimitSettings
    /// Certificates, the default one first.
    public let certificates: [CertificateSettings]
    /// What clients are promised about encryption.
    public let tls: GatewayTLSSettings
    /// Proxies before the gateway.
    public let proxy: GatewayProxySettings
    /// What is done with what backends answer.
    public let answers: GatewayAnswerSettings
    /// What one instance may take.
    public let backends: BackendLimitSettings
    /// What one user may ask for.
    public let rates: UserRateSettings
    /// The line for each request.
    public let log: RequestLogSettings
    /// Where metrics and health are asked for.
    public let metrics: MetricsSettings
    /// Which web pages may use a host, by host.
    public let cors: [CORSSettings]

    /// Reads the settings of a document.
    ///
    /// - Throws: ``SettingsError`` for a key that is not known or a value out of its range.
    public init(bytes: [UInt8], file: String) throws(SettingsError) {
        try self.init(table: TOMLDocument.parse(bytes, file: file), file: file)
    }

    /// Reads the settings of a document that is parsed already.
    ///
    /// - Throws: ``SettingsError``, as for bytes.
    public init(table: TOMLTable, file: String) throws(SettingsError) {
        var reader = TableReader(table, file: file)
        times = try reader.section("times", GatewayTimeSettings.init)
        auth = try reader.section("auth", AuthSettings.init)
        throttle = try reader.section("throttle", ThrottleSettings.init)
        pam = try reader.section("pam", PAMSettings.init)
        oauth = try reader.section("oauth", OAuthSettings.init)
        limits = try reader.section("limits", GatewayLimitSettings.init)
        let certificates = try reader.list(
            "certificate",
            maximum: CertificateSettings.maximumCount
        ) { inner, line throws(SettingsError) in try CertificateSettings(&inner, line: line) }
        self.certificates = certificates
        tls = try reader.section("tls") { inner throws(SettingsError) in
            try GatewayTLSSettings(&inner, hasCertificates: !certificates.isEmpty)
        }
        proxy = try reader.section("proxy", GatewayProxySettings.init)
        answers = try reader.section("answers", GatewayAnswerSettings.init)
        backends = try reader.section("backends", BackendLimitSettings.init)
        rates = try reader.section("rates", UserRateSettings.init)
        log = try reader.section("log", RequestLogSettings.init)
        metrics = try reader.section("metrics", MetricsSettings.init)
        cors = try CORSSettings.all(&reader)
        try reader.end()
    }

    /// Reads a file; every default where there is none.
    ///
    /// - Throws: ``SettingsError``.
    public static func load(path: String) throws(SettingsError) -> GatewaySettings {
        let bytes = try File.readIfThere(path, limit: TOMLDocument.maximumBytes)
        return try GatewaySettings(bytes: bytes ?? [], file: path)
    }
}
