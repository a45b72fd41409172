import NIOHTTP1
import Settings

/// Who sent a request and how, as far as it can be believed.
struct RequestOrigin: Sendable, Equatable {
    /// The client's address.
    private(set) var address: ClientAddress
    /// The same, as logs and backends are told.
    private(set) var client: String
    /// Whether the client speaks TLS, to the gateway or to a proxy that is trusted.
    private(set) var isSecure: Bool
    /// The host that the client asked for, where a proxy names another than it asks for itself.
    private(set) var host: String?

    init(_ address: ClientAddress, isSecure: Bool) {
        self.address = address
        client = address.text
        self.isSecure = isSecure
    }

    /// Whether the client is on this machine.
    var isThisMachine: Bool { address.isThisMachine }

    /// What the client's failures are counted by, and its requests where it need not log in.
    var network: ClientNetwork { address.network }

    /// The origin as a trusted proxy's header fields name it.
    ///
    /// Every proxy adds whom it got the request from, so that the client is the last one named that is
    /// no trusted proxy itself; what stands before it anybody may have made up.
    func named(by headers: HTTPHeaders, policy: TransportPolicy) -> RequestOrigin {
        policy.proxy.fields == .forwarded
            ? named(byForwarded: headers, policy: policy)
            : named(byXForwarded: headers, policy: policy)
    }

    private func named(byXForwarded headers: HTTPHeaders, policy: TransportPolicy) -> RequestOrigin
    {
        var origin = self
        let hops = Self.list(headers, "x-forwarded-for")
        for hop in hops.reversed() {
            guard let address = Self.address(hop) else { break }
            origin.take(address)
            guard policy.trusts(.network(address)) else { break }
        }
        if let scheme = Self.list(headers, "x-forwarded-proto").last { origin.take(scheme: scheme) }
        origin.host = Self.list(headers, "x-forwarded-host").last.map(String.init)
        return origin
    }

    /// RFC 7239 §4: an element for each hop, the client's first.
    private func named(byForwarded headers: HTTPHeaders, policy: TransportPolicy) -> RequestOrigin {
        var origin = self
        let elements = ForwardedElement.all(in: headers["forwarded"])
        for element in elements.reversed() {
            if let scheme = element.scheme { origin.take(scheme: scheme[...]) }
            if let host = element.host { origin.host = host }
            guard let node = element.node, let address = Self.address(node[...]) else { break }
            origin.take(address)
            guard policy.trusts(.network(address)) else { break }
        }
        return origin
    }

    private mutating func take(_ address: IPAddress) {
        self.address = .network(address)
        client = self.address.text
    }

    private mutating func take(scheme: Substring) {
        switch scheme.lowercased() {
        case "https": isSecure = true
        case "http": isSecure = false
        default: return
        }
    }

    /// The members of a list, of all lines of a field (RFC 9110 §5.6.1).
    private static func list(_ headers: HTTPHeaders, _ name: String) -> [Substring] {
        headers[canonicalForm: name].filter { !$0.isEmpty }
    }

    /// `192.0.2.1`, `192.0.2.1:1234`, `2001:db8::1` or `[2001:db8::1]:1234`.
    private static func address(_ text: Substring) -> IPAddress? {
        if text.first == "[" {
            return text.firstIndex(of: "]").flatMap { IPAddress(text[..<$0].dropFirst()) }
        }
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        return IPAddress(colons == 1 ? text.prefix { $0 != ":" } : text)
    }
}
