import Foundation
import Synchronization
import TestSupport

/// Clients of one instance, which write and read until they are told to stop: some keep their
/// connections, some make a new one for each request.
final class Callers: Sendable {
    /// What came of it.
    struct Tally: CustomStringConvertible {
        /// Requests that were answered as they should be.
        var answered = 0
        /// Requests that were sent once more, on a new connection, since the server had closed the
        /// one that was kept before any byte of an answer (RFC 9112 §9.3.1).
        var sentAgain = 0
        /// Requests that failed: what was asked, and what came.
        var failures: [String] = []
        /// Cards that are not as they were acknowledged.
        var lost: [String] = []
        /// The longest that an answer took.
        var slowest = Duration.zero

        var description: String {
            """
            \(answered) answered, \(failures.count) failed, \(lost.count) lost, \(sentAgain) sent \
            again, slowest \(slowest.formatted(.units(allowed: [.milliseconds])))
            """
        }
    }

    /// What cards may be.
    private struct Ledger {
        /// What was acknowledged last, and what was sent after it without an answer.
        var possible: [String: Set<String>] = [:]
        /// Those of which something was acknowledged.
        var acknowledged: Set<String> = []
    }

    private static let cardCount = 5

    private let instance: String
    private let network: NetworkNamespace
    private let tally = Mutex(Tally())
    private let ledger = Mutex(Ledger())

    private init(of instance: String, in network: NetworkNamespace) {
        self.instance = instance
        self.network = network
    }

    /// Has clients of two instances at work while the body runs; the crew counts what the first
    /// instance has answered. Afterwards every card is read and compared.
    static func calling(
        _ machine: Machine,
        _ instances: [String],
        _ body: (Crew) throws -> Void
    ) throws -> (Tally, Tally) {
        let all = instances.map { Callers(of: $0, in: machine.network) }
        try Crew.working { crew in
            for (index, callers) in all.enumerated() {
                // Of the first enough for many of the gateway's connections to be in use at once.
                for number in 0..<(index == 0 ? 16 : 2) {
                    let keeps = number.isMultiple(of: 2)
                    crew.start { [isCounted = index == 0] in
                        try callers.call(number, keeps: keeps, crew, isCounted: isCounted)
                    }
                }
            }
            try crew.wait(for: 20)
            try body(crew)
        }
        for callers in all { try callers.compare(machine) }
        return (all[0].tally.withLock { $0 }, all[1].tally.withLock { $0 })
    }

    private func call(_ number: Int, keeps: Bool, _ crew: Crew, isCounted: Bool) throws {
        var kept: HTTPConnection?
        var revision = 0
        while !crew.isStopped {
            revision += 1
            let name = "c\(number)-\(revision % Self.cardCount).vcf"
            let card = TestCard.text("\(name) \(revision)", uid: name)
            began(name, card)
            if let answer = send("PUT", name, card, keeps, &kept),
                [201, 204].contains(answer.status)
            {
                ledger.withLock { ledger in
                    ledger.possible[name] = [card]
                    ledger.acknowledged.insert(name)
                }
            }
            let possible = ledger.withLock { $0.possible[name] ?? [] }
            if let answer = send("GET", name, nil, keeps, &kept), answer.status == 200,
                !possible.contains(answer.text)
            {
                tally.withLock { $0.lost.append("\(name) while it was written: \(answer.text)") }
            }
            if isCounted { crew.countOne() }
        }
    }

    private func began(_ name: String, _ card: String) {
        _ = ledger.withLock { $0.possible[name, default: []].insert(card) }
    }

    /// Sends a request as a client does: one on a connection that was kept, and that the server has
    /// closed without a word, goes once more over a new one.
    private func send(
        _ method: String,
        _ name: String,
        _ card: String?,
        _ keeps: Bool,
        _ kept: inout HTTPConnection?
    ) -> HTTPAnswer? {
        let request = TestServer.head(
            method,
            TestServer.book + name,
            [:],
            card,
            TestServer.writer,
            Machine.host(of: instance)
        )
        let start = ContinuousClock.now
        defer { tally.withLock { $0.slowest = max($0.slowest, ContinuousClock.now - start) } }
        do {
            do {
                return try exchange(method, name, request, keeps, &kept)
            } catch HTTPTrouble.closed(let got) where got.isEmpty && kept != nil {
                kept = nil
                tally.withLock { $0.sentAgain += 1 }
                return try exchange(method, name, request, keeps, &kept)
            }
        } catch {
            kept = nil
            let time = ContinuousClock.now - start
            tally.withLock { $0.failures.append("\(method) \(name): \(error) after \(time)") }
            return nil
        }
    }

    private func exchange(
        _ method: String,
        _ name: String,
        _ request: [UInt8],
        _ keeps: Bool,
        _ kept: inout HTTPConnection?
    ) throws -> HTTPAnswer {
        let connection = try kept ?? HTTPConnection(port: Machine.port, over: network.socket())
        try connection.send(request)
        let answer = try connection.readAnswer()
        kept = keeps && answer["connection"] != "close" ? connection : nil
        tally.withLock { tally in
            if [200, 201, 204].contains(answer.status) {
                tally.answered += 1
            } else {
                tally.failures.append("\(method) \(name): \(answer.status) \(answer.text)")
            }
        }
        return answer
    }

    /// Reads every card of which something was acknowledged, and compares it with that.
    private func compare(_ machine: Machine) throws {
        let ledger = self.ledger.withLock { $0 }
        for name in ledger.acknowledged {
            let answer = try machine.request("GET", TestServer.book + name, to: instance)
            guard answer.status != 200 || ledger.possible[name]?.contains(answer.text) != true
            else {
                continue
            }
            tally.withLock { $0.lost.append("\(name) at the end: \(answer.status) \(answer.text)") }
        }
    }
}
