import Foundation
import TestSupport
import Testing

/// `kill -9` while sixteen clients write.
@Suite(.serialized)
struct KillTests {
    private static let clientCount = 16

    @Test func `a kill at any moment loses nothing acknowledged and halves nothing`() throws {
        var random = SeededGenerator(of: "kill")
        let rounds = Effort.of(short: 6, long: 200)
        let writesOfRound = Effort.of(short: 30, long: 50)
        try withServer { server throws in
            let clients = (0..<Self.clientCount).map { number in
                WritingClient(number: number, port: server.port, seed: random.next())
            }
            var slowest = Duration.zero
            var acknowledged = 0
            for round in 0..<rounds {
                let amount = Int.random(in: 1...(2 * writesOfRound), using: &random)
                let pause = UInt32.random(in: 0..<5_000, using: &random)
                acknowledged += try Crew.working { crew throws in
                    for client in clients { crew.start { try client.write(in: crew) } }
                    try crew.wait(for: amount)
                    usleep(pause)
                    server.stopBackend("default", SIGKILL)
                    crew.stop()
                    #expect(try StoreCheck.fsck(server) == [], "right after kill \(round)")
                    let opening = try ContinuousClock().measure {
                        try server.startBackend("default")
                    }
                    slowest = max(slowest, opening)
                    return crew
                }.done
                var ledger = Ledger()
                for client in clients { ledger.merge(client.ledger) }
                let finding = try StoreCheck.look(at: server, ledger)
                try #require(finding.problems == [], "after kill \(round)")
                for client in clients { client.learn(finding.cards) }
            }
            Effort.report(
                "kill: \(rounds) kills, \(acknowledged) writes acknowledged, slowest start \(slowest)"
            )
            #expect(slowest < .seconds(10))
            #expect(server.stopBackend("default") == 0)
            #expect(try StoreCheck.fsck(server) == [])
        }
    }

    @Test func `a kill in a burst of creations leaves a store that takes writes at once`() throws {
        var random = SeededGenerator(of: "kill in a burst")
        try withServer { server throws in
            for round in 0..<Effort.of(short: 2, long: 20) {
                try Crew.working { crew throws in
                    for number in 0..<Self.clientCount {
                        let client = WritingClient(
                            number: number,
                            port: server.port,
                            seed: random.next()
                        )
                        crew.start { try client.write(in: crew) }
                    }
                    try crew.wait(for: 20)
                    server.stopBackend("default", SIGKILL)
                    crew.stop()
                    try server.startBackend("default")
                }

                let put = try server.request(
                    "PUT",
                    "\(StoreCheck.book)after-\(round).vcf",
                    body: TestCard.text("After", uid: "after-\(round)")
                )

                #expect(put.status == 201)
            }
        }
    }

    @Test func `a lock of the branch that a kill left behind hinders no write`() throws {
        try withServer { server throws in
            server.stopBackend("default", SIGKILL)
            let lock = "\(server.store())/refs/heads/main.lock"
            try PlainFile.write([], to: lock)
            let hourAgo = Date(timeIntervalSinceNow: -3_600)
            try FileManager.default.setAttributes([.modificationDate: hourAgo], ofItemAtPath: lock)
            try server.startBackend("default")

            let put = try server.request(
                "PUT",
                "\(StoreCheck.book)a.vcf",
                body: TestCard.text("A", uid: "1")
            )

            #expect(put.status == 201)
            server.stopBackend("default")
            #expect(try server.git("default", "show", "main:default/a.vcf").status == 0)
        }
    }
}
