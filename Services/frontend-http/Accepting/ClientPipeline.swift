import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOSSL
import NIOTLS

/// Sets client connections up: who speaks, TLS, and the version of HTTP.
struct ClientPipeline: Sendable {
    let services: GatewayServices
    /// The backends' connections of each event loop.
    let pools: [ObjectIdentifier: NIOLoopBound<BackendPool>]

    /// Adds the handlers of a connection.
    func add(to channel: any Channel, isSecure: Bool) throws {
        guard let pool = pools[ObjectIdentifier(channel.eventLoop)]?.value,
            let speaker = ClientAddress(channel.remoteAddress)
        else { throw ChannelError.operationUnsupported }
        let connection = ClientConnection(speaker, isSecure: isSecure, policy: services.policy)
        if case .network = speaker {
            try channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
        }
        if connection.beginsWithProxyHeader {
            try channel.pipeline.syncOperations.addHandler(
                ProxyHeaderHandler(connection, within: services.times.handshake) { client in
                    admit(client, channel, connection)
                }
            )
        }
        guard isSecure else { return try addHTTP1(to: channel, connection, pool) }
        let bound = NIOLoopBound((connection, pool), eventLoop: channel.eventLoop)
        try SecureOpening.add(
            to: channel,
            certificates: services.certificates,
            within: services.times.handshake
        ) { agreed, channel in
            channel.eventLoop.makeCompletedFuture {
                let (connection, pool) = bound.value
                connection.tlsVersion = Self.text(
                    of: try channel.pipeline.syncOperations.nioSSL_tlsVersion()
                )
                if agreed == .negotiated("h2") {
                    try addHTTP2(to: channel, connection, pool)
                } else {
                    try addHTTP1(to: channel, connection, pool)
                }
            }
        }
    }

    private static func text(of version: TLSVersion?) -> String? {
        switch version {
        case .tlsv13: "1.3"
        case .tlsv12: "1.2"
        default: nil
        }
    }

    /// Counts a connection, until it ends, where its event loop counts.
    func count(_ channel: any Channel) {
        guard let pool = pools[ObjectIdentifier(channel.eventLoop)] else { return }
        pool.value.meter.connectionOpened()
        channel.closeFuture.assumeIsolated().whenComplete { _ in
            pool.value.meter.connectionClosed()
        }
    }

    /// Whether somebody for whom a proxy speaks may have another connection; it is counted until this
    /// one ends.
    private func admit(
        _ client: ClientAddress,
        _ channel: any Channel,
        _ connection: ClientConnection
    ) -> Bool {
        guard client != .local, !connection.policy.trusts(client) else { return true }
        let gate = services.gate
        if let refusal = gate.add(client.network, connection.policy.limits) {
            gate.tell(refusal, client)
            return false
        }
        channel.closeFuture.whenComplete { _ in gate.remove(client.network) }
        return true
    }

    private func addHTTP1(
        to channel: any Channel,
        _ connection: ClientConnection,
        _ pool: BackendPool
    ) throws {
        // What frames a body is settled in ForwardedHeaders: the encoder does not know that an answer
        // to HEAD has none.
        var encoder = HTTPResponseEncoder.Configuration()
        encoder.automaticallySetFramingHeaders = false
        let watch = HeadWatch(connection)
        // Nobody checks an answer's fields for what is none: Framing refuses a backend's that are, and the
        // gateway's own are made of words of its own.
        let decoder = HTTPRequestDecoder(limitConfiguration: connection.policy.head)
        try channel.pipeline.syncOperations.addHandlers([
            watch,
            HTTPResponseEncoder(configuration: encoder),
            ByteToMessageHandler(decoder),
            DecodedWatch(watch),
            Farewell(moment: services.times.farewell),
            HTTPServerPipelineHandler(),
            AnswerPace(),
            RequestHandler(services: services, pool: pool, connection: connection),
        ])
    }

    private func addHTTP2(
        to channel: any Channel,
        _ connection: ClientConnection,
        _ pool: BackendPool
    ) throws {
        connection.isHTTP2 = true
        let loop = channel.eventLoop
        let lifetime = HTTP2Lifetime(connection, idle: services.times.idle)
        let bound = NIOLoopBound((connection, pool, lifetime), eventLoop: loop)
        let http2 = NIOHTTP2Handler(
            mode: .server,
            eventLoop: loop,
            connectionConfiguration: HTTP2Limits.connection(connection.policy),
            streamConfiguration: HTTP2Limits.stream(connection.policy)
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let (connection, pool, lifetime) = bound.value
                guard lifetime.hasRoom, let options = stream.syncOptions else {
                    throw ChannelError.operationUnsupported
                }
                lifetime.streamBegan(try options.getOption(HTTP2StreamChannelOptions.streamID))
                stream.closeFuture.whenComplete { _ in bound.value.2.streamEnded() }
                try stream.pipeline.syncOperations.addHandlers([
                    HTTP2RequestCheck(connection.policy.limits),
                    HTTP2FramePayloadToHTTP1ServerCodec(),
                    RequestHandler(services: services, pool: pool, connection: connection),
                ])
            }
        }
        try channel.pipeline.syncOperations.addHandlers([http2, lifetime])
    }
}
