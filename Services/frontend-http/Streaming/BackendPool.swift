import NIOCore
import NIOPosix

/// The connections of one event loop to the backends: a request never changes threads.
///
/// Each instance has its own bounds, so that a backend that stalls holds up nobody else's requests.
final class BackendPool {
    /// The most connections of one event loop to one instance.
    static let maximumConnections = 32
    /// The most requests that wait for one of them.
    static let maximumWaiting = 512
    /// How long a socket that is missing or refuses is tried again: a backend that restarts.
    static let patience: TimeAmount = .seconds(5)

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
        var waiting: CircularBuffer<Taker> = []
    }

    private let loop: any EventLoop
    private let runtime: String
    private var instances: [String: Instance] = [:]

    init(loop: any EventLoop, runtime: String) {
        self.loop = loop
        self.runtime = runtime
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
        if state.count < Self.maximumConnections { connect(instance) }
    }

    /// Takes a connection back that was leased and not used.
    func giveBack(_ connection: BackendConnection, of instance: String) {
        if connection.isIdle { offer(connection, to: instance) }
    }

    private func connect(_ instance: String) {
        instances[instance, default: Instance()].count += 1
        connect(instance, deadline: .now() + Self.patience, pause: .milliseconds(20))
    }

    private func connect(_ instance: String, deadline: NIODeadline, pause: TimeAmount) {
        let handler = BackendConnection()
        handler.onIdle = { [weak self] in self?.offer($0, to: instance) }
        handler.onClosed = { [weak self] in self?.forget($0, of: instance) }
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
            .whenFailure { [self] _ in
                guard NIODeadline.now() + pause < deadline else {
                    giveUp(instance)
                    return
                }
                loop.assumeIsolated().scheduleTask(in: pause) { [self] in
                    connect(instance, deadline: deadline, pause: min(pause * 2, .milliseconds(250)))
                }
            }
    }

    /// Everybody who waits learns that nobody is there; the next request tries afresh.
    private func giveUp(_ instance: String) {
        var state = instances[instance, default: Instance()]
        state.count -= 1
        let waiting = state.count == 0 ? state.waiting : []
        if state.count == 0 { state.waiting = [] }
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
        if let state = instances[instance], !state.waiting.isEmpty,
            state.count < Self.maximumConnections
        {
            connect(instance)
        }
    }
}
