import AddressBooks
import Framing
import Glibc
import Logging
import Supervision
import Synchronization
import WebDAV

/// Accepts the gateway's connections and serves each on a thread of its own, one request at a time.
final class Server: Sendable {
    /// The most connections at once; the gateway keeps to fewer.
    private static let maximumConnections = 128
    /// How long requests may take to end once the service is to stop, in milliseconds.
    private static let drainMilliseconds: Int32 = 30_000

    private let listener: Int32
    private let instance: String
    private let gatewayUsers: Set<UInt32>
    private let dispatcher: Dispatcher
    private let log: Logger
    private let drain: Pipe
    private let ended: Pipe
    private let connections = Mutex(0)

    /// Prepares to serve: on a listening Unix socket, for processes of the given users only.
    init(
        listener: Int32,
        instance: String,
        gatewayUsers: Set<UInt32>,
        store: AddressBookStore,
        log: Logger
    ) throws(SupervisionError) {
        self.listener = listener
        self.instance = instance
        self.gatewayUsers = gatewayUsers
        self.log = log
        dispatcher = Dispatcher(store: store, log: log)
        drain = try Pipe()
        ended = try Pipe()
    }

    /// Accepts connections until ``stop()``.
    func run() {
        var watched = [
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            pollfd(fd: drain.reading, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            while poll(&watched, 2, -1) < 0, errno == EINTR {}
            if watched[1].revents != 0 { break }
            let descriptor = accept(listener, nil, nil)
            if descriptor >= 0 {
                take(descriptor)
            } else if errno == EMFILE || errno == ENFILE || errno == ENOMEM {
                // The connection stays in the socket's queue; a short wait spares the processor.
                log.error("no room for another connection", metadata: ["error": "\(errno)"])
                usleep(50_000)
            }
        }
        close(listener)
        waitForConnections()
    }

    /// Has ``run()`` take no more connections, and return when the requests under way are answered.
    func stop() { drain.signal() }

    private func take(_ descriptor: Int32) {
        let connection = Connection(descriptor: descriptor)
        guard isGateway(descriptor) else { return }
        let isRoom = connections.withLock { count in
            guard count < Self.maximumConnections else { return false }
            count += 1
            return true
        }
        // The connection changes hands here: the accepting thread does not touch it again.
        nonisolated(unsafe) let handed = connection
        let isServed =
            isRoom
            && Thread.start { [self] in
                serve(handed)
                connections.withLock { $0 -= 1 }
                ended.signal()
            }
        if isServed { return }
        log.warning(
            "a connection was turned away",
            metadata: ["limit": "\(Self.maximumConnections)"]
        )
        if isRoom { connections.withLock { $0 -= 1 } }
    }

    /// The backend believes what a frame says of the user, so that only the gateway may send one.
    private func isGateway(_ descriptor: Int32) -> Bool {
        do throws(SupervisionError) {
            let peer = try PeerCredentials(ofPeerAt: descriptor)
            if gatewayUsers.contains(peer.userID) { return true }
            log.error(
                "a process that is not the gateway's user connected",
                metadata: ["uid": "\(peer.userID)", "pid": "\(peer.processID)"]
            )
        } catch {
            log.error("a peer's user is unknown", metadata: ["error": "\(error)"])
        }
        return false
    }

    private func waitForConnections() {
        while connections.withLock({ $0 }) > 0 {
            var watched = pollfd(fd: ended.reading, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, Self.drainMilliseconds) > 0 else {
                log.warning("requests were still under way at the end")
                return
            }
            ended.consume()
        }
    }

    // MARK: One connection

    private func serve(_ connection: Connection) {
        do throws(ConnectionError) {
            try connection.greet()
            while connection.waitForRequest(orDrain: drain.reading) {
                guard try answer(connection) else { return }
            }
            connection.fail(Failure(.shuttingDown, "the backend stops"))
        } catch {
            if case .violation(let violation) = error {
                log.error("the gateway broke the protocol", metadata: ["error": "\(violation)"])
            }
        }
    }

    /// Answers one request, and says whether the connection can take another.
    private func answer(_ connection: Connection) throws(ConnectionError) -> Bool {
        let head = try connection.readHead()
        guard head.instance == instance else {
            connection.fail(Failure(.wrongInstance, "this is the instance \(instance)"))
            return false
        }
        let response: Response
        if let own = OperatorRequest.answer(head, dispatcher.store) {
            response = own
        } else {
            do throws(Refusal) {
                response = dispatcher.answer(try Request(head, body: connection))
            } catch {
                response = Response(error)
            }
        }
        do {
            try ResponseWriter(connection).send(response, isHead: head.method == "HEAD")
            try connection.skipBody()
            return true
        } catch let error as ConnectionError {
            throw error
        } catch {
            log.error(
                "an answer was cut off",
                metadata: ["request_id": "\(head.requestID)", "error": "\(error)"]
            )
            return false
        }
    }
}

/// A pipe that wakes whoever polls it.
private struct Pipe: Sendable {
    let reading: Int32
    private let writing: Int32

    init() throws(SupervisionError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw .system(call: "pipe", code: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        reading = ends[0]
        writing = ends[1]
    }

    func signal() {
        var byte: UInt8 = 1
        // A full pipe wakes as well as another byte would.
        _ = write(writing, &byte, 1)
    }

    func consume() {
        var byte: UInt8 = 0
        _ = read(reading, &byte, 1)
    }
}
