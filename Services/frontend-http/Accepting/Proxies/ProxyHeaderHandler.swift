import NIOCore

/// Takes the header of the PROXY protocol off the beginning of a trusted proxy's connection.
///
/// One that sends none, or one that is malformed, is closed at once: guessing would let a client speak
/// for another.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: ClientConnection
    private let time: TimeAmount
    private let admit: (ClientAddress) -> Bool
    private var pending = ByteBuffer()
    private var end: Scheduled<Void>?
    private var isDone = false

    /// - Parameters:
    ///   - connection: Learns whom the proxy speaks for.
    ///   - time: How long the header may take to come.
    ///   - admit: Whether that one may have another connection.
    init(
        _ connection: ClientConnection,
        within time: TimeAmount,
        admit: @escaping (ClientAddress) -> Bool
    ) {
        self.connection = connection
        self.time = time
        self.admit = admit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        end = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isDone else { return context.fireChannelRead(data) }
        pending.writeBuffer(&bytes)
        do throws(ProxyHeader.Malformed) {
            guard let header = try ProxyHeader.read(pending.readableBytesView) else { return }
            pending.moveReaderIndex(forwardBy: header.byteCount)
            if let client = header.client {
                connection.announce(client)
                guard admit(client.address) else { return context.close(promise: nil) }
            }
            goOn(context)
        } catch {
            context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, !isDone { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    private func goOn(_ context: ChannelHandlerContext) {
        isDone = true
        end?.cancel()
        if pending.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(pending)) }
        pending = ByteBuffer()
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }
}
