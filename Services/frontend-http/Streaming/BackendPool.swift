import NIOCore
import NIOPosix

/// The connections of one event loop to the backends: a request never changes threads.
///
/// Each instance has its own bounds, so that a backend that stalls or floods holds up nobody else's
/// requests.
final class BackendPool {
    /// Why there is no connection.
    enum Trouble: Error {
        /// The backend's socket could not be reached in time.
        case unreachable
        /// Too many requests wait already, or hold too much.
        case overloaded
        /// All connections were busy for as long as a request may wait.
        case overdue
    }

    /// Who waits for a connection; called on the event loop, perhaps at once.
    typealias Taker = (Result<BackendConnection, Trouble>) -> Void

    private final class Instance {
        var idle: [BackendConnection] = []
        var count = 0
        /// How many of them are not greeted yet.
        var connecting = 0
        var line = WaitingLine()
        var health = BackendHealth.unknown
        /// How many backends have ended so far, as connections tell it: those to an earlier one take
        /// no request.
        var generation = 0
        /// Looks after those who have waited too long.
        var nextLook: Scheduled<Void>?
    }

    let loop: any EventLoop
    /// What has happened on the event loop.
    let meter = LoopMeter()
    private let runtime: String
    private let times: GatewayTimes
    private let limits: BackendLimits
    private var instances: [String: Instance] = [:]

    /// - Parameters:
    ///   - loop: The event loop that the connections belong to.
    ///   - runtime: The folder with the backends' sockets.
    ///   - times: How long a backend that cannot be reached is tried again, and how long one that
    ///     can may take to greet.
    ///   - limits: What each instance may take.
    init(loop: any EventLoop, runtime: String, times: GatewayTimes, limits: BackendLimits) {
        self.loop = loop
        self.runtime = runtime
        self.times = times
        self.limits = limits
    }

    /// Gives a connection that can take a request.
    ///
    /// - Parameters:
    ///   - instance: Whose backend.
    ///   - bytes: What the request holds while it waits.
    ///   - taker: Gets the connection.
    /// - Returns: The place in the line, where there is one.
    func lease(
        _ instance: String,
        bytes: Int,
        to taker: @escaping Taker
    ) -> WaitingLine.Place? {
        let state = state(of: instance)
        while let connection = state.idle.popLast() {
            guard connection.isIdle else { continue }
            taker(.success(connection))
            return nil
        }
        guard isRoom(in: state, bytes: bytes) else {
            taker(.failure(.overloaded))
            return nil
        }
        let place = state.line.join(bytes: bytes, until: .now() + limits.wait, taker)
        look(after: state)
        connectIfWanted(instance)
        return place
    }

    /// Leaves the line: the client has gone.
    func leave(_ place: WaitingLine.Place, of instance: String) {
        instances[instance]?.line.leave(place)
    }

    /// Takes a connection back that was leased and not used.
    func giveBack(_ connection: BackendConnection, of instance: String) {
        if connection.isIdle { offer(connection, to: instance) }
    }

    /// What each instance has taken, as of now.
    func readings() -> [String: PoolReading] {
        instances.mapValues { state in
            PoolReading(
                idle: state.idle.count,
                busy: state.count - state.connecting - state.idle.count,
                connecting: state.connecting,
                waiting: state.line.count,
                waitingBytes: state.line.bytes,
                health: state.health
            )
        }
    }

    private func state(of instance: String) -> Instance {
        if let state = instances[instance] { return state }
        let state = Instance()
        instances[instance] = state
        return state
    }

    /// Those for whom a connection is being made do not count, nor does one for whom another can be: with
    /// no queue at all, as many requests as there may be connections have one made.
    private func isRoom(in state: Instance, bytes: Int) -> Bool {
        let growing = state.connecting + (state.count < limits.connections ? 1 : 0)
        return state.line.count < limits.queue + growing
            && state.line.bytes + bytes <= limits.queuedBytes
    }

    // MARK: Connecting

    /// Makes one more connection where more requests wait than connections are under way.
    private func connectIfWanted(_ instance: String) {
        let state = state(of: instance)
        guard state.line.count > state.connecting, state.count < limits.connections else { return }
        state.count += 1
        state.connecting += 1
        // One that was given up is tried once for each request, so that none waits in vain.
        let patience = state.health.isDown ? .zero : times.patience
        connect(instance, deadline: .now() + patience, pause: .milliseconds(4))
    }

    private func connect(_ instance: String, deadline: NIODeadline, pause: TimeAmount) {
        let handler = BackendConnection(greetingTime: times.stall)
        handler.onIdle = { [weak self] connection in
            self?.greeted(connection, instance)
            connection.onIdle = { self?.offer($0, to: instance) }
            self?.offer(connection, to: instance)
        }
        handler.onBackendEnd = { [weak self] connection in
            if connection.wasGreeted { self?.distrust(connection.generation, of: instance) }
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
            .channelOption(.writeBufferWaterMark, value: limits.writeBuffer)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value)
                }
            }
            .connect(unixDomainSocketPath: "\(runtime)/\(instance).sock")
            .assumeIsolated()
            .whenFailure { [self] _ in tryAgain(instance, deadline: deadline, pause: pause) }
    }

    private func greeted(_ connection: BackendConnection, _ instance: String) {
        let state = state(of: instance)
        state.connecting -= 1
        state.health = .up
        connection.generation = state.generation
    }

    /// A backend has ended, or is about to: its idle connections are closed, and the others once they
    /// have their answers. A request that met its end would otherwise be passed to each of them in turn.
    private func distrust(_ generation: Int, of instance: String) {
        let state = state(of: instance)
        guard generation == state.generation else { return }
        state.generation += 1
        let idle = state.idle
        state.idle = []
        for connection in idle { connection.close() }
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
        let state = state(of: instance)
        state.count -= 1
        state.connecting -= 1
        if state.count == state.connecting { state.health.fail(now: .now()) }
        let isLast = state.count == 0
        var refused: [WaitingLine.Place] = []
        while refused.isEmpty || isLast, let place = state.line.next() { refused.append(place) }
        for place in refused { place.taker(.failure(.unreachable)) }
    }

    private func offer(_ connection: BackendConnection, to instance: String) {
        let state = state(of: instance)
        if connection.generation != state.generation {
            connection.close()
        } else if let place = state.line.next() {
            place.taker(.success(connection))
        } else {
            state.idle.append(connection)
        }
    }

    private func forget(_ connection: BackendConnection, of instance: String) {
        let state = state(of: instance)
        state.count -= 1
        state.idle.removeAll { $0 === connection }
        connectIfWanted(instance)
    }

    // MARK: Waiting

    /// Refuses those who have waited too long, and looks again when the next one will have.
    private func look(after state: Instance) {
        guard state.nextLook == nil, let deadline = state.line.deadline else { return }
        state.nextLook = loop.assumeIsolated().scheduleTask(deadline: deadline) { [self, state] in
            state.nextLook = nil
            let now = NIODeadline.now()
            while let place = state.line.nextOverdue(now: now) {
                place.taker(.failure(.overdue))
            }
            look(after: state)
        }
    }
}
