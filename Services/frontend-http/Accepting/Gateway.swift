import Logging
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import Settings
import Supervision

/// The listening sockets and the event loops behind them.
final class Gateway {
    /// Where the gateway listens.
    enum Listener {
        /// A socket that systemd hands over.
        case inherited(Int32, isSecure: Bool = false)
        /// A host's name or address, and a port; 0 for any that is free.
        case address(host: String, port: Int, isSecure: Bool = false)

        /// Whether clients speak TLS here.
        var isSecure: Bool {
            switch self {
            case .inherited(_, let isSecure), .address(_, _, let isSecure): isSecure
            }
        }
    }

    private let group: MultiThreadedEventLoopGroup
    private let loops: Int
    private let services: GatewayServices
    private let runtime: String
    private var watch: RepeatedTask?
    private var poolsOfLoops: [ObjectIdentifier: NIOLoopBound<BackendPool>] = [:]
    private var servers: [(channel: any Channel, quiescing: ServerQuiescingHelper)] = []
    private var usersWatch: (any Channel)?

    init(group: MultiThreadedEventLoopGroup, services: GatewayServices, runtime: String) {
        self.group = group
        loops = group.makeIterator().reduce(0) { count, _ in count + 1 }
        self.services = services
        self.runtime = runtime
    }

    /// Listens.
    ///
    /// - Returns: The addresses, as people read them.
    /// - Throws: ``ListenFailure`` for an address that cannot be listened on; what the system says of
    ///   a socket that it handed over.
    func start(_ listeners: [Listener]) throws -> [String] {
        let limits = BackendLimits(services.settings.backends, loops: loops)
        let pools = try self.pools(limits)
        poolsOfLoops = pools
        usersWatch = try services.authenticator.watchUsers(on: group)?.wait()
        let pipeline = ClientPipeline(services: services, pools: pools)
        for listener in listeners {
            let quiescing = ServerQuiescingHelper(group: group)
            let bootstrap = bootstrap(pipeline, limits, quiescing, isSecure: listener.isSecure)
            let channel =
                switch listener {
                case .inherited(let descriptor, _): try bootstrap.withBoundSocket(descriptor).wait()
                case .address(let host, let port, let isSecure):
                    try ListenFailure.wait(
                        for: bootstrap.bind(host: host, port: port),
                        at: ListenFailure.text(host: host, port: port),
                        .option(isSecure ? "--listen-tls" : "--listen")
                    )
                }
            servers.append((channel, quiescing))
        }
        watchCertificates()
        return servers.compactMap { $0.channel.localAddress.map { "\($0)" } }
    }

    /// Says how the event loops are; once it listens.
    func observer() -> Observer {
        Observer(pools: Array(poolsOfLoops.values), services: services)
    }

    /// Takes no more connections, and waits until the requests under way are answered.
    func stop() {
        watch?.cancel()
        services.stopping()
        finishAccepting()
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
        usersWatch?.close(promise: nil)
        // The helpers use their event loops once more when they go: now, while there are some.
        servers = []
    }

    /// Takes no more connections out of the sockets' queues, and waits until those that were taken
    /// have their handlers: NIO closes one without a word that gets them after its socket was closed.
    private func finishAccepting() {
        do {
            for server in servers { try server.channel.setOption(.autoRead, value: false).wait() }
            // A connection gets its handlers on an event loop of its own; then its socket's goes on.
            for _ in 0..<2 {
                for loop in group.makeIterator() { try loop.submit {}.wait() }
            }
        } catch {
            services.log.error("a socket cannot be stopped", metadata: ["error": "\(error)"])
        }
    }

    /// One pool of backend connections for each event loop.
    private func pools(
        _ limits: BackendLimits
    ) throws -> [ObjectIdentifier: NIOLoopBound<BackendPool>] {
        var pools: [ObjectIdentifier: NIOLoopBound<BackendPool>] = [:]
        for loop in group.makeIterator() {
            let runtime = self.runtime
            let times = services.times
            pools[ObjectIdentifier(loop)] = try loop.submit {
                NIOLoopBound(
                    BackendPool(loop: loop, runtime: runtime, times: times, limits: limits),
                    eventLoop: loop
                )
            }.wait()
        }
        return pools
    }

    private func bootstrap(
        _ pipeline: ClientPipeline,
        _ limits: BackendLimits,
        _ quiescing: ServerQuiescingHelper,
        isSecure: Bool
    ) -> ServerBootstrap {
        let services = self.services
        let maximum = ConnectionGate.maximumConnections()
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Where no descriptor is left, the kernel's queue waits a second.
                    try channel.pipeline.syncOperations.addHandlers([
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: true),
                        ConnectionGateHandler(services, maximum: maximum),
                        quiescing.makeServerChannelHandler(channel: channel),
                    ])
                }
            }
            .childChannelOption(.writeBufferWaterMark, value: limits.writeBuffer)
            .childChannelInitializer { channel in
                services.activity.connected(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try pipeline.add(to: channel, isSecure: isSecure)
                    pipeline.count(channel)
                }
            }
    }

    /// Looks now and then whether certificates have changed, where blocking does no harm.
    private func watchCertificates() {
        guard !services.certificates.isEmpty else { return }
        let services = self.services
        let pause = TimeAmount(CertificateStore.pause)
        watch = group.next().scheduleRepeatedTask(initialDelay: .zero, delay: pause) { _ in
            NIOThreadPool.singleton.submit { item in
                if case .active = item { services.certificates.look() }
            }
        }
    }
}
