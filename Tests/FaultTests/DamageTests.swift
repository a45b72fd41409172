import Foundation
import TestSupport
import Testing

/// Files of the store that rot. Whatever happens, no bytes are served that are not those of their
/// ETag; and either all is as it was, or the log says that something is wrong.
@Suite(.serialized)
struct DamageTests {
    @Test(arguments: Damage.all)
    func `damage is never served as truth, and never passed over in silence`(
        damage: Damage
    ) throws {
        var random = SeededGenerator(of: "damage of \(damage.testDescription)")
        try withServer(endsSound: false) { server throws in
            let ledger = try Self.prepare(server, damage.target)
            let sound = server.store() + "-sound"
            try FileManager.default.moveItem(atPath: server.store(), toPath: sound)
            let files = try damage.target.files(in: sound)
            if files.isEmpty { Effort.report("no \(damage.target) in this store to damage") }

            for harm in damage.harms where !files.isEmpty {
                for _ in 0..<Effort.of(short: 2, long: 40) {
                    guard let file = files.randomElement(using: &random) else { continue }
                    try FileManager.default.copyItem(atPath: sound, toPath: server.store())
                    let shows = try harm.apply(to: "\(server.store())/\(file)", using: &random)

                    let outcome = try Self.outcome(server, ledger)

                    #expect(outcome.lies == [], "\(harm) \(file)")
                    #expect(
                        outcome.isIntact || outcome.isTold || !shows,
                        "\(harm) \(file): \(outcome.differences), and the log: \(outcome.log)"
                    )
                    try PlainFile.removeFolder(server.store())
                }
            }
        }
    }

    // MARK: A store, and what becomes of it

    /// Writes cards, stops, writes and deletes more, and kills: packs, a journal, whatever the store
    /// keeps.
    private static func prepare(_ server: TestServer, _ target: Damage.Target) throws -> Ledger {
        let writer = CardWriter(server)
        for number in 0..<6 { try writer.put("\(number).vcf", 0, bytes: 600) }
        server.stopBackend("default")
        if target == .pack || target == .packIndex,
            try target.files(in: server.store()).isEmpty
        {
            try Programs.run("/usr/bin/git", ["-C", server.store(), "repack", "-adq"])
        }
        try server.startBackend("default")
        for number in 3..<8 { try writer.put("\(number).vcf", 1, bytes: 600) }
        try writer.delete("0.vcf")
        server.stopBackend("default", SIGKILL)
        return writer.ledger
    }

    private struct Outcome {
        /// Cards that were served with bytes that are not those of their ETag, or never.
        var lies: [String] = []
        /// Cards that are not as they were.
        var differences: [String] = []
        var log = ""
        var isIntact: Bool { differences.isEmpty }

        /// Takes in what a card was served as.
        mutating func take(_ answer: HTTPAnswer, _ name: String, _ ledger: Ledger) {
            let problem = StoreCheck.problem(of: answer)
            if answer.status == 200, let problem { lies.append("\(name): \(problem)") }
            if answer.status == 503 { lies.append("\(name): the backend died") }
            let state: Ledger.State = answer.status == 200 ? answer.body : nil
            if problem != nil || !ledger.allows(name, state) {
                differences.append("\(name): status \(answer.status)")
            }
        }

        /// Whether the log has a line for which somebody should look.
        var isTold: Bool {
            log.split(separator: "\n").contains {
                $0.hasPrefix("error ") || $0.hasPrefix("warning ") || $0.hasPrefix("critical ")
            }
        }
    }

    private static func outcome(_ server: TestServer, _ ledger: Ledger) throws -> Outcome {
        var outcome = Outcome()
        do {
            try server.startBackend("default")
        } catch let failure as TestServer.Failure {
            outcome.differences.append("\(failure)")
            server.stopBackend("default", SIGKILL)
            outcome.log = try server.text(of: "backend-default.log")
            return outcome
        }
        for name in ledger.names {
            do {
                // Nothing that is on a disk may end the process or have it think for ever.
                let connection = try HTTPConnection(port: server.port, patienceSeconds: 4)
                outcome.take(try StoreCheck.get(StoreCheck.book + name, connection), name, ledger)
            } catch is HTTPTrouble {
                outcome.lies.append("\(name): the backend died or hangs")
                break
            }
        }
        server.stopBackend("default", SIGKILL)
        outcome.log = try server.text(of: "backend-default.log")
        return outcome
    }
}
