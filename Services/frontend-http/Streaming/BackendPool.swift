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

    private struct Instance {
        var idle: [BackendConnection] = []
        var count = 0
        var waiting: CircularBuffer<EventLoopPromise<BackendConnection>> = []
    }

    private let loop: any EventLoop
    private let runtime: String
    private var instances: [String: Instance] = [:]

    init(loop: any EventLoop, runtime: String) {
        self.loop = loop
        self.runtime = runtime
    }

    /// A connection that can take a request.
    func lease(_ instance: String) -> EventLoopFuture<BackendConnection> {
        var state = instances[instance, default: Instance()]
        while let connection = state.idle.popLast() {
            if connection.isIdle {
                instances[instance] = state
                return loop.makeSucceededFuture(connection)
            }
        }
        let promise = loop.makePromise(of: BackendConnection.self)
        if state.waiting.count >= Self.maximumWaiting {
            promise.fail(Trouble.overloaded)
        } else {
            state.waiting.append(promise)
            instances[instance] = state
            if state.count < Self.maximumConnections { connect(instance) }
        }
        return promise.futureResult
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
        for promise in waiting { promise.fail(Trouble.unreachable) }
    }

    private func offer(_ connection: BackendConnection, to instance: String) {
        if let promise = instances[instance]?.waiting.popFirst() {
            promise.assumeIsolated().succeed(connection)
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
