import Foundation
import Framing
import NIOCore
import Settings
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// Backends that are missing, hang up, stay silent or are busy.
@Suite(.timeLimit(.minutes(10)))
struct UnreachableTests {
    @Test func `RFC 9110 §15.6.4: a backend that is not there is answered for with 503`() throws {
        try withGateway(times: TestGateway.quickTimes) { gateway throws in
            let connection = try gateway.connect()
            for _ in 0..<2 {
                try connection.send(TestGateway.bytes("GET"))
                let answer = try connection.readAnswer()
                #expect(answer.status == 503)
                #expect(answer["retry-after"] == "2")
            }
        }
    }

    @Test func `a backend gets no more connections than its share, and answers all the same`()
        throws
    {
        let arrived = Signal()
        let go = Signal()
        let connections = Mutex(0)
        let script: FakeBackend.Script = { peer, _ in
            connections.withLock { $0 += 1 }
            peer.serve { _, _ in
                arrived.raise()
                go.wait()
                peer.answer(200)
            }
        }
        let limit = 8
        try withGateway(settings: "[backends]\nconnections = 8\n", backend: script) {
            gateway throws in
            let clients = try (0..<(limit + 8)).map { _ in try gateway.connect() }
            for client in clients { try client.send(TestGateway.bytes("GET")) }
            #expect(arrived.wait(limit))
            for _ in clients { go.raise() }

            #expect(try clients.map { try $0.readAnswer().status }.allSatisfy { $0 == 200 })
            #expect(connections.withLock { $0 } == limit)
        }
    }

    @Test func `a connection that dies makes room for another`() throws {
        let arrived = Signal()
        let go = Signal()
        let limit = 8
        let script: FakeBackend.Script = { peer, number in
            guard number < limit else { return peer.serve { _, _ in peer.answer(200) } }
            peer.greet()
            _ = peer.request()
            arrived.raise()
            go.wait()
        }
        try withGateway(settings: "[backends]\nconnections = 8\n", backend: script) {
            gateway throws in
            let clients = try (0..<limit).map { _ in try gateway.connect() }
            for client in clients { try client.send(TestGateway.bytes("MKCOL")) }
            #expect(arrived.wait(limit))
            let last = try gateway.connect()
            // The second is answered by the gateway itself, when the first is waiting already.
            try last.send(TestGateway.bytes("GET"))
            #expect(try gateway.request("GET", "/").status == 301)
            for _ in clients { go.raise() }

            #expect(try last.readAnswer().status == 200)
            #expect(try clients.map { try $0.readAnswer().status }.allSatisfy { $0 == 503 })
        }
    }

    @Test func `a backend that hangs up before it greets is not tried in a tight loop`() throws {
        let count = Mutex(0)
        let script: FakeBackend.Script = { _, number in count.withLock { $0 = number + 1 } }
        try withGateway(times: TestGateway.quickTimes, backend: script) { gateway throws in
            let answer = try gateway.request("GET")

            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "2")
            #expect(count.withLock { $0 } < 40)
        }
    }

    @Test func `a backend of another version is given up, and then tried afresh`() throws {
        let isMended = Mutex(false)
        let script: FakeBackend.Script = { peer, _ in
            if isMended.withLock({ $0 }) {
                peer.serve { _, _ in peer.answer(200) }
            } else {
                _ = peer.frame()
                peer.send(.hello, [0, 9, 0, 0, 0, 0, 0, 0, 0, 0])
            }
        }
        try withGateway(times: TestGateway.quickTimes, backend: script) { gateway throws in
            let refused = try gateway.request("GET")
            isMended.withLock { $0 = true }
            let answered = try gateway.request("GET")

            #expect(refused.status == 503)
            #expect(answered.status == 200)
        }
    }

    @Test func `a backend that is missing costs each request its patience, however many come`()
        throws
    {
        try withGateway(times: GatewayTimes(drain: .milliseconds(50), patience: .milliseconds(500)))
        { gateway throws in
            let first = try RawClient(gateway)
            let status = Mutex("")
            nonisolated(unsafe) let reader = first
            let answered = Signal()
            first.send(TestGateway.bytes("GET", "/dav/", ["Connection": "close"]))
            Foundation.Thread.detachNewThread {
                let answer = reader.readToEnd() ?? []
                status.withLock { $0 = String(decoding: answer.prefix(12), as: UTF8.self) }
                answered.raise()
            }
            var others: [RawClient] = []
            let started = ContinuousClock.now

            try eventually {
                let other = try RawClient(gateway)
                other.send(TestGateway.bytes("GET"))
                others.append(other)
                return !status.withLock { $0 }.isEmpty
                    || ContinuousClock.now - started > .seconds(4)
            }

            #expect(status.withLock { $0 } == "HTTP/1.1 503")
            others = []
            #expect(answered.wait())
        }
    }

    @Test func `a backend that comes back within the patience costs nobody an error`() throws {
        try withGateway { gateway throws in
            let client = try gateway.connect()
            try client.send(TestGateway.bytes("MKCOL"))
            let backend = try FakeBackend(path: gateway.backendPath) { peer, _ in
                peer.serve { _, _ in peer.answer(201) }
            }
            defer { backend.stop() }

            #expect(try client.readAnswer().status == 201)
        }
    }

    @Test func `a patience that is longer than a stall is had all the same`() throws {
        var times = TestGateway.quickTimes
        times.patience = .seconds(10)
        try withGateway(times: times) { gateway throws in
            let client = try gateway.connect()
            try client.send(TestGateway.bytes("MKCOL"))
            usleep(1_200_000)
            let backend = try FakeBackend(path: gateway.backendPath) { peer, _ in
                peer.serve { _, _ in peer.answer(201) }
            }
            defer { backend.stop() }

            #expect(try client.readAnswer().status == 201)
        }
    }

    @Test func `with no queue a connection is made for each request, as long as there may be one`()
        throws
    {
        let connected = Signal()
        let go = Signal()
        let script: FakeBackend.Script = { peer, _ in
            connected.raise()
            go.wait()
            peer.serve { _, _ in peer.answer(200) }
        }
        try withGateway(settings: "[backends]\nconnections = 3\nqueue = 0\n", backend: script) {
            gateway throws in
            let clients = try (0..<3).map { _ in
                let client = try gateway.connect()
                try client.send(TestGateway.bytes("GET"))
                #expect(connected.wait())
                return client
            }
            let refused = try gateway.request("GET")
            for _ in clients { go.raise() }

            #expect(refused.status == 503)
            #expect(try clients.map { try $0.readAnswer().status } == [200, 200, 200])
        }
    }

    @Test(arguments: [(0, 0), (1, 1), (4, 1), (5, 2), (1_024, 256)])
    func `event loops share a queue of which nothing is lost`(queue: Int, share: Int) throws {
        let settings = try GatewaySettings(
            bytes: Array("[backends]\nqueue = \(queue)\n".utf8),
            file: "gateway.toml"
        )

        #expect(BackendLimits(settings.backends, loops: 4).queue == share)
    }

    @Test func `a backend that accepts and stays silent is answered for with 503`() throws {
        let gone = Signal()
        let script: FakeBackend.Script = { peer, _ in
            _ = peer.frame()
            if peer.frame() == nil { gone.raise() }
        }
        try withGateway(times: TestGateway.quickTimes, backend: script) { gateway throws in
            #expect(try gateway.request("GET").status == 503)
            #expect(gone.wait())
        }
    }
}
