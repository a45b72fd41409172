import Foundation
import Framing
import NIOCore
import Settings
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// What one instance's backend does is no other instance's trouble.
@Suite(.timeLimit(.minutes(10)))
struct BulkheadTests {
    private static let two = ["default", "work"]
    private static let narrow = "[backends]\nconnections = 2\nqueue = 3\n"
    /// A backend that answers with a name.
    private static func named(_ name: String) -> FakeBackend.Script {
        { peer, _ in peer.serve { _, _ in peer.answer(200, [], name) } }
    }

    @Test func `while one instance's backend stands still, all of another's requests are answered`()
        throws
    {
        let arrived = Signal()
        let end = Signal()
        let stalls: FakeBackend.Script = { peer, _ in
            peer.greet()
            _ = peer.request()
            arrived.raise()
            end.wait()
        }
        try withGateway(settings: Self.narrow, instances: Self.two, backend: stalls) {
            gateway throws in
            defer { for _ in 0..<2 { end.raise() } }
            let work = try FakeBackend(path: gateway.backendPath(of: "work"), Self.named("work"))
            defer { work.stop() }
            let stuck = try (0..<5).map { _ in try gateway.connect() }
            for client in stuck { try client.send(TestGateway.bytes("GET")) }
            #expect(arrived.wait(2))

            // Its own line is full: whoever comes now is told so at once.
            let refused = try gateway.request("GET")
            #expect(refused.status == 503)
            #expect(refused["retry-after"] == "2")
            for _ in 0..<100 {
                #expect(try gateway.request("GET", host: "work.test").text == "work")
            }
            #expect(gateway.log.requests.filter { $0 == "GET /dav/ 200" }.count <= 100)
        }
    }

    @Test func `while one instance's backend floods, all of another's requests are answered`()
        throws
    {
        let flooding = Signal()
        let floods: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.request() != nil else { return }
            peer.begin(200)
            let piece = [UInt8](repeating: 0x61, count: FramingLimits.maximumBodyFrameBytes)
            for number in 0... {
                guard peer.send(.body, piece) else { return }
                if number == 16 { flooding.raise() }
            }
        }
        try withGateway(settings: Self.narrow, instances: Self.two, backend: floods) {
            gateway throws in
            let work = try FakeBackend(path: gateway.backendPath(of: "work"), Self.named("work"))
            defer { work.stop() }
            var reader: RawClient? = try RawClient(gateway)
            reader?.send(TestGateway.bytes("GET"))
            let idler = try RawClient(gateway)
            idler.send(TestGateway.bytes("GET"))
            #expect(flooding.wait(2))

            for _ in 0..<100 {
                #expect(try gateway.request("GET", host: "work.test").text == "work")
            }
            reader = nil
            #expect(reader == nil)
        }
    }

    @Test func `a request that has waited its time for a connection is answered for with 503`()
        throws
    {
        let arrived = Signal()
        let end = Signal()
        let stalls: FakeBackend.Script = { peer, _ in
            peer.greet()
            _ = peer.request()
            arrived.raise()
            end.wait()
            peer.answer(200, [], "late")
        }
        try withGateway(
            settings: "[backends]\nconnections = 1\nwait = \"100ms\"\n",
            backend: stalls
        ) { gateway throws in
            let first = try gateway.connect()
            try first.send(TestGateway.bytes("GET"))
            #expect(arrived.wait())
            let overdue = try gateway.request("GET")
            end.raise()

            #expect(overdue.status == 503)
            #expect(overdue["retry-after"] == "2")
            #expect(try first.readAnswer().text == "late")
            let told = gateway.log.fields(of: "no connection to a backend")
            #expect(told.map { $0["error"] } == ["overdue"])
        }
    }

    /// Times that are shorter than a wait for a connection.
    private static let shortTimes = GatewayTimes(
        stall: .milliseconds(800),
        head: .milliseconds(800),
        drain: .milliseconds(50)
    )
    /// A backend whose answer to `/dav/first` goes on for as many tenths of a second, and that takes
    /// half a second for any other.
    private static func busy(_ arrived: Signal, tenths: Int) -> FakeBackend.Script {
        { peer, _ in
            peer.serve { head, _ in
                guard head.target == "/dav/first" else {
                    usleep(500_000)
                    return peer.answer(200, [], head.target)
                }
                arrived.raise()
                peer.begin(200)
                for _ in 0..<tenths {
                    usleep(100_000)
                    peer.send(.body, [0x61])
                }
                peer.send(.end)
            }
        }
    }

    @Test func `to wait for a connection is not to stand still, and the time begins with it`()
        throws
    {
        let arrived = Signal()
        try withGateway(
            times: Self.shortTimes,
            settings: "[backends]\nconnections = 1\nwait = \"10s\"\n",
            backend: Self.busy(arrived, tenths: 14)
        ) { gateway throws in
            let first = try gateway.connect()
            try first.send(TestGateway.bytes("GET", "/dav/first"))
            #expect(arrived.wait())

            #expect(try gateway.request("GET", "/dav/second").text == "/dav/second")
            #expect(try first.readAnswer().status == 200)
        }
    }

    @Test func `a wait that is longer than a stall is told and counted, and the connection stays`()
        throws
    {
        let arrived = Signal()
        try withGateway(
            times: Self.shortTimes,
            settings: "[backends]\nconnections = 1\nwait = \"1500ms\"\n",
            backend: Self.busy(arrived, tenths: 25)
        ) { gateway throws in
            let first = try gateway.connect()
            try first.send(TestGateway.bytes("GET", "/dav/first"))
            #expect(arrived.wait())
            let overdue = try gateway.request("GET", "/dav/second")

            #expect(overdue.status == 503)
            #expect(overdue["connection"] == nil)
            let told = gateway.log.fields(of: "no connection to a backend")
            #expect(told.map { $0["error"] } == ["overdue"])
            #expect(try first.readAnswer().status == 200)
        }
    }

    @Test func `a client that leaves the line makes room in it`() throws {
        let arrived = Signal()
        let go = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                arrived.raise()
                go.wait()
                peer.answer(200, [], head.target)
            }
        }
        try withGateway(settings: "[backends]\nconnections = 1\nqueue = 1\n", backend: script) {
            gateway throws in
            let first = try gateway.connect()
            try first.send(TestGateway.bytes("GET", "/dav/first"))
            #expect(arrived.wait())
            var second: HTTPConnection? = try gateway.connect()
            try second?.send(TestGateway.bytes("GET", "/dav/second"))
            try eventually { try gateway.request("GET", "/dav/full").status == 503 }
            second = nil
            try eventually { gateway.log.requests.contains("GET /dav/second 0") }
            let third = try gateway.connect()
            try third.send(TestGateway.bytes("GET", "/dav/third"))
            go.raise()
            go.raise()

            #expect(try first.readAnswer().text == "/dav/first")
            #expect(try third.readAnswer().text == "/dav/third")
            #expect(second == nil)
        }
    }

    @Test func `a backend that was given up is tried once by each request, which waits no longer`()
        throws
    {
        let count = Mutex(0)
        let script: FakeBackend.Script = { _, number in count.withLock { $0 = number + 1 } }
        try withGateway(times: TestGateway.quickTimes, backend: script) { gateway throws in
            #expect(try gateway.request("GET").status == 503)
            let before = count.withLock { $0 }
            #expect(before > 1)
            for _ in 0..<5 { #expect(try gateway.request("GET").status == 503) }

            #expect(count.withLock { $0 } == before + 5)
        }
    }

    @Test func `bodies that wait for a backend are held up to their bound and refused beyond`()
        throws
    {
        let arrived = Signal()
        let end = Signal()
        let stalls: FakeBackend.Script = { peer, _ in
            peer.serve { _, _ in
                arrived.raise()
                end.wait()
                peer.answer(201)
            }
        }
        try withGateway(
            settings: "[backends]\nconnections = 1\nbuffered = \"1M\"\n",
            backend: stalls
        ) { gateway throws in
            let first = try gateway.connect()
            try first.send(TestGateway.bytes("PUT", "/dav/a", body: "x"))
            #expect(arrived.wait())
            let limits = BackendLimits(gateway.services.settings.backends, loops: 1)

            #expect(limits.queuedBytes == 1 << 20)
            #expect(limits.writeBuffer.high == 512 << 10)
            end.raise()
            #expect(try first.readAnswer().status == 201)
        }
    }

    @Test func `two instances whose backends die again and again never get each other's answers`()
        throws
    {
        let script: @Sendable (String) -> FakeBackend.Script = { name in
            { peer, number in
                peer.greet()
                for turn in 0... {
                    guard peer.request() != nil, turn < number % 4 else { return }
                    peer.answer(200, [], name)
                }
            }
        }
        try withGateway(instances: Self.two, backend: script("default")) { gateway throws in
            let work = try FakeBackend(path: gateway.backendPath(of: "work"), script("work"))
            defer { work.stop() }
            let connection = try gateway.connect()
            for number in 0..<200 {
                let (host, name) =
                    number % 3 == 0 ? ("work.test", "work") : ("localhost", "default")
                try connection.send(TestGateway.bytes("GET", host: host))
                let answer = try connection.readAnswer()
                #expect(answer.status == 503 || answer.text == name)
            }
        }
    }
}
