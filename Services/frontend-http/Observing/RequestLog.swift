import Glibc
import Logging
import NIOPosix
import Settings
import Supervision
import Synchronization

/// One line for each request, written by a thread of its own: a log that takes lines slowly holds no
/// request up. Lines that come together are written together.
final class RequestLog: Sendable {
    /// Writes records, all of them at once.
    typealias Sink = @Sendable (_ records: [RequestRecord], _ level: Logger.Level) -> Void

    /// How many records wait to be written; what comes on top is lost, and counted.
    static let maximumWaiting = 16_384
    /// How long lines wait for others, in microseconds: waking the thread for each would cost more
    /// than writing it.
    private static let gathering: UInt32 = 10_000

    private struct State {
        var records: [RequestRecord] = []
        var level = Logger.Level.info
        var isWriting = false
        var lost = 0
        var untoldLost = 0
    }

    private let state = Mutex(State())
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let log: Logger
    private let sink: Sink

    /// How many records were lost since the start.
    var lostLines: Int { state.withLock { $0.lost } }

    /// - Parameters:
    ///   - log: Says which levels are shown, and is told of losses.
    ///   - sink: Writes records; through the logger, where none is given.
    init(log: Logger, sink: Sink? = nil) {
        self.log = log
        self.sink =
            sink ?? { records, level in
                for record in records {
                    let metadata = record.fields.map {
                        ($0.name, Logger.MetadataValue.string($0.value))
                    }
                    log.log(
                        level: level,
                        "request",
                        metadata: Logger.Metadata(uniqueKeysWithValues: metadata)
                    )
                }
            }
        pool.start()
    }

    /// The sink of the service: the journal or standard error, without a detour.
    static func serviceSink(_ service: String) -> Sink {
        { records, level in
            ServiceLog.writeLines("request", level, service: service, records.map(\.fields))
        }
    }

    /// Notes a request that has come to its end.
    func record(_ request: ForwardedRequest, microseconds: Int, at level: RequestLogSettings.Level)
    {
        guard let level = shown(level) else { return }
        add(RequestRecord(request, microseconds: microseconds), at: level)
    }

    /// Notes what could not be read as a request: as many lines as requests have, and no more.
    func record(_ unread: UnreadRequest, at level: RequestLogSettings.Level) {
        guard let level = shown(level) else { return }
        add(RequestRecord(unread), at: level)
    }

    /// The level of a line that is shown.
    private func shown(_ level: RequestLogSettings.Level) -> Logger.Level? {
        Logger.Level(rawValue: level.rawValue).flatMap { $0 >= log.logLevel ? $0 : nil }
    }

    private func add(_ record: RequestRecord, at level: Logger.Level) {
        let mustWake = state.withLock { state in
            guard state.records.count < Self.maximumWaiting else {
                state.lost += 1
                state.untoldLost += 1
                return false
            }
            state.records.append(record)
            state.level = level
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustWake { pool.submit { [self] _ in write() } }
    }

    /// Writes what is left and ends the thread; what is noted from now on is not written.
    func stop() throws { try pool.syncShutdownGracefully() }

    private func write() {
        while true {
            usleep(Self.gathering)
            let (records, level, lost) = state.withLock { state in
                defer {
                    state.records = []
                    state.untoldLost = 0
                }
                if state.records.isEmpty { state.isWriting = false }
                return (state.records, state.level, state.untoldLost)
            }
            guard !records.isEmpty else { return }
            sink(records, level)
            if lost > 0 {
                log.warning(
                    "the log is too slow, lines of requests were left out",
                    metadata: ["lines": "\(lost)"]
                )
            }
        }
    }
}
