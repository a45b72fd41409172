import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization
import TestSupport

/// A client that speaks TLS and sees the bytes inside it.
final class SecureClient {
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
    init(
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
    var agreed: String? { received.agreed }

    /// Everything that has come.
    var bytes: [UInt8] { received.bytes }

    /// Whether the server has closed.
    var isClosed: Bool { received.isClosed }

    func send(_ bytes: some Collection<UInt8>) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Waits until a text has come.
    func wait(for text: String) throws -> String {
        try eventually { [received] in
            String(decoding: received.bytes, as: UTF8.self).contains(text) || received.isClosed
        }
        return String(decoding: received.bytes, as: UTF8.self)
    }

    /// Waits until the server closes.
    func waitForEnd() throws { try eventually { [received] in received.isClosed } }
}

/// Frames of HTTP/2, by hand (RFC 9113 §4, §6).
enum Frames {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4)

    static func frame(
        _ type: UInt8,
        flags: UInt8 = 0,
        stream: UInt32 = 0,
        _ payload: [UInt8] = []
    ) -> [UInt8] {
        let length = UInt32(payload.count)
        return [
            UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), type,
            flags,
        ]
            + (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * $0)) } + payload
    }

    /// HEADERS with every field spelled out (RFC 7541 §6.2.2).
    static func headers(
        _ fields: [(String, String)],
        stream: UInt32 = 1,
        flags: UInt8 = 0x5
    ) -> [UInt8] {
        frame(1, flags: flags, stream: stream, block(fields))
    }

    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + text($0.0) + text($0.1) }
    }

    private static func text(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 127 else { return [UInt8(bytes.count)] + bytes }
        var rest = bytes.count - 127
        var length: [UInt8] = [127]
        while rest >= 128 {
            length.append(UInt8(rest % 128 + 128))
            rest /= 128
        }
        return length + [UInt8(rest)] + bytes
    }

    /// The frames in some bytes: type, flags, stream and payload.
    static func read(
        _ bytes: [UInt8]
    ) -> [(type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8])] {
        var frames: [(UInt8, UInt8, UInt32, [UInt8])] = []
        var rest = bytes[...]
        while rest.count >= 9 {
            let head = Array(rest.prefix(9))
            let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
            guard rest.count >= 9 + length else { break }
            let stream = head[5...8].reduce(0) { $0 << 8 | UInt32($1) }
            frames.append((head[3], head[4], stream, Array(rest.dropFirst(9).prefix(length))))
            rest = rest.dropFirst(9 + length)
        }
        return frames
    }
}
