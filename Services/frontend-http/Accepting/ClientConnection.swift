import NIOCore
import NIOHTTP1
import Settings

/// What is known of one client connection, for all requests on it. It stays on its event loop.
final class ClientConnection {
    let policy: TransportPolicy
    /// Whether its requests are streams of HTTP/2.
    var isHTTP2 = false
    /// The version of TLS that the client speaks, where that ends here.
    var tlsVersion: String?
    /// How many requests have come.
    var requests = 0
    /// Since when a request's head has been coming; `nil` between two requests and during one.
    private(set) var headBegan: NIODeadline?
    /// Why nothing more that comes is read, in HTTP/1.
    var fault: RequestFault?
    private var awaitsHead = true
    private(set) var speaker: ClientAddress
    private var isTrusted: Bool
    /// Who connected, or was announced by the PROXY protocol.
    private(set) var direct: RequestOrigin

    /// - Parameters:
    ///   - speaker: Who connected.
    ///   - isSecure: Whether TLS ends here.
    ///   - policy: What is in force.
    init(_ speaker: ClientAddress, isSecure: Bool, policy: TransportPolicy) {
        self.speaker = speaker
        self.policy = policy
        isTrusted = policy.trusts(speaker)
        direct = RequestOrigin(speaker, isSecure: isSecure)
    }

    /// Whether the connection begins with a header of the PROXY protocol.
    var beginsWithProxyHeader: Bool { policy.proxy.speaksProxyProtocol && isTrusted }

    /// Takes a proxy's word for whom it speaks for. What that one says is believed only if it is a
    /// trusted proxy itself.
    func announce(_ client: ProxyHeader.Client) {
        speaker = client.address
        isTrusted = policy.trusts(speaker)
        direct = RequestOrigin(speaker, isSecure: direct.isSecure || client.isSecure)
    }

    /// Who sent a request, and how.
    func origin(of head: HTTPRequestHead) -> RequestOrigin {
        guard isTrusted, policy.proxy.fields != .none else { return direct }
        return direct.named(by: head.headers, policy: policy)
    }

    /// Bytes have come; the first ones between two requests begin a head.
    func bytesCame() {
        if awaitsHead, headBegan == nil { headBegan = .now() }
    }

    /// The head has come to its end.
    func headCame() {
        awaitsHead = false
        headBegan = nil
    }

    /// The next head may come.
    func requestEnded() { awaitsHead = true }
}
