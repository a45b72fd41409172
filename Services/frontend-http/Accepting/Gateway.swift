import Logging
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import Supervision

/// The listening sockets and the event loops behind them.
final class Gateway {
    /// Where the gateway listens.
    enum Listener {
        /// A socket that systemd hands over.
        case inherited(Int32)
        /// A host's name or address, and a port; 0 for any that is free.
        case address(host: String, port: Int)
    }

    private let group: MultiThreadedEventLoopGroup
    private let loops: Int
    private let services: GatewayServices
    private let runtime: String
    private var servers: [(channel: any Channel, quiescing: ServerQuiescingHelper)] = []
    private var watch: (any Channel)?

    init(group: MultiThreadedEventLoopGroup, services: GatewayServices, runtime: String) {
        self.group = group
        loops = group.makeIterator().reduce(0) { count, _ in count + 1 }
        self.services = services
        self.runtime = runtime
    }

    /// Listens.
    ///
    /// - Returns: The addresses, as people read them.
    func start(_ listeners: [Listener]) throws -> [String] {
        let pools = try self.pools()
        watch = try services.authenticator.watchUsers(on: group)?.wait()
        for listener in listeners {
            let quiescing = ServerQuiescingHelper(group: group)
            let bootstrap = bootstrap(pools, quiescing)
            let channel =
                switch listener {
                case .inherited(let descriptor): try bootstrap.withBoundSocket(descriptor).wait()
                case .address(let host, let port): try bootstrap.bind(host: host, port: port).wait()
                }
            servers.append((channel, quiescing))
        }
        return servers.compactMap { $0.channel.localAddress.map { "\($0)" } }
    }

    /// Takes no more connections, and waits until the requests under way are answered.
    func stop() {
        let promises = servers.map { server in
            let promise = group.next().makePromise(of: Void.self)
            server.quiescing.initiateShutdown(promise: promise)
            return promise.futureResult
        }
        let done = group.next().makePromise(of: Bool.self)
        EventLoopFuture.andAllComplete(promises, on: group.next()).whenComplete { _ in
            done.succeed(true)
        }
        group.next().scheduleTask(in: services.times.drain) { done.succeed(false) }
        do {
            if try !done.futureResult.wait() {
                services.log.warning("requests were still under way at the end")
            }
        } catch {
            services.log.error("the event loops ended early", metadata: ["error": "\(error)"])
        }
        watch?.close(promise: nil)
        // The helpers use their event loops once more when they go: now, while there are some.
        servers = []
    }

    /// One pool of backend connections for each event loop.
    private func pools() throws -> [ObjectIdentifier: NIOLoopBound<BackendPool>] {
        var pools: [ObjectIdentifier: NIOLoopBound<BackendPool>] = [:]
        for loop in group.makeIterator() {
            let runtime = self.runtime
            let times = services.times
            let loops = self.loops
            pools[ObjectIdentifier(loop)] = try loop.submit {
                NIOLoopBound(
                    BackendPool(loop: loop, of: loops, runtime: runtime, times: times),
                    eventLoop: loop
                )
            }.wait()
        }
        return pools
    }

    private func bootstrap(
        _ pools: [ObjectIdentifier: NIOLoopBound<BackendPool>],
        _ quiescing: ServerQuiescingHelper
    ) -> ServerBootstrap {
        let services = self.services
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        quiescing.makeServerChannelHandler(channel: channel)
                    )
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .writeBufferWaterMark,
                value: .init(low: 64 * 1024, high: 256 * 1024)
            )
            .childChannelInitializer { channel in
                services.activity.connected(channel)
                // What frames a body is settled in ForwardedHeaders: the encoder does not know that
                // an answer to HEAD has none.
                var encoder = HTTPResponseEncoder.Configuration()
                encoder.automaticallySetFramingHeaders = false
                return channel.pipeline.configureHTTPServerPipeline(
                    withEncoderConfiguration: encoder,
                    withDecoderLimitConfiguration: GatewayLimits.head
                ).flatMapThrowing {
                    guard let pool = pools[ObjectIdentifier(channel.eventLoop)] else {
                        throw ChannelError.operationUnsupported
                    }
                    let pipeline = channel.pipeline.syncOperations
                    let closing = try pipeline.handler(type: HTTPServerPipelineHandler.self)
                    try pipeline.addHandler(
                        Farewell(moment: services.times.farewell),
                        position: .before(closing)
                    )
                    try pipeline.addHandler(
                        RequestHandler(services: services, pool: pool.value)
                    )
                }
            }
    }
}
