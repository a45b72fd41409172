import Foundation
import TestSupport
import Testing

/// A time of day that jumps while a backend runs: history is ordered by commits, not by clocks.
@Suite(.serialized)
struct ClockTests {
    private static let day = 86_400

    @Test(arguments: [-day, -1, 365 * day])
    func `a clock that jumps stops no write and ends no sync token`(seconds: Int) throws {
        try withServer { server throws in
            let switches = try FaultSwitches(in: server)
            let variables = Recording.environment(of: server, switches: switches)
            server.stopBackend("default")
            try server.startBackend("default", environment: variables)
            let writer = CardWriter(server)
            try writer.put("a.vcf", 0)
            let before = try Self.sync(server, from: "").token

            switches.moveClock(seconds: seconds)
            let statuses = try [
                writer.put("b.vcf", 0), writer.put("a.vcf", 1), writer.delete("b.vcf"),
                writer.put("c.vcf", 0),
            ]
            let after = try Self.sync(server, from: before)
            server.stopBackend("default")
            try server.startBackend("default", environment: variables)
            let restarted = try Self.sync(server, from: before)
            let last = try Self.sync(server, from: after.token)
            server.stopBackend("default")
            let log = try server.git("default", "log", "--topo-order", "--format=%s").output
            let stamp = try server.git("default", "log", "-1", "--format=%ct").output
            let error = abs(time(nil) + seconds - (Int(stamp.dropLast()) ?? 0))

            #expect(statuses == [201, 204, 204, 201])
            #expect(after.names == ["a.vcf", "c.vcf"])
            #expect(restarted.names == after.names)
            #expect(restarted.token == after.token)
            #expect(last.names == [])
            // The clock did jump, or the test would prove nothing.
            #expect(seconds < 60 || error < 60)
            let times = try server.git("default", "log", "--topo-order", "--format=%ct").output
                .split(separator: "\n").compactMap { Int($0) }
            #expect(times == times.sorted(by: >), "history runs forward, whatever the clock does")
            #expect(
                log.split(separator: "\n").prefix(5) == [
                    "PUT default/c.vcf", "DELETE default/b.vcf", "PUT default/a.vcf",
                    "PUT default/b.vcf", "PUT default/a.vcf",
                ]
            )
        }
    }

    /// What a sync-collection report tells (RFC 6578 §3.2): the names that changed, and the token.
    static func sync(
        _ server: TestServer,
        from token: String
    ) throws -> (names: Set<String>, token: String) {
        let answer = try server.report(
            StoreCheck.book,
            """
            <D:sync-collection xmlns:D="DAV:"><D:sync-token>\(token)</D:sync-token>\
            <D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>
            """,
            ["Depth": "0"]
        )
        let multistatus = try Multistatus(answer)
        let names = multistatus.responses.filter { $0.status?.contains(" 404 ") != true }
            .map { String($0.href.dropFirst(StoreCheck.book.count)) }
        return (Set(names), multistatus.syncToken ?? "")
    }
}
