import NIOCore
import NIOHTTP1

/// Holds the end of an answer back as long as the client leaves too much of what was written to it
/// unread.
///
/// The end is what lets the next request in of those that a client sent together (RFC 9112 §9.3.2). One
/// that asks on and on and reads nothing would have all its answers kept here; so it has what one
/// connection may have waiting and one answer more, and then is not listened to.
final class AnswerPace: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private var held: (part: HTTPServerResponsePart, promise: EventLoopPromise<Void>?)?

    func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        let part = unwrapOutboundIn(data)
        guard case .end = part, !context.channel.isWritable else {
            return context.write(data, promise: promise)
        }
        held = (part, promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        context.fireChannelWritabilityChanged()
        guard context.channel.isWritable, let (part, promise) = held else { return }
        held = nil
        context.writeAndFlush(wrapOutboundOut(part), promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        drop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { drop() }

    private func drop() {
        held?.promise?.fail(ChannelError.ioOnClosedChannel)
        held = nil
    }
}
