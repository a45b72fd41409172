import Foundation
import TestSupport
import Testing

/// A gateway that is restarted under its clients, with its listening socket held for it.
@Suite(.serialized)
struct GatewayRestartTests {
    @Test func `a gateway that is restarted by SIGTERM drops no request`() throws {
        var random = SeededGenerator(of: "gateway restarts")
        let count = Effort.of(short: 10, long: 100)
        try withActivatedServer { system throws in
            let clients = (0..<8).map { number in
                RestlessClient(number: number, system.server, seed: random.next())
            }
            try Crew.working { crew throws in
                for client in clients { crew.start { try client.work(in: crew) } }
                for _ in 0..<count {
                    try crew.wait(for: crew.done + Int.random(in: 20...60, using: &random))
                    try eventually { system.gateway.pid > 0 }
                    usleep(UInt32.random(in: 0..<10_000, using: &random))
                    try system.gateway.restart(by: SIGTERM)
                }
                try crew.wait(for: crew.done + 50)
            }
            let report = clients.map(\.report).reduce(.init(), +)
            Effort.report(
                "gateway: \(count) restarts, \(report.answers) answers, slowest \(report.slowest), "
                    + "\(report.failures.count) failures, \(report.resent) resent"
            )

            #expect(report.failures == [])
            #expect(report.turnedAway == 0)
            // A request that crosses the end of its idle connection is the client's to send again:
            // it happens to few who pause for less than the moment that they are given.
            #expect(report.resent <= count)
            #expect(system.gateway.ends.allSatisfy { $0 == 0 })
            #expect(try system.backend().starts == 1)
        }
    }

    @Test
    func `RFC 9112 §9.6: a client between two requests is answered once more and told to leave`()
        throws
    {
        try withActivatedServer { system throws in
            let connection = try HTTPConnection(port: system.server.port)
            let request = TestServer.head(
                "OPTIONS",
                "/dav/",
                [:],
                nil,
                TestServer.writer,
                "localhost"
            )
            try connection.send(request)
            #expect(try connection.readAnswer()["connection"] == nil)
            system.gateway.signal(SIGTERM)
            usleep(50_000)
            try connection.send(request)
            let answer = try connection.readAnswer()

            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
            #expect(connection.isClosedByServer())
            #expect(try system.server.request("OPTIONS", "/dav/").status == 200)
            #expect(system.gateway.starts == 2)
        }
    }
}
