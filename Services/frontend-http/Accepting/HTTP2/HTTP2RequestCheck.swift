import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2
import Settings

/// A request of HTTP/2 that is refused before it is read as one of HTTP/1.1.
struct RefusedStream: Error {
    let fault: RequestFault
    let method: HTTPMethod?
}

/// Settles what HTTP/2 lets a request say twice, before it is read as one of HTTP/1.1.
///
/// The authority is `:authority` or `Host`, and where both are sent they are the same (RFC 9113
/// §8.3.1). A body that follows without a length is told to be one of chunks, whatever the method.
final class HTTP2RequestCheck: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias InboundOut = HTTP2Frame.FramePayload

    private enum State { case awaitsHead, passes, refused }
    private var state = State.awaitsHead
    private let limits: GatewayLimitSettings

    init(_ limits: GatewayLimitSettings) { self.limits = limits }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .passes: context.fireChannelRead(data)
        case .refused: return
        case .awaitsHead:
            guard case .headers(var head) = unwrapInboundIn(data) else {
                return context.fireChannelRead(data)
            }
            let method = head.headers.first(name: ":method").map(HTTPMethod.init(rawValue:))
            let fault = Self.settle(&head.headers, hasBody: !head.endStream, limits: limits)
            if let fault {
                state = .refused
                return context.fireErrorCaught(RefusedStream(fault: fault, method: method))
            }
            state = .passes
            context.fireChannelRead(wrapInboundOut(.headers(head)))
        }
    }

    /// - Returns: Why a request is refused; `nil` for one that is not.
    static func settle(
        _ headers: inout HPACKHeaders,
        hasBody: Bool,
        limits: GatewayLimitSettings
    ) -> RequestFault? {
        let bytes = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        // Beside the four fields that stand for the request line.
        guard headers.count <= limits.fields + 4, bytes <= limits.headBytes + limits.targetBytes
        else { return .largeFields }
        guard headers[":path"].count == 1 else { return .malformed }
        let authorities = headers[":authority"]
        let hosts = headers["host"]
        guard hosts.count <= 1, authorities.count <= 1,
            let authority = authorities.first ?? hosts.first
        else { return .ambiguousHost }
        if let host = hosts.first {
            guard host.lowercased() == authority.lowercased() else { return .ambiguousHost }
            headers.remove(name: "host")
        }
        if authorities.isEmpty {
            // Pseudo-fields stand before all others.
            headers = HPACKHeaders(
                [(":authority", authority)] + headers.map { ($0.name, $0.value) }
            )
        }
        if hasBody, headers["content-length"].isEmpty, let method = headers[":method"].first,
            methodsWithoutBody.contains(method)
        {
            headers.add(name: "transfer-encoding", value: "chunked")
        }
        return nil
    }

    /// The methods for which the library takes it that no body follows, whatever follows.
    private static let methodsWithoutBody: Set = ["GET", "HEAD", "DELETE", "CONNECT", "TRACE"]
}
