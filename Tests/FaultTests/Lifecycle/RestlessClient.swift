import Foundation
import Synchronization
import TestSupport

/// A client that reads and writes cards of its own all the time, on a connection that stays open,
/// and judges each answer.
final class RestlessClient: Sendable {
    /// How it went.
    struct Report {
        /// Answers, good ones and others.
        var answers = 0
        /// Answers that no healthy server gives, and ends of connections that HTTP does not allow
        /// for.
        var failures: [String] = []
        /// 503 with Retry-After to what a gateway must not send twice.
        var turnedAway = 0
        /// Requests that crossed the end of their connection (RFC 9112 §9.3.1), and were sent again.
        var resent = 0
        /// The longest time that an answer took.
        var slowest = Duration.zero

        /// Joins two.
        static func + (one: Report, other: Report) -> Report {
            Report(
                answers: one.answers + other.answers,
                failures: one.failures + other.failures,
                turnedAway: one.turnedAway + other.turnedAway,
                resent: one.resent + other.resent,
                slowest: max(one.slowest, other.slowest)
            )
        }
    }

    /// What a client asks for.
    private struct Asked {
        let method: String
        let name: String
        var fields: [String: String] = [:]
        var body: String?
        var expected: Set<Int>
        /// What the card is after it, where it is a write.
        var state: Ledger.State?

        /// Whether a gateway may send it a second time without harm, whatever became of the first, and
        /// keeps it for that.
        var isRepeatable: Bool {
            method != "DELETE" && method != "POST" && (body?.utf8.count ?? 0) <= 64 * 1024
        }
    }

    private struct State {
        var random: SeededGenerator
        var ledger = Ledger()
        var report = Report()
        var etags: [String: String] = [:]
        var writes = 0
    }

    /// What a photo adds to a card.
    private static let photo = "NOTE:" + String(repeating: "x", count: 200_000)
    private static let listing =
        #"<D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>"#

    private let number: Int
    private let host: String
    private let port: Int
    private let pause: UInt32
    private let state: Mutex<State>

    /// - Parameters:
    ///   - number: Tells its cards from those of others.
    ///   - server: Whom it asks.
    ///   - host: The host it asks for.
    ///   - pause: The most microseconds between two requests.
    ///   - seed: Of its randomness.
    init(
        number: Int,
        _ server: TestServer,
        host: String = "localhost",
        pause: UInt32 = 2_000,
        seed: UInt64
    ) {
        self.number = number
        self.host = host
        self.pause = pause
        port = server.port
        state = Mutex(State(random: SeededGenerator(seed: seed)))
    }

    /// What it knows of its cards.
    var ledger: Ledger { state.withLock { $0.ledger } }
    /// How it went so far.
    var report: Report { state.withLock { $0.report } }

    /// Goes on until the crew is stopped.
    func work(in crew: Crew) throws {
        var connection: HTTPConnection?
        while !crew.isStopped {
            ask(&connection)
            crew.countOne()
            usleep(state.withLock { UInt32.random(in: 0...pause, using: &$0.random) })
        }
    }

    /// One request, and what is to be said of its answer.
    func ask(_ connection: inout HTTPConnection?) {
        let asked = choose()
        let start = ContinuousClock.now
        var isReused = connection != nil
        while true {
            do {
                let current = try connection ?? HTTPConnection(port: port)
                connection = current
                let answer = try send(asked, on: current)
                if answer["connection"] == "close" { connection = nil }
                return judge(answer, to: asked, took: .now - start)
            } catch HTTPTrouble.closed(let bytes) where isReused && bytes.isEmpty {
                // Allowed on a connection that was idle; the request goes out once more.
                state.withLock { $0.report.resent += 1 }
                connection = nil
                isReused = false
            } catch {
                connection = nil
                return state.withLock { $0.report.failures.append("\(asked.method): \(error)") }
            }
        }
    }

    private func send(_ asked: Asked, on connection: HTTPConnection) throws -> HTTPAnswer {
        let path = StoreCheck.book + asked.name
        let head = TestServer.head(
            asked.method,
            path,
            asked.fields,
            asked.body,
            TestServer.writer,
            host
        )
        try connection.send(head)
        return try connection.readAnswer()
    }

    private func choose() -> Asked {
        state.withLock { state in
            state.writes += 1
            let revision = state.writes
            let name = "c\(number)-\(Int.random(in: 0..<4, using: &state.random)).vcf"
            let isThere = state.ledger.isPresent(name)
            // Too long to be sent twice.
            let photo = number % 4 == 0 ? [Self.photo] : []
            let card = TestCard.text("\(name) \(revision)", uid: name, photo)
            let put = Asked(
                method: "PUT",
                name: name,
                body: card,
                expected: [201, 204],
                state: Array(card.utf8)
            )
            var asked: Asked
            switch Int.random(in: 0..<8, using: &state.random) {
            case 0:
                return Asked(
                    method: "PROPFIND",
                    name: "",
                    fields: ["Depth": "1"],
                    body: Self.listing,
                    expected: [207]
                )
            case 1, 2: return Asked(method: "GET", name: name, expected: Self.read(isThere))
            case 3 where isThere == true:
                asked = Asked(method: "DELETE", name: name, expected: [204], state: .some(nil))
            case 4 where isThere == true:
                asked = put
                asked.fields["If-Match"] = state.etags[name]
                asked.expected = [204]
            default: asked = put
            }
            state.ledger.began(name, asked.state ?? nil)
            return asked
        }
    }

    private static func read(_ isThere: Bool?) -> Set<Int> {
        switch isThere {
        case true?: [200]
        case false?: [404]
        case nil: [200, 404]
        }
    }

    private func judge(_ answer: HTTPAnswer, to asked: Asked, took: Duration) {
        state.withLock { state in
            state.report.answers += 1
            state.report.slowest = max(state.report.slowest, took)
            if asked.expected.contains(answer.status) {
                state.etags[asked.name] = answer["etag"] ?? state.etags[asked.name]
                if let after = asked.state { state.ledger.settled(asked.name, after) }
                return
            }
            // Sent twice, and done the first time: the client is told that its condition is no more.
            if answer.status == 412, asked.fields["If-Match"] != nil {
                state.etags[asked.name] = nil
                return
            }
            let isTurnedAway = answer.status == 503 && answer["retry-after"] != nil
            if isTurnedAway, !asked.isRepeatable { return state.report.turnedAway += 1 }
            state.report.failures.append("\(asked.method) \(asked.name): \(answer.status)")
        }
    }
}
