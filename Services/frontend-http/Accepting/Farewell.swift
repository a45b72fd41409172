import NIOCore
import NIOHTTP1

/// Gives a connection that has nothing under way a moment before it is closed because the service
/// ends: a client that is about to send its next request gets an answer to it, and is told with that
/// to connect anew.
///
/// A connection may be closed at any time while it is idle, and a request that crosses the end of
/// its connection is lost; the client has to send it again (RFC 9112 §9.3.1). Those that are busy
/// would meet this at each restart, and most of them do not in this way.
///
/// Stands before the handler that closes idle connections, and passes the event that has it do so
/// on when the moment is over, or with the next request.
final class Farewell: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let moment: TimeAmount
    private var isUnderWay = false
    /// The end that waits.
    private var waiting: Scheduled<Void>?

    /// - Parameter moment: How long an idle connection has.
    init(moment: TimeAmount) {
        self.moment = moment
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent, !isUnderWay, waiting == nil else {
            return context.fireUserInboundEventTriggered(event)
        }
        let bound = context.loopBound
        waiting = context.eventLoop.assumeIsolated().scheduleTask(in: moment) { [weak self] in
            self?.tell(bound.value)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { isUnderWay = true }
        context.fireChannelRead(data)
        // The request first: what has begun is answered.
        tell(context)
    }

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        if case .end = unwrapOutboundIn(data) { isUnderWay = false }
        context.write(data, promise: promise)
    }

    func handlerRemoved(context: ChannelHandlerContext) { waiting?.cancel() }

    private func tell(_ context: ChannelHandlerContext) {
        guard let waiting else { return }
        waiting.cancel()
        self.waiting = nil
        context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }
}
