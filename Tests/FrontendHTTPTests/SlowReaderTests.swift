import Foundation
import Framing
import NIOCore
import TestSupport
import Testing

@testable import FrontendHTTP

/// Clients that take their answers slowly, once the backend has done with them.
@Suite(.timeLimit(.minutes(10)))
struct SlowReaderTests {
    /// Less than the gateway is let take before it waits for the client, and more than the system keeps:
    /// seven seconds for a client that takes some 150 KB of it a second.
    private static let body = String(repeating: "0123456789", count: 100_000)
    private static let settings = "[backends]\nbuffered = \"256M\"\n"
    /// Times in which the system has taken more for such a client, and that are looked at often.
    private static let times = GatewayTimes(
        stall: .seconds(2),
        idle: .seconds(2),
        head: .milliseconds(400),
        drain: .milliseconds(50)
    )

    private static let script: FakeBackend.Script = { peer, _ in
        peer.serve { _, _ in peer.answer(200, [], body) }
    }

    @Test(arguments: [[:], ["Connection": "close"]])
    func `an answer that is written is taken no slower than the settings say`(
        fields: [String: String]
    ) throws {
        try withGateway(
            times: Self.times,
            settings: "\(Self.settings)[limits]\nslowest = \"1M\"\n",
            backend: Self.script
        ) { gateway throws in
            let client = try RawClient(gateway, isNarrow: true)
            client.send(TestGateway.bytes("GET", "/dav/", fields))
            try eventually { !gateway.log.requests.isEmpty }
            var taken = 0
            try eventually {
                taken += client.take(4_096)
                return gateway.services.gate.connections == 0
            }

            #expect(taken < Self.body.utf8.count / 2)
        }
    }

    @Test(arguments: [[:], ["Connection": "close"]])
    func `who takes an answer fast enough gets all of it, however long that lasts`(
        fields: [String: String]
    ) throws {
        try withGateway(
            times: Self.times,
            settings: "\(Self.settings)[limits]\nslowest = \"1K\"\n",
            backend: Self.script
        ) { gateway throws in
            let client = try RawClient(gateway, isNarrow: true)
            client.send(TestGateway.bytes("GET", "/dav/", fields))
            var taken = 0
            try eventually {
                taken += client.take(4_096)
                return taken > Self.body.utf8.count || gateway.services.gate.connections == 0
            }
            taken += client.readToEnd()?.count ?? 0

            #expect(taken > Self.body.utf8.count)
        }
    }
}
