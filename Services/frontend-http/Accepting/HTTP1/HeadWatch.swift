import NIOCore
import NIOHTTP1

/// Sees a request's bytes before the decoder of HTTP/1 does: when a head begins, and how much has come
/// that nothing came out of.
///
/// The decoder bounds what fields say, and keeps the space around it too: a field's name, and then
/// spaces without an end. Here all counts that comes without a head, a piece of a body or an end of
/// one; beside the limit that may be what one read brings.
final class HeadWatch: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ClientConnection
    private var fruitlessBytes = 0
    /// Whether a line has ended in these.
    private var hasLineEnded = false
    /// Whether a head has come, and not what is behind it.
    private var isInBody = false
    /// What the decoder is reading now.
    private var current: ByteBuffer?
    /// What has come after the first thing that could not be read.
    private var discardedBytes: Int?

    init(_ connection: ClientConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if let discardedBytes { return discard(bytes, after: discardedBytes, context) }
        connection.bytesCame()
        fruitlessBytes += bytes.readableBytes
        current = bytes
        context.fireChannelRead(data)
        current = nil
        guard fruitlessBytes > 0, discardedBytes == nil else { return }
        hasLineEnded = hasLineEnded || Self.endsLine(bytes)
        if fruitlessBytes > connection.policy.maximumHeadBytes {
            context.fireErrorCaught(HTTPParserError.headerOverflow)
        }
    }

    /// The decoder has handed something on.
    fileprivate func decoded(_ part: HTTPServerRequestPart) {
        fruitlessBytes = 0
        hasLineEnded = false
        switch part {
        case .head: isInBody = true
        case .body: return
        case .end: isInBody = false
        }
    }

    /// The decoder, or the watch, has met something that is no request: nothing more is read.
    fileprivate func met(_ error: HTTPParserError) {
        guard discardedBytes == nil else { return }
        discardedBytes = 0
        connection.fault = RequestFault(
            error,
            isInRequestLine: !isInBody && !hasLineEnded && current.map(Self.endsLine) != true
        )
    }

    private static func endsLine(_ bytes: ByteBuffer) -> Bool {
        bytes.readableBytesView.contains(UInt8(ascii: "\n"))
    }

    /// Takes a little more, so that the client comes to read what it is answered.
    private func discard(_ bytes: ByteBuffer, after count: Int, _ context: ChannelHandlerContext) {
        let count = count + bytes.readableBytes
        discardedBytes = count
        if count > GatewayLimits.maximumDiscardedBytes { context.close(promise: nil) }
    }
}

/// Tells the watch before the decoder what comes out of it.
final class DecodedWatch: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let watch: HeadWatch

    init(_ watch: HeadWatch) { self.watch = watch }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        watch.decoded(unwrapInboundIn(data))
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError { watch.met(error) }
        context.fireErrorCaught(error)
    }
}
