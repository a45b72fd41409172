import NIOCore
import NIOSSL
import NIOTLS

/// Begins TLS on a connection, with the certificate of the host that the client asks for.
enum SecureOpening {
    /// `unrecognized_name`, fatal, in a record by itself (RFC 8446 §5.1, §6.2).
    private static let unrecognizedName: [UInt8] = [0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x70]

    /// Adds what reads the client's hello, and the handlers that follow once it is there.
    ///
    /// - Parameters:
    ///   - channel: The connection.
    ///   - certificates: What is served.
    ///   - time: How long the handshake may take.
    ///   - configure: Adds the handlers of the protocol that was agreed on.
    /// - Throws: `ChannelError` where the connection has ended.
    static func add(
        to channel: any Channel,
        certificates: CertificateStore,
        within time: TimeAmount,
        configure: @escaping (ALPNResult, any Channel) -> EventLoopFuture<Void>
    ) throws {
        let watch = HandshakeWatch(within: time)
        let operations = channel.pipeline.syncOperations
        let hello = SNIHandler { name in
            channel.eventLoop.makeCompletedFuture {
                var host: String?
                if case .hostname(let name) = name { host = name }
                guard let context = certificates.context(for: host) else {
                    channel.writeAndFlush(ByteBuffer(bytes: unrecognizedName), promise: nil)
                    channel.close(promise: nil)
                    return
                }
                let operations = channel.pipeline.syncOperations
                try operations.addHandler(
                    NIOSSLServerHandler(context: context),
                    position: .before(watch)
                )
            }
        }
        try operations.addHandler(ByteToMessageHandler(hello))
        try operations.addHandler(watch)
        try operations.addHandler(
            ApplicationProtocolNegotiationHandler(alpnCompleteHandler: configure)
        )
    }
}

/// Closes a connection whose handshake fails or takes too long.
final class HandshakeWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let time: TimeAmount
    private var end: Scheduled<Void>?

    init(within time: TimeAmount) { self.time = time }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        end = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nothing was asked yet that would have to be answered.
        if event is ChannelShouldQuiesceEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
        if case .some(.handshakeCompleted) = event as? TLSUserEvent {
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
        }
    }

    /// Scanners, clients that hang up, and those that do not trust the certificate: everyday matters.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
