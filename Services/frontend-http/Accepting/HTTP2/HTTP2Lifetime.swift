import NIOCore
import NIOHTTP2
import Settings

/// Ends an HTTP/2 connection: one on which nothing is asked for, one that has had its requests, all when
/// the gateway stops, and one that breaks the protocol.
///
/// A client is told by GOAWAY twice (RFC 9113 §6.8): first that it should ask elsewhere, then, once it
/// has answered a PING and so must know, which of its requests are taken. The connection closes with the
/// last of them; what is under way on a stream has that stream's own watch.
final class HTTP2Lifetime: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias InboundOut = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private enum Phase {
        case serving
        /// Told to ask elsewhere.
        case leaving(HTTP2PingData)
        /// Told that nothing more is taken.
        case left
    }

    /// How long a client may take to say that it knows, and stay without asking for anything.
    private static let grace = TimeAmount.seconds(5)

    private let connection: ClientConnection
    private let idle: TimeAmount
    private var phase = Phase.serving
    private var idleSince = NIODeadline.now()
    private var openStreams = 0
    private var lastStream = HTTP2StreamID.rootStream
    private var nextLook: Scheduled<Void>?
    private var context: ChannelHandlerContext?

    init(_ connection: ClientConnection, idle: TimeAmount) {
        self.connection = connection
        self.idle = idle
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        watch(after: idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        nextLook?.cancel()
        self.context = nil
    }

    // MARK: Streams

    /// Whether one more stream may be open. The library holds a client to it too, once that has
    /// acknowledged the settings.
    var hasRoom: Bool { openStreams < connection.policy.limits.streams }

    func streamBegan(_ id: HTTP2StreamID) {
        openStreams += 1
        lastStream = max(lastStream, id)
    }

    func streamEnded() {
        openStreams -= 1
        guard openStreams == 0 else { return }
        idleSince = .now()
        if case .left = phase { close() }
    }

    // MARK: The end

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .ping(let data, ack: true) = unwrapInboundIn(data).payload,
            case .leaving(let sent) = phase, sent == data
        {
            takeNoMore()
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Those of one stream end that stream.
        if error is NIOHTTP2Errors.StreamError || error is NIOHTTP2Errors.NoSuchStream { return }
        context.close(promise: nil)
    }

    /// Tells the client to ask elsewhere.
    func leave() {
        guard case .serving = phase, context != nil else { return }
        let data = HTTP2PingData(withInteger: .random(in: .min ... .max))
        phase = .leaving(data)
        send(.goAway(lastStreamID: .maxID, errorCode: .noError, opaqueData: nil))
        send(.ping(data, ack: false))
        context?.flush()
        idleSince = .now()
        nextLook?.cancel()
        watch(after: Self.grace)
    }

    private func takeNoMore() {
        phase = .left
        nextLook?.cancel()
        if openStreams == 0 { return close() }
        send(.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil))
        context?.flush()
    }

    /// Closes once everything before a last GOAWAY has left: to close at once would throw away what
    /// waits for a slow client.
    private func close() {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        send(.goAway(lastStreamID: lastStream, errorCode: .noError, opaqueData: nil), written)
        context.flush()
        watch(after: idle)
    }

    private func send(_ payload: HTTP2Frame.FramePayload, _ written: EventLoopPromise<Void>? = nil)
    {
        context?.write(
            wrapOutboundOut(HTTP2Frame(streamID: .rootStream, payload: payload)),
            promise: written
        )
    }

    private func watch(after pause: TimeAmount) {
        nextLook = context?.eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
            self?.look()
        }
    }

    private func look() {
        switch phase {
        case .serving:
            let left = openStreams > 0 ? idle : idle - (NIODeadline.now() - idleSince)
            if left > .zero { watch(after: left) } else { leave() }
        case .leaving:
            // The client does not say that it knows: it has had the time to.
            takeNoMore()
        case .left:
            // The client does not even take the last bytes.
            context?.close(promise: nil)
        }
    }
}
