import NIOHTTP1
import Settings

/// What `gateway.toml` says of connections; each keeps to what was in force when it began.
final class TransportPolicy: Sendable {
    let limits: GatewayLimitSettings
    let tls: GatewayTLSSettings
    let proxy: GatewayProxySettings
    let answers: GatewayAnswerSettings
    /// The value of `Strict-Transport-Security` (RFC 6797 §6.1), where one is promised.
    let strictTransport: String?
    /// The limits of a request's target and fields in HTTP/1, which count both together.
    let head: NIOHTTPDecoderLimitConfiguration
    /// The most bytes of a request's head in HTTP/1 as it is sent: with method and version, and what
    /// stands between the fields.
    let maximumHeadBytes: Int

    init(_ settings: GatewaySettings) {
        limits = settings.limits
        tls = settings.tls
        proxy = settings.proxy
        answers = settings.answers
        let seconds = settings.tls.strictTransport.components.seconds
        strictTransport = seconds > 0 ? "max-age=\(seconds)" : nil
        var head = NIOHTTPDecoderLimitConfiguration()
        head.maxHeaderFieldSize = max(settings.limits.headBytes, settings.limits.targetBytes)
        head.maxHeaderListSize = settings.limits.headBytes + settings.limits.targetBytes
        head.maxHeaderFieldCount = settings.limits.fields
        self.head = head
        maximumHeadBytes = head.maxHeaderListSize + 4 * settings.limits.fields + 256
    }

    /// Whether somebody is a proxy whose word is taken for who its clients are.
    func trusts(_ address: ClientAddress) -> Bool {
        switch address {
        case .local: proxy.trustsUnixSockets
        case .network(let address): proxy.trusted.contains { $0.contains(address) }
        }
    }

    /// The longest body of a request, in bytes: cards come by PUT and POST, all else is XML.
    func maximumBodyBytes(of method: HTTPMethod) -> Int {
        method == .PUT || method == .POST ? limits.bodyBytes : limits.xmlBytes
    }

    /// Whether a request is led to https: it came without TLS, and from another machine.
    func leadsToTLS(_ origin: RequestOrigin) -> Bool {
        tls.redirects && !origin.isSecure && !origin.isThisMachine
    }

    /// Where a request is led that came without TLS: to the same path and query.
    ///
    /// - Parameters:
    ///   - name: The host's name, without its port.
    ///   - target: The request's target.
    /// - Returns: The URL.
    func secureLocation(name: String, target: String) -> String {
        "https://\(name)\(tls.port == 443 ? "" : ":\(tls.port)")\(target)"
    }
}
