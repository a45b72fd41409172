import Foundation
import Synchronization
import TestSupport

/// A client that creates, changes and deletes cards of its own at random, and remembers what it was
/// told about each.
final class WritingClient: Sendable {
    /// The cards that one client has.
    static let cardCount = 6

    private struct State {
        var random: SeededGenerator
        var ledger = Ledger()
        var writes = 0
    }

    private let number: Int
    private let port: Int
    private let state: Mutex<State>

    init(number: Int, port: Int, seed: UInt64) {
        self.number = number
        self.port = port
        state = Mutex(State(random: SeededGenerator(seed: seed)))
    }

    /// What it knows.
    var ledger: Ledger { state.withLock { $0.ledger } }

    /// Takes what was found to be so for the truth.
    func learn(_ found: [String: Ledger.State]) {
        state.withLock { state in
            for (name, card) in found where name.hasPrefix("c\(number)-") {
                state.ledger.settled(name, card)
            }
        }
    }

    /// Writes until it is told to stop; counts what was acknowledged.
    func write(in crew: Crew) throws {
        var connection: HTTPConnection?
        while !crew.isStopped {
            do {
                let current = try connection ?? HTTPConnection(port: port)
                connection = current
                if try write(on: current) { crew.countOne() }
            } catch is HTTPTrouble {
                connection = nil
                usleep(2_000)
            }
        }
    }

    /// One write; says whether it was acknowledged.
    private func write(on connection: HTTPConnection) throws -> Bool {
        let (name, card, before) = state.withLock { state in
            let name = "c\(number)-\(Int.random(in: 0..<Self.cardCount, using: &state.random)).vcf"
            state.writes += 1
            let isDelete =
                state.ledger.isPresent(name) != false
                && Int.random(in: 0..<5, using: &state.random) == 0
            let card = isDelete ? nil : Self.card(name, state.writes, &state.random)
            let before = state.ledger.cards[name]
            state.ledger.began(name, card.map { Array($0.utf8) })
            return (name, card, before)
        }
        let method = card == nil ? "DELETE" : "PUT"
        try connection.send(
            TestServer.head(
                method,
                StoreCheck.book + name,
                [:],
                card,
                TestServer.writer,
                "localhost"
            )
        )
        let answer = try connection.readAnswer()
        return state.withLock { state in
            switch answer.status {
            case 200..<300:
                state.ledger.settled(name, card.map { Array($0.utf8) })
                return true
            case 404 where card == nil:
                state.ledger.settled(name, nil)
                return false
            case 400..<500, 507:
                // An answer that says that nothing was changed.
                state.ledger.refused(name, before: before)
                return false
            default: return false
            }
        }
    }

    /// A card of a size that is now small, now large.
    static func card(_ name: String, _ revision: Int, _ random: inout SeededGenerator) -> String {
        let scale =
            [100, 100, 100, 100, 1_000, 1_000, 1_000, 20_000].randomElement(using: &random) ?? 100
        let words = (0..<Int.random(in: 1...(scale / 8), using: &random)).map { _ in
            String(UInt32.random(in: 0 ... .max, using: &random), radix: 36)
        }
        let note = words.joined(separator: " ")
        return TestCard.text("\(name) \(revision)", uid: name, "NOTE:\(note)")
    }
}
