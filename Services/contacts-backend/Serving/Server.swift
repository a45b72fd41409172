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

    /// Why a service ends.
    enum End: String {
        /// Somebody has called ``stop()``.
        case asked
        /// Nobody has asked for anything for long enough.
        case idle
    }

    let instance: String
    let dispatcher: Dispatcher
    let activity = Activity()
    let log: Logger
    /// Readable once the service is to end.
    let drain: WakePipe
    /// Has the accepting thread look at what is due.
    let nudge: WakePipe
    let statusChange = ChangeFlag()
    /// How long to wait for a request before the service ends; `nil` for ever.
    let idleExit: Mutex<Duration?>
    /// What was wrong with the settings when they were read last.
    let settingsProblem = Mutex<String?>(nil)
    private let listener: ListeningSocket
    private let peers: Peers
    private let started = AddressBookStore.clock()
    /// Readable when a connection has ended.
    private let ended: WakePipe

    /// Prepares to serve.
    ///
    /// - Parameters:
    ///   - listener: The socket; a service ends when idle only where somebody else holds it open.
    ///   - instance: The instance's name.
    ///   - peers: Who is heard.
    ///   - idleExit: How long to wait for a request before the service ends; `nil` for ever.
    ///   - store: The instance's books.
    ///   - log: Where requests and troubles are told.
    /// - Throws: ``SupervisionError`` where the system gives no pipe.
    init(
        listener: ListeningSocket,
        instance: String,
        peers: Peers,
        idleExit: Duration?,
        store: AddressBookStore,
        log: Logger
    ) throws(SupervisionError) {
        self.listener = listener
        self.instance = instance
        self.peers = peers
        self.log = log
        self.idleExit = Mutex(idleExit)
        dispatcher = Dispatcher(store: store, log: log)
        drain = try WakePipe()
        nudge = try WakePipe()
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

    /// Accepts connections until ``stop()``, or until nobody has asked for anything for long enough.
    ///
    /// The thread also tells the manager that the service gets on: one that is stuck in here does
    /// not.
    func accept() -> End {
        var upkeep = Upkeep(self)
        var watched = [listener.descriptor, drain.reading, nudge.reading].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        while true {
            let wait = upkeep.wait.map { Int32(clamping: $0.millisecondsRoundedUp) } ?? -1
            while poll(&watched, nfds_t(watched.count), wait) < 0, errno == EINTR {}
            if watched[1].revents != 0 { return .asked }
            if watched[2].revents != 0 { nudge.consume() }
            // A connection that waits is taken before anything is decided without it.
            if watched[0].revents != 0 {
                acceptOne()
            } else if isDueToEnd {
                return .idle
            }
            upkeep.perform()
        }
    }

    /// Takes no more connections, and waits until the requests under way are answered. The gateway is
    /// told on each connection that the service stops, and sends the next request elsewhere.
    func end() {
        drain.signal()
        close(listener.descriptor)
        while activity.counts.connections > 0 {
            var watched = pollfd(fd: ended.reading, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, Self.drainMilliseconds) > 0 else {
                log.warning("requests were still under way at the end")
                return
            }
            ended.consume()
        }
    }

    /// Has ``accept()`` return.
    func stop() { drain.signal() }

    // MARK: Idle exit

    /// How long the service waits for a request before it ends, where it may.
    var idleLimit: Duration? { listener.isInherited ? idleExit.withLock { $0 } : nil }

    /// Whether nobody has asked for anything for long enough, and no work is under way.
    private var isDueToEnd: Bool {
        guard let limit = idleLimit, activity.idleTime >= limit else { return false }
        return dispatcher.store.work.allSatisfy { $0.steps == nil }
    }

    // MARK: Connections

    private func acceptOne() {
        let descriptor = Glibc.accept(listener.descriptor, nil, nil)
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
}
