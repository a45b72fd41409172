internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS
internal import Synchronization

/// A client that speaks TLS and sees the bytes inside it.
public final class SecureClient {
    /// What has come, and whether more may.
    private final class Received: Sendable {
        private struct State {
            var bytes: [UInt8] = []
            var isClosed = false
            var agreed: String?
        }

        private let state = Mutex(State())

        var bytes: [UInt8] { state.withLock { $0.bytes } }
        var isClosed: Bool { state.withLock { $0.isClosed } }
        var agreed: String? { state.withLock { $0.agreed } }

        func take(_ bytes: ByteBuffer) { state.withLock { $0.bytes += bytes.readableBytesView } }
        func close() { state.withLock { $0.isClosed = true } }
        func agree(_ name: String?) { state.withLock { $0.agreed = name ?? "" } }
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let received: Received

        init(_ received: Received) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.take(unwrapInboundIn(data))
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted(let name) = event as? TLSUserEvent { received.agree(name) }
            context.fireUserInboundEventTriggered(event)
        }

        func channelInactive(context: ChannelHandlerContext) { received.close() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    private let channel: any Channel
    private let received = Received()

    /// Connects, and waits for the handshake to end one way or the other.
    ///
    /// - Parameters:
    ///   - port: A port of the loopback address.
    ///   - host: The host to ask for.
    ///   - protocols: What to offer by ALPN.
    ///   - preamble: Sent before the handshake.
    /// - Throws: Where nobody listens, or the handshake does not end.
    public init(
        port: Int,
        host: String? = "localhost",
        protocols: [String] = ["http/1.1"],
        preamble: [UInt8] = []
    ) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = protocols
        let context = try NIOSSLContext(configuration: configuration)
        let received = self.received
        channel = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if !preamble.isEmpty {
                        channel.writeAndFlush(ByteBuffer(bytes: preamble), promise: nil)
                    }
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLClientHandler(context: context, serverHostname: host),
                        Reader(received),
                    ])
                }
            }
            .connect(host: "127.0.0.1", port: port).wait()
        try eventually { received.agreed != nil || received.isClosed }
    }

    deinit { channel.close(promise: nil) }

    /// The protocol that was agreed on; `nil` where the handshake failed.
    public var agreed: String? { received.agreed }

    /// Everything that has come.
    public var bytes: [UInt8] { received.bytes }

    /// Whether the server has closed.
    public var isClosed: Bool { received.isClosed }

    /// Sends bytes inside TLS, and waits for nothing.
    public func send(_ bytes: some Collection<UInt8>) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Takes nothing more from the server, or goes on taking it.
    public func setReading(_ isReading: Bool) throws {
        try channel.setOption(.autoRead, value: isReading).wait()
    }

    /// Waits until a text has come.
    ///
    /// - Returns: Everything that has come by then, or until the server closed.
    /// - Throws: Where neither is so within half a minute.
    public func wait(for text: String) throws -> String {
        try eventually { [received] in
            String(decoding: received.bytes, as: UTF8.self).contains(text) || received.isClosed
        }
        return String(decoding: received.bytes, as: UTF8.self)
    }

    /// Waits until the server closes.
    ///
    /// - Throws: Where it does not within half a minute.
    public func waitForEnd() throws { try eventually { [received] in received.isClosed } }
}
