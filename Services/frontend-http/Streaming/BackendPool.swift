import NIOCore
import NIOPosix

/// The connections of one event loop to the backends: a request never changes threads.
///
/// Each instance has its own bounds, so that a backend that stalls holds up nobody else's requests.
final class BackendPool {
    /// The most connections to one instance, of all event loops: what a backend takes.
    static let maximumConnectionsOfAll = 128
    /// The most connections of one event loop to one instance.
    static let maximumConnections = 32
    /// The most requests that wait for one of them.
    static let maximumWaiting = 512

    /// Why there is no connection.
    enum Trouble: Error {
        /// The backend's socket could not be reached in time.
        case unreachable
        /// Too many requests wait already.
        case overloaded
    }

    /// Who waits for a connection; called on the event loop, perhaps at once.
    typealias Taker = (Result<BackendConnection, Trouble>) -> Void

    private struct Instance {
        var idle: [BackendConnection] = []
        var count = 0
        /// How many of them are not greeted yet.
        var connecting = 0
        var waiting: CircularBuffer<Taker> = []
    }

    private let loop: any EventLoop
    private let runtime: String
    private let times: GatewayTimes
    private let maximumConnections: Int
    private var instances: [String: Instance] = [:]

    /// - Parameters:
    ///   - loop: The event loop that the connections belong to.
    ///   - loops: How many event loops share what a backend takes.
    ///   - runtime: The folder with the backends' sockets.
    ///   - times: How long a backend that cannot be reached is tried again, and how long one that
    ///     can may take to greet.
    init(loop: any EventLoop, of loops: Int = 1, runtime: String, times: GatewayTimes) {
        self.loop = loop
        self.runtime = runtime
        self.times = times
        let share = Self.maximumConnectionsOfAll / max(1, loops)
        maximumConnections = min(Self.maximumConnections, max(2, share))
    }

    /// Gives a connection that can take a request.
    func lease(_ instance: String, to taker: @escaping Taker) {
        var state = instances[instance, default: Instance()]
        while let connection = state.idle.popLast() {
            if connection.isIdle {
                instances[instance] = state
                return taker(.success(connection))
            }
        }
        guard state.waiting.count < Self.maximumWaiting else {
            instances[instance] = state
            return taker(.failure(.overloaded))
        }
        state.waiting.append(taker)
        instances[instance] = state
        connectIfWanted(instance)
    }

    /// Takes a connection back that was leased and not used.
    func giveBack(_ connection: BackendConnection, of instance: String) {
        if connection.isIdle { offer(connection, to: instance) }
    }

    /// Closes the connections that nobody uses: one of them has died, so that its backend may be
    /// another by now and the rest dead as well.
    func distrust(_ instance: String) {
        let idle = instances[instance]?.idle ?? []
        instances[instance]?.idle = []
        for connection in idle { connection.close() }
    }

    /// Makes one more connection where more requests wait than connections are under way.
    private func connectIfWanted(_ instance: String) {
        var state = instances[instance, default: Instance()]
        guard state.waiting.count > state.connecting, state.count < maximumConnections else {
            return
        }
        state.count += 1
        state.connecting += 1
        instances[instance] = state
        connect(instance, deadline: .now() + times.patience, pause: .milliseconds(4))
    }

    private func connect(_ instance: String, deadline: NIODeadline, pause: TimeAmount) {
        let handler = BackendConnection(greetingTime: times.stall)
        handler.onIdle = { [weak self] connection in
            self?.instances[instance]?.connecting -= 1
            connection.onIdle = { self?.offer($0, to: instance) }
            self?.offer(connection, to: instance)
        }
        handler.onClosed = { [weak self] connection in
            if connection.wasGreeted {
                self?.forget(connection, of: instance)
            } else {
                self?.tryAgain(instance, deadline: deadline, pause: pause)
            }
        }
        let bound = NIOLoopBound(handler, eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelOption(.writeBufferWaterMark, value: .init(low: 64 * 1024, high: 256 * 1024))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(unixDomainSocketPath: "\(runtime)/\(instance).sock")
            .assumeIsolated()
            .whenFailure { [self] _ in tryAgain(instance, deadline: deadline, pause: pause) }
    }

    /// A backend that is missing, or hangs up instead of greeting, is tried again after a pause.
    private func tryAgain(_ instance: String, deadline: NIODeadline, pause: TimeAmount) {
        guard NIODeadline.now() + pause < deadline else { return giveUp(instance) }
        loop.assumeIsolated().scheduleTask(in: pause) { [self] in
            connect(instance, deadline: deadline, pause: min(pause * 2, .milliseconds(250)))
        }
    }

    /// Whoever has waited longest learns that nobody is there; everybody does where no other attempt
    /// is under way. The next request tries afresh.
    private func giveUp(_ instance: String) {
        var state = instances[instance, default: Instance()]
        state.count -= 1
        state.connecting -= 1
        let waiting = state.waiting.prefix(state.count == 0 ? state.waiting.count : 1)
        state.waiting.removeFirst(waiting.count)
        instances[instance] = state
        for taker in waiting { taker(.failure(.unreachable)) }
    }

    private func offer(_ connection: BackendConnection, to instance: String) {
        if let taker = instances[instance]?.waiting.popFirst() {
            taker(.success(connection))
        } else {
            instances[instance]?.idle.append(connection)
        }
    }

    private func forget(_ connection: BackendConnection, of instance: String) {
        instances[instance]?.count -= 1
        instances[instance]?.idle.removeAll { $0 === connection }
        connectIfWanted(instance)
    }
}
