import Foundation
import TestSupport
import Testing

/// Backends that are restarted under a gateway and its clients, with their sockets held for them.
@Suite(.serialized)
struct BackendRestartTests {
    private static let instances = [
        (name: "default", host: "one.example.com"), (name: "work", host: "two.example.com"),
    ]

    /// Clients at work while a backend is restarted again and again, and those of another instance.
    private static func restarts(
        by signal: Int32,
        _ name: String,
        count: Int
    ) throws -> (mine: RestlessClient.Report, others: RestlessClient.Report, ends: [Int32]) {
        var random = SeededGenerator(of: name)
        return try withActivatedServer(instances: instances) { system throws in
            // Enough for many connections of each event loop to be in use when a backend ends.
            let mine = (0..<30).map { number in
                RestlessClient(
                    number: number,
                    system.server,
                    host: instances[0].host,
                    seed: random.next()
                )
            }
            let others = (30..<32).map { number in
                RestlessClient(
                    number: number,
                    system.server,
                    host: instances[1].host,
                    seed: random.next()
                )
            }
            let backend = try system.backend()
            try Crew.working { crew throws in
                for client in mine + others { crew.start { try client.work(in: crew) } }
                for _ in 0..<count {
                    // Not before the last restart is over and those who met it are served again: a
                    // gateway tries a few times, and not for ever.
                    let enough = answers(of: mine) + Int.random(in: 50...90, using: &random)
                    try eventually { answers(of: mine) >= enough }
                    try eventually { backend.pid > 0 }
                    usleep(UInt32.random(in: 0..<10_000, using: &random))
                    try backend.restart(by: signal)
                }
                let enough = answers(of: mine) + 50
                try eventually { answers(of: mine) >= enough }
            }
            let finding = try check(mine, system.server)
            #expect(finding == [])
            #expect(try system.backend("work").starts == 1)
            let reports = (
                mine.map(\.report).reduce(.init(), +), others.map(\.report).reduce(.init(), +)
            )
            Effort.report(
                "\(name): \(count) restarts, \(reports.0.answers) answers, slowest \(reports.0.slowest), "
                    + "\(reports.0.failures.count) failures, \(reports.0.turnedAway) turned away, "
                    + "\(reports.0.resent) resent; another instance: slowest \(reports.1.slowest)"
            )
            return (reports.0, reports.1, backend.ends)
        }
    }

    private static func answers(of clients: [RestlessClient]) -> Int {
        clients.reduce(0) { $0 + $1.report.answers }
    }

    private static func check(_ clients: [RestlessClient], _ server: TestServer) throws -> [String]
    {
        var problems: [String] = []
        for client in clients {
            for name in client.ledger.names {
                let answer = try server.request(
                    "GET",
                    StoreCheck.book + name,
                    host: instances[0].host
                )
                let state: Ledger.State = answer.status == 404 ? nil : answer.body
                if !client.ledger.allows(name, state) {
                    problems.append("\(name) is not as it was left")
                }
            }
        }
        return problems
    }

    @Test func `a backend that is restarted by SIGTERM fails no request of anybody`() throws {
        let result = try Self.restarts(
            by: SIGTERM,
            "restart by SIGTERM",
            count: Effort.of(short: 15, long: 100)
        )

        #expect(result.mine.failures == [])
        #expect(result.mine.turnedAway == 0)
        #expect(result.mine.resent == 0)
        #expect(result.others.failures == [])
        #expect(result.ends.allSatisfy { $0 == 0 })
    }

    @Test
    func
        `a backend that is killed loses nothing acknowledged, and fails only what may not be sent twice`()
        throws
    {
        let result = try Self.restarts(
            by: SIGKILL,
            "restart by SIGKILL",
            count: Effort.of(short: 15, long: 100)
        )

        #expect(result.mine.failures == [])
        #expect(result.mine.resent == 0)
        #expect(result.others.failures == [])
        #expect(result.others.turnedAway == 0)
    }
}
