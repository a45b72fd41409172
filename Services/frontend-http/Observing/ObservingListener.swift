import NIOCore
import NIOHTTP1
import NIOPosix
import Settings

/// Where metrics and health are asked for: a socket of its own with an event loop of its own, so
/// that it answers when the others do not, and that no client's path leads here.
final class ObservingListener {
    /// Where to listen.
    enum Place {
        /// A socket that systemd hands over.
        case inherited(Int32)
        /// As `gateway.toml` has it.
        case settings(MetricsSettings.Place)
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel

    /// Where it listens, as people read it.
    var address: String { channel.localAddress.map { "\($0)" } ?? "" }

    /// The port, where it has one.
    var port: Int? { channel.localAddress?.port }

    /// Listens.
    ///
    /// - Parameters:
    ///   - place: Where.
    ///   - observer: Asks the event loops.
    /// - Throws: ``ListenFailure`` for an address that cannot be listened on; what the system says of
    ///   a socket that it handed over.
    init(_ place: Place, observer: Observer) throws {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandlers([
                        IdleStateHandler(allTimeout: .seconds(60)),
                        ObservingHandler(observer: observer),
                    ])
                }
            }
        do {
            channel = try Self.listen(at: place, bootstrap)
        } catch {
            // Nobody asks on it any more; what matters is why it was not needed.
            try? group.syncShutdownGracefully()
            throw error
        }
    }

    private static func listen(
        at place: Place,
        _ bootstrap: ServerBootstrap
    ) throws -> any Channel {
        switch place {
        case .inherited(let descriptor): try bootstrap.withBoundSocket(descriptor).wait()
        case .settings(.loopback(let address, let port)):
            try ListenFailure.wait(
                for: bootstrap.bind(host: address, port: port),
                at: ListenFailure.text(host: address, port: port),
                .metrics
            )
        case .settings(.unix(let path)):
            try ListenFailure.wait(
                for: bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true),
                at: "unix:\(path)",
                .metrics
            )
        }
    }

    /// Ends it, connections and all.
    func stop() throws { try group.syncShutdownGracefully() }
}

/// Answers one connection of those who look after the gateway.
final class ObservingHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let observer: Observer
    private var head: HTTPRequestHead?

    init(observer: Observer) { self.observer = observer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: return
        case .end: answer(context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head else { return }
        guard head.method == .GET || head.method == .HEAD else {
            return write(405, "text/plain; charset=utf-8", "GET and HEAD only\n", context)
        }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        observer.reading(on: context.eventLoop).assumeIsolated().whenSuccess { [self] reading in
            let context = bound.value
            let (status, type, text) = Self.page(head.uri, reading)
            write(status, type, text, context)
        }
    }

    private static func page(
        _ target: String,
        _ reading: GatewayReading
    ) -> (status: Int, type: String, text: String) {
        let path = target.split(separator: "?", maxSplits: 1).first ?? ""
        let plain = "text/plain; charset=utf-8"
        let answer: (status: Int, text: String)
        switch path {
        case "/metrics": return (200, MetricsText.contentType, MetricsPage.text(reading))
        case "/healthz": answer = HealthPage.liveness(reading)
        case "/readyz": answer = HealthPage.readiness(reading, of: nil, now: .now())
        case _ where path.hasPrefix("/readyz/"):
            let name = String(path.dropFirst(8))
            answer = HealthPage.readiness(reading, of: name, now: .now())
        default: answer = (404, "here are /metrics, /healthz, /readyz and /readyz/<instance>\n")
        }
        return (answer.status, plain, answer.text)
    }

    private func write(
        _ status: Int,
        _ type: String,
        _ text: String,
        _ context: ChannelHandlerContext
    ) {
        guard let head else { return }
        self.head = nil
        var fields: HTTPHeaders = [
            "content-type": type, "content-length": String(text.utf8.count),
            "cache-control": "no-store",
        ]
        if !head.isKeepAlive { fields.add(name: "connection", value: "close") }
        let answer = HTTPResponseHead(
            version: .http1_1,
            status: .init(statusCode: status),
            headers: fields
        )
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD {
            let body = context.channel.allocator.buffer(string: text)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !head.isKeepAlive {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.whenComplete { _ in bound.value.close(promise: nil) }
        }
    }
}
