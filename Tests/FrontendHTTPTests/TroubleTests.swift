import Foundation
import Framing
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// Backends that stall or talk nonsense, and clients that leave, stop or do not read.
@Suite(.timeLimit(.minutes(10)))
struct TroubleTests {
    @Test func `an answer before the end of the body leaves no half a request on the connection`()
        throws
    {
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            while let head = peer.requestHead() {
                if head.method == "PUT" {
                    peer.answer(415)
                    while let (type, _) = peer.frame(), type == .body {}
                } else {
                    while let (type, _) = peer.frame(), type != .end {}
                    peer.answer(200, [], head.method)
                }
            }
        }
        try withGateway(backend: script) { gateway throws in
            let connection = try gateway.connect()
            let put = TestGateway.bytes("PUT", "/dav/a", body: "0123456789")
            try connection.send(put.dropLast(5))
            let refused = try connection.readAnswer()
            let others = try (0..<3).map { _ in try gateway.request("DELETE") }
            try connection.send(put.suffix(5) + TestGateway.bytes("MKCOL"))
            let next = try connection.readAnswer()

            #expect(refused.status == 415)
            #expect(others.map(\.status) == [200, 200, 200])
            #expect(next.text == "MKCOL")
        }
    }

    @Test func `a body that grows too long under an answer that has begun ends the connection`()
        throws
    {
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.requestHead() != nil else { return }
            peer.begin(207)
            peer.send(.body, Array("begun".utf8))
            while peer.frame() != nil {}
        }
        try withGateway(backend: script) { gateway throws in
            let client = try RawClient(gateway)
            client.send(TestGateway.bytes("REPORT", "/dav/", ["Transfer-Encoding": "chunked"]))
            client.send("1\r\nx\r\n".utf8)
            _ = client.read(until: "begun\r\n")
            let chunk = "100000\r\n" + String(repeating: "x", count: 1 << 20) + "\r\n"
            for _ in 0..<20 where client.send(chunk.utf8) {}

            #expect(client.readToEnd() != nil)
            #expect(try gateway.request("GET", "/").status == 301)
        }
    }

    @Test func `RFC 9110 §15.5.14: a body that is too long is refused with 413, read or not`()
        throws
    {
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            while peer.frame() != nil {}
        }
        try withGateway(backend: script) { gateway throws in
            let announced = try RawClient(gateway)
            announced.send(TestGateway.bytes("PUT", "/dav/a", ["Content-Length": "17000000"]))
            let atOnce = announced.read(until: "long\n")
            announced.send([UInt8](repeating: 0x20, count: 17_000_000))

            let chunked = try RawClient(gateway)
            chunked.send(TestGateway.bytes("PUT", "/dav/a", ["Transfer-Encoding": "chunked"]))
            let chunk = "100000\r\n" + String(repeating: "x", count: 1 << 20) + "\r\n"
            for _ in 0..<17 { chunked.send(chunk.utf8) }
            chunked.send("0\r\n\r\n".utf8)

            #expect(atOnce.hasPrefix("HTTP/1.1 413 "))
            #expect(announced.readToEnd() == [])
            #expect(chunked.read(until: "long\n").hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func `an answer reaches a slow client whole before the connection closes`() throws {
        // Less than the gateway takes before it waits for the client, and more than the system keeps.
        let body = String(repeating: "0123456789abcdef", count: 15 * 1024)
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { _, _ in peer.answer(200, [], body) }
        }
        try withGateway(backend: script) { gateway throws in
            let client = try RawClient(gateway, isNarrow: true)
            client.send(TestGateway.bytes("GET", "/dav/", ["Connection": "close"]))
            try eventually { !gateway.log.requests.isEmpty }
            let answer = try #require(client.readToEnd())

            #expect(answer.suffix(body.utf8.count).elementsEqual(body.utf8))
        }
    }

    @Test func `a client that does not read holds the backend up, not the gateway's memory`() throws
    {
        let written = Mutex(0)
        let done = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.request() != nil else { return }
            peer.setWritePatience(milliseconds: 500)
            peer.begin(200)
            let piece = [UInt8](repeating: 0x61, count: FramingLimits.maximumBodyFrameBytes)
            for _ in 0..<2_048 {
                guard peer.send(.body, piece) else { break }
                written.withLock { $0 += piece.count }
            }
            done.raise()
        }
        try withGateway(backend: script) { gateway throws in
            let client = try RawClient(gateway)
            client.send(TestGateway.bytes("GET"))

            #expect(done.wait())
            #expect(written.withLock { $0 } < 32 << 20)
        }
    }

    @Test func `a backend that does not read holds the client up, not the gateway's memory`() throws
    {
        let end = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            _ = peer.requestHead()
            end.wait()
        }
        try withGateway(backend: script) { gateway throws in
            defer { end.raise() }
            let client = try RawClient(gateway)
            client.send(TestGateway.bytes("PUT", "/dav/a", ["Content-Length": "16000000"]))
            client.setWritePatience(milliseconds: 500)
            let piece = [UInt8](repeating: 0x61, count: 64 * 1024)
            let taken = (0..<240).prefix { _ in client.send(piece) }.count * piece.count

            // What the system keeps for both sockets is within it.
            #expect(taken < 14_000_000)
        }
    }

    @Test func `a client that never reads its answer is left in the end`() throws {
        let gone = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.request() != nil else { return }
            peer.begin(200)
            let piece = [UInt8](repeating: 0x61, count: FramingLimits.maximumBodyFrameBytes)
            while peer.send(.body, piece) {}
            gone.raise()
        }
        try withGateway(times: TestGateway.quickTimes, backend: script) { gateway throws in
            let client = try RawClient(gateway)
            client.send(TestGateway.bytes("GET"))

            #expect(gone.wait())
        }
    }

    @Test func `RFC 9110 §15.5.9: a client that stops within its body is told 408`() throws {
        let gone = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            _ = peer.requestHead()
            while peer.frame() != nil {}
            gone.raise()
        }
        try withGateway(times: TestGateway.quickTimes, backend: script) { gateway throws in
            let client = try RawClient(gateway)
            client.send(TestGateway.bytes("PUT", "/dav/a", ["Content-Length": "10"]))
            client.send("half".utf8)
            let text = String(decoding: try #require(client.readToEnd()), as: UTF8.self)

            #expect(text.hasPrefix("HTTP/1.1 408 "))
            #expect(text.contains("connection: close\r\n"))
            #expect(gone.wait())
        }
    }

    @Test(arguments: ["", "GET /dav/ HTTP/1.1\r\nHost: loc"])
    func `a connection without a whole request ends without an answer`(part: String) throws {
        try withGateway(times: TestGateway.quickTimes) { gateway throws in
            let client = try RawClient(gateway)
            client.send(part.utf8)

            #expect(client.readToEnd() == [])
        }
    }

    @Test func `a client that leaves cancels its request at the backend`() throws {
        let begun = Signal()
        let gone = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.request() != nil else { return }
            begun.raise()
            if peer.frame() == nil { gone.raise() }
        }
        try withGateway(backend: script) { gateway throws in
            var client: RawClient? = try RawClient(gateway)
            client?.send(TestGateway.bytes("GET"))
            #expect(begun.wait())
            client = nil

            #expect(gone.wait())
            #expect(client == nil)
        }
    }

    @Test func `a request that its client left is logged too`() throws {
        let begun = Signal()
        let gone = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.request() != nil else { return }
            begun.raise()
            if peer.frame() == nil { gone.raise() }
        }
        try withGateway(backend: script) { gateway throws in
            var client: RawClient? = try RawClient(gateway)
            client?.send(TestGateway.bytes("GET"))
            #expect(begun.wait())
            client = nil
            #expect(gone.wait())
            try eventually { !gateway.log.requests.isEmpty }

            #expect(gateway.log.requests == ["GET /dav/ 0"])
            #expect(client == nil)
        }
    }

    // MARK: No answer

    @Test func `RFC 9110 §15.6.5: a backend that gives no answer in time is answered for with 504`()
        throws
    {
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            _ = peer.request()
            _ = peer.frame()
        }
        try withGateway(times: TestGateway.quickTimes, backend: script) { gateway throws in
            #expect(try gateway.request("GET").status == 504)
        }
    }

    @Test(arguments: [
        FrameHeader.frame(.responseHead, [0, 99, 0, 0, 0]),
        FrameHeader.frame(.responseHead, [0]), FrameHeader.frame(.end), FrameHeader.frame(.hello),
        FrameHeader.frame(.body, [1]), Array("HTTP/1.1 200 OK\r\n\r\n".utf8),
    ])
    func `RFC 9110 §15.6.3: a backend that talks nonsense is hung up on, and answered for with 502`(
        bytes: [UInt8]
    ) throws {
        let gone = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.request() != nil else { return }
            peer.write(bytes)
            if peer.frame() == nil { gone.raise() }
        }
        try withGateway(backend: script) { gateway throws in
            #expect(try gateway.request("GET").status == 502)
            #expect(gone.wait())
        }
    }

    @Test(arguments: [
        FrameHeader.frame(.responseHead, [0, 200, 0, 0, 0]), FrameHeader.frame(.hello),
        FrameHeader.frame(.body, Array("longer".utf8)), FrameHeader.frame(.end),
        [0, 0, 0, 0, 99, 0, 0, 0, 0, 0],
    ])
    func `nonsense within an answer ends both connections`(bytes: [UInt8]) throws {
        let gone = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.request() != nil else { return }
            peer.begin(200, [], bodyBytes: 8)
            peer.send(.body, Array("half".utf8))
            peer.write(bytes)
            if peer.frame() == nil { gone.raise() }
        }
        try withGateway(backend: script) { gateway throws in
            let client = try RawClient(gateway)
            client.send(TestGateway.bytes("GET"))
            let text = String(decoding: try #require(client.readToEnd()), as: UTF8.self)

            #expect(text.hasSuffix("\r\n\r\nhalf"))
            #expect(gone.wait())
        }
    }

    @Test func `an answer that breaks off breaks off for the client too`() throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            guard peer.request() != nil else { return }
            peer.begin(200, [], bodyBytes: 100)
            peer.send(.body, Array("half".utf8))
        }
        try withGateway(backend: script) { gateway throws in
            let client = try RawClient(gateway)
            client.send(TestGateway.bytes("GET"))
            let text = String(decoding: try #require(client.readToEnd()), as: UTF8.self)

            #expect(text.contains("content-length: 100\r\n"))
            #expect(text.hasSuffix("\r\n\r\nhalf"))
            try eventually { gateway.log.requests == ["GET /dav/ 200"] }
        }
    }
}
