import Foundation
import Framing
import NIOCore
import TestSupport
import Testing

@testable import FrontendHTTP

/// The end of the gateway: what is under way is answered, and nothing else.
@Suite(.timeLimit(.minutes(10)))
struct DrainTests {
    /// Drains on a thread of its own, since it waits; the signal is raised when it is done.
    private static func drain(_ gateway: TestGateway) -> Signal {
        let done = Signal()
        nonisolated(unsafe) let gateway = gateway
        Foundation.Thread.detachNewThread {
            gateway.drain()
            done.raise()
        }
        return done
    }

    @Test func `the request under way is answered, and told that the connection ends`() throws {
        let begun = Signal()
        let go = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { _, _ in
                begun.raise()
                go.wait()
                peer.answer(200, [], "last")
            }
        }
        try withGateway(times: GatewayTimes(), backend: script) { gateway throws in
            let idle = try gateway.connect()
            try idle.send(TestGateway.bytes("GET", "/"))
            #expect(try idle.readAnswer().status == 301)
            let busy = try gateway.connect()
            try busy.send(TestGateway.bytes("GET"))
            #expect(begun.wait())
            let done = Self.drain(gateway)
            // The end of the idle connection says that the end of the other is being waited for.
            #expect(idle.isClosedByServer())
            go.raise()
            let answer = try busy.readAnswer()

            #expect(answer.text == "last")
            #expect(answer["connection"] == "close")
            #expect(busy.isClosedByServer())
            #expect(done.wait())
        }
    }

    @Test func `a request that takes too long is left`() throws {
        let begun = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            _ = peer.request()
            begun.raise()
            _ = peer.frame()
        }
        try withGateway(backend: script) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(TestGateway.bytes("GET"))
            #expect(begun.wait())

            #expect(Self.drain(gateway).wait())
        }
    }
}
