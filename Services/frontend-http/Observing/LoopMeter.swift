import NIOHTTP1

/// Counts what happens on one event loop, and is touched on it alone: counting takes no lock, and no
/// event loop waits for another.
final class LoopMeter {
    /// What was counted so far.
    private(set) var reading = MeterReading()

    /// A connection has come.
    func connectionOpened() {
        reading.acceptedConnections += 1
        reading.openConnections += 1
    }

    /// A connection has ended.
    func connectionClosed() { reading.openConnections -= 1 }

    /// Something went wrong on the way to a backend.
    func count(_ trouble: HopTrouble, of instance: String) {
        reading.instances[instance, default: InstanceReading()].troubles[trouble, default: 0] += 1
    }

    /// A request has come to its end.
    func count(_ request: ForwardedRequest, microseconds: Int) {
        let method = MethodLabel(request.head.method)
        let key = InstanceReading.RequestKey(method: method, status: StatusLabel(request.status))
        reading.receivedBytes += UInt64(request.receivedBytes)
        reading.sentBytes += UInt64(request.sentBytes)
        reading.authentications[request.authentication, default: 0] += 1
        reading.durations[method, default: Histogram()].record(microseconds: microseconds)
        reading.instances[request.instance ?? "", default: InstanceReading()]
            .count(request, as: key)
    }

    /// Something has come that could not be read as a request.
    func count(_ unread: UnreadRequest) {
        let key = InstanceReading.RequestKey(
            method: unread.method.map(MethodLabel.init) ?? .other,
            status: StatusLabel(unread.fault.status)
        )
        reading.sentBytes += UInt64(unread.sentBytes)
        reading.instances["", default: InstanceReading()].requests[key, default: 0] += 1
    }
}

/// What one event loop counted since the start, or several together.
struct MeterReading: Sendable {
    var acceptedConnections: UInt64 = 0
    var openConnections = 0
    /// Bytes of bodies, from clients and to them.
    var receivedBytes: UInt64 = 0
    var sentBytes: UInt64 = 0
    var authentications: [AuthenticationOutcome: UInt64] = [:]
    /// How long requests took, from the head to the last byte that the gateway wrote.
    var durations: [MethodLabel: Histogram] = [:]
    /// By instance; what is none's, under no name.
    var instances: [String: InstanceReading] = [:]

    /// Adds what another event loop counted.
    mutating func add(_ other: MeterReading) {
        acceptedConnections += other.acceptedConnections
        openConnections += other.openConnections
        receivedBytes += other.receivedBytes
        sentBytes += other.sentBytes
        authentications.merge(other.authentications, uniquingKeysWith: +)
        durations.merge(other.durations) { own, theirs in
            var sum = own
            sum.add(theirs)
            return sum
        }
        instances.merge(other.instances) { own, theirs in
            var sum = own
            sum.add(theirs)
            return sum
        }
    }
}

/// What was counted of one instance.
struct InstanceReading: Sendable {
    struct RequestKey: Sendable, Hashable {
        let method: MethodLabel
        let status: StatusLabel
    }

    var requests: [RequestKey: UInt64] = [:]
    var troubles: [HopTrouble: UInt64] = [:]
    var retries: UInt64 = 0
    /// How long the backend took to begin an answer, waiting for a connection included.
    var hop = Histogram()

    fileprivate mutating func count(_ request: ForwardedRequest, as key: RequestKey) {
        requests[key, default: 0] += 1
        retries += UInt64(max(0, request.attempts - 1))
        if let taken = request.hopMicroseconds { hop.record(microseconds: taken) }
    }

    fileprivate mutating func add(_ other: InstanceReading) {
        requests.merge(other.requests, uniquingKeysWith: +)
        troubles.merge(other.troubles, uniquingKeysWith: +)
        retries += other.retries
        hop.add(other.hop)
    }
}

/// What one event loop has taken of an instance's backend, as of now.
struct PoolReading: Sendable {
    var idle = 0
    var busy = 0
    var connecting = 0
    var waiting = 0
    var waitingBytes = 0
    var health = BackendHealth.unknown

    /// Adds what another event loop has taken. A backend that anybody reached is up, unless somebody
    /// else could not since: who is right shows with the next request.
    mutating func add(_ other: PoolReading) {
        idle += other.idle
        busy += other.busy
        connecting += other.connecting
        waiting += other.waiting
        waitingBytes += other.waitingBytes
        switch (health, other.health) {
        case (.down(let own), .down(let theirs)): health = .down(since: min(own, theirs))
        case (_, .down), (.unknown, _): health = other.health
        case (.down, _), (.up, _): break
        }
    }
}
