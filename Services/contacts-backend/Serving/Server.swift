import AddressBooks
import Framing
import Glibc
import Logging
import Supervision
import WebDAV

/// Accepts the gateway's connections and serves each on a thread of its own, one request at a time.
final class Server: Sendable {
    /// The most connections at once; the gateway keeps to fewer.
    private static let maximumConnections = 128
    /// How long requests may take to end once the service is to stop, in milliseconds.
    private static let drainMilliseconds: Int32 = 30_000

    let instance: String
    let dispatcher: Dispatcher
    let activity = Activity()
    let log: Logger
    /// Readable once the service is to end.
    let drain: WakePipe
    private let listener: Int32
    private let peers: Peers
    private let started = AddressBookStore.clock()
    /// Readable when a connection has ended.
    private let ended: WakePipe

    /// Prepares to serve: on a listening Unix socket, for processes of the given users only.
    init(
        listener: Int32,
        instance: String,
        peers: Peers,
        store: AddressBookStore,
        log: Logger
    ) throws(SupervisionError) {
        self.listener = listener
        self.instance = instance
        self.peers = peers
        self.log = log
        dispatcher = Dispatcher(store: store, log: log)
        drain = try WakePipe()
        ended = try WakePipe()
    }

    /// How the service is doing.
    var status: StatusReport {
        StatusReport(
            instance: instance,
            started: started,
            counts: activity.counts,
            idleTime: activity.idleTime,
            store: dispatcher.store.summary
        )
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
            acceptOne()
        }
        close(listener)
        waitForConnections()
    }

    /// Has ``run()`` take no more connections, and return when the requests under way are answered.
    func stop() { drain.signal() }

    private func acceptOne() {
        let descriptor = accept(listener, nil, nil)
        if descriptor >= 0 {
            take(descriptor)
        } else if errno == EMFILE || errno == ENFILE || errno == ENOMEM {
            // The connection stays in the socket's queue; a short wait spares the processor.
            log.error("no room for another connection", metadata: ["error": "\(errno)"])
            usleep(50_000)
        }
    }

    private func take(_ descriptor: Int32) {
        let connection = Connection(descriptor: descriptor)
        guard let isOperator = peers.isOperator(at: descriptor, log) else { return }
        let isRoom = activity.connected(limit: Self.maximumConnections)
        // The connection changes hands here: the accepting thread does not touch it again.
        nonisolated(unsafe) let handed = connection
        let isServed =
            isRoom
            && Thread.start { [self] in
                serve(handed, isOperator: isOperator)
                activity.disconnected()
                ended.signal()
            }
        if isServed { return }
        log.warning(
            "a connection was turned away",
            metadata: ["limit": "\(Self.maximumConnections)"]
        )
        if isRoom { activity.disconnected() }
    }

    private func waitForConnections() {
        while activity.counts.connections > 0 {
            var watched = pollfd(fd: ended.reading, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, Self.drainMilliseconds) > 0 else {
                log.warning("requests were still under way at the end")
                return
            }
            ended.consume()
        }
    }
}
