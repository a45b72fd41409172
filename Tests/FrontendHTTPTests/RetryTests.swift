import Foundation
import Framing
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// Connections that end under a request: what is sent once more, and what is not.
@Suite(.timeLimit(.minutes(10)))
struct RetryTests {
    /// Hangs up on the first request of the first connection; answers on any other.
    private static let hangsUpOnce: FakeBackend.Script = { peer, number in
        guard number > 0 else {
            peer.greet()
            _ = peer.request()
            return
        }
        peer.serve { head, body in
            peer.answer(200, [], "\(head.method) \(String(decoding: body, as: UTF8.self))")
        }
    }

    @Test(arguments: ["GET", "PROPFIND", "REPORT", "OPTIONS", "PUT"])
    func `what is safe or idempotent is sent once more, its body with it`(method: String) throws {
        try withGateway(backend: Self.hangsUpOnce) { gateway throws in
            let answer = try gateway.request(method, body: "body")

            #expect(answer.status == 200)
            #expect(answer.text == "\(method) body")
        }
    }

    @Test(arguments: ["DELETE", "MKCOL", "PROPPATCH", "MOVE"])
    func `what may have been done already is not sent again without a condition`(method: String)
        throws
    {
        try withGateway(backend: Self.hangsUpOnce) { gateway throws in
            #expect(try gateway.request(method).status == 503)
        }
        try withGateway(backend: Self.hangsUpOnce) { gateway throws in
            #expect(try gateway.request(method, "/dav/", ["If-Match": "\"a\""]).status == 200)
        }
        try withGateway(backend: Self.hangsUpOnce) { gateway throws in
            #expect(try gateway.request(method, "/dav/", ["If": "([\"a\"])"]).status == 200)
        }
    }

    @Test func `what a backend says it has not touched is sent once more, whatever it is`() throws {
        let script: FakeBackend.Script = { peer, number in
            guard number > 0 else {
                peer.greet()
                _ = peer.request()
                peer.send(.failure, Failure(.overloaded, "later").encode())
                return
            }
            peer.serve { _, _ in peer.answer(201) }
        }
        try withGateway(backend: script) { gateway throws in
            #expect(try gateway.request("MKCOL").status == 201)
        }
    }

    @Test(arguments: [Failure.Code.malformed, .wrongInstance, .internalFault])
    func `what a backend refuses for good is not sent again`(code: Failure.Code) throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            _ = peer.request()
            peer.send(.failure, Failure(code, "no").encode())
            _ = peer.frame()
        }
        try withGateway(backend: script) { gateway throws in
            #expect(try gateway.request("MKCOL").status == 503)
        }
    }

    @Test func `a request that never gets through is given up after a few attempts`() throws {
        let count = Mutex(0)
        let script: FakeBackend.Script = { peer, number in
            count.withLock { $0 = number + 1 }
            peer.greet()
            _ = peer.request()
        }
        try withGateway(backend: script) { gateway throws in
            #expect(try gateway.request("GET").status == 503)
            #expect(count.withLock { $0 } == RetryRule.maximumAttempts)
        }
    }

    @Test func `after a backend died, none of its idle connections is tried in turn`() throws {
        let arrived = Signal()
        let go = Signal()
        let dead = Signal()
        let script: FakeBackend.Script = { peer, number in
            guard number < 8 else { return peer.serve { _, _ in peer.answer(200, [], "fresh") } }
            peer.greet()
            _ = peer.request()
            arrived.raise()
            go.wait()
            peer.refuseMore()
            peer.answer(200, [], "old")
            dead.wait()
        }
        try withGateway(backend: script) { gateway throws in
            defer { for _ in 0..<8 { dead.raise() } }
            let clients = try (0..<8).map { _ in try gateway.connect() }
            for client in clients { try client.send(TestGateway.bytes("GET")) }
            #expect(arrived.wait(8))
            for _ in 0..<8 { go.raise() }
            for client in clients { #expect(try client.readAnswer().text == "old") }

            #expect(try gateway.request("GET").text == "fresh")
        }
    }

    @Test(arguments: [FrameType.goingAway, nil])
    func `a backend that ends meets a request on one connection, and not on each in turn`(
        last: FrameType?
    ) throws {
        let old = 6
        let arrived = Signal()
        let go = (0..<old).map { _ in Signal() }
        let waits = Signal()
        let start = Signal()
        let met = Mutex(0)
        let script: FakeBackend.Script = { peer, number in
            guard number < old else {
                waits.raise()
                start.wait()
                start.raise()
                return peer.serve { _, _ in peer.answer(201, [], "late") }
            }
            peer.greet()
            _ = peer.request()
            arrived.raise()
            go[number].wait()
            peer.answer(200, [], "old")
            guard let last else { return }
            peer.send(last)
            guard peer.request() != nil else { return }
            met.withLock { $0 += 1 }
            peer.answer(201, [], "late")
        }
        try withGateway(backend: script) { gateway throws in
            defer { start.raise() }
            let clients = try (0..<old).map { _ in try gateway.connect() }
            for client in clients {
                try client.send(TestGateway.bytes("GET"))
                #expect(arrived.wait())
            }
            let late = try gateway.connect()
            try late.send(TestGateway.bytes("MKCOL"))
            // It waits for a connection, and gets one of the old ones first.
            #expect(waits.wait())
            for (signal, client) in zip(go, clients) {
                signal.raise()
                #expect(try client.readAnswer().text == "old")
            }
            start.raise()

            #expect(try late.readAnswer().text == "late")
            #expect(met.withLock { $0 } <= 1)
        }
    }

    @Test(arguments: ["PUT", "POST", "DELETE"])
    func `what crosses the word of a backend that stops is answered, whatever it is`(
        method: String
    ) throws {
        // Longer than what is kept to be sent again.
        let length = 4 * RetryRule.maximumKeptBytes
        let script: FakeBackend.Script = { peer, number in
            guard number == 0 else { return peer.serve { _, _ in peer.answer(201, [], "other") } }
            peer.greet()
            guard peer.requestHead() != nil else { return }
            peer.send(.goingAway)
            var received = 0
            while let (type, payload) = peer.frame(), type == .body { received += payload.count }
            peer.answer(201, [], "\(received)")
            // The gateway closes.
            while peer.frame() != nil {}
        }
        try withGateway(backend: script) { gateway throws in
            let body = String(repeating: "x", count: length)

            #expect(try gateway.request(method, body: body).text == "\(length)")
            #expect(try gateway.request(method, body: body).text == "other")
        }
    }

    @Test func `a connection on which a backend said that it stops is closed`() throws {
        let isClosed = Signal()
        let script: FakeBackend.Script = { peer, number in
            guard number == 0 else { return peer.serve { _, _ in peer.answer(201, [], "other") } }
            peer.greet()
            _ = peer.request()
            peer.answer(201, [], "one")
            peer.send(.goingAway)
            if peer.frame() == nil { isClosed.raise() }
        }
        try withGateway(backend: script) { gateway throws in
            #expect(try gateway.request("POST").text == "one")
            #expect(isClosed.wait())
            #expect(try gateway.request("POST").text == "other")
        }
    }

    @Test(arguments: ["MKCOL", "POST", "DELETE"])
    func `what never left for a dead connection is sent over another, whatever it is`(
        method: String
    ) throws {
        let idle = Signal()
        let end = Signal()
        let script: FakeBackend.Script = { peer, number in
            guard number == 0 else { return peer.serve { _, _ in peer.answer(201, [], "fresh") } }
            peer.greet()
            _ = peer.request()
            peer.refuseMore()
            peer.answer(200)
            idle.raise()
            end.wait()
        }
        try withGateway(backend: script) { gateway throws in
            defer { end.raise() }
            #expect(try gateway.request("GET").status == 200)
            #expect(idle.wait())

            #expect(try gateway.request(method).text == "fresh")
        }
    }

    @Test func `RFC 9110 §9.2.2: a POST that may have been done is never sent again`() throws {
        try withGateway(backend: Self.hangsUpOnce) { gateway throws in
            #expect(try gateway.request("POST", "/dav/", ["If-Match": "\"a\""]).status == 503)
        }
    }

    @Test func `a body too long to be kept is not sent again`() throws {
        let script: FakeBackend.Script = { peer, number in
            peer.greet()
            _ = peer.request()
            if number > 0 { peer.answer(201) }
        }
        try withGateway(backend: script) { gateway throws in
            let body = String(repeating: "x", count: RetryRule.maximumKeptBytes + 1)

            #expect(try gateway.request("PUT", body: body).status == 503)
            #expect(try gateway.request("PUT", body: String(body.dropLast())).status == 201)
        }
    }

    @Test func `a backend that restarts under a request costs its client nothing`() throws {
        let begun = Signal()
        let die = Signal()
        try withGateway { gateway throws in
            let first = try FakeBackend(path: gateway.backendPath) { peer, _ in
                peer.greet()
                _ = peer.request()
                begun.raise()
                die.wait()
            }
            let client = try gateway.connect()
            try client.send(TestGateway.bytes("REPORT", body: "query"))
            #expect(begun.wait())
            first.stop()
            try FileManager.default.removeItem(atPath: gateway.backendPath)
            die.raise()
            let second = try FakeBackend(path: gateway.backendPath) { peer, _ in
                peer.serve { _, body in
                    peer.answer(207, [], String(decoding: body, as: UTF8.self))
                }
            }
            defer { second.stop() }
            let answer = try client.readAnswer()

            #expect(answer.status == 207)
            #expect(answer.text == "query")
        }
    }

    @Test func `an upload whose connection fails under it goes on over another`() throws {
        let half = Signal()
        let refused = Signal()
        let end = Signal()
        let script: FakeBackend.Script = { peer, number in
            guard number == 0 else {
                return peer.serve { _, body in peer.answer(201, [], "\(body.count)") }
            }
            peer.greet()
            _ = peer.requestHead()
            _ = peer.frame()
            half.raise()
            peer.refuseMore()
            refused.raise()
            end.wait()
        }
        try withGateway(backend: script) { gateway throws in
            defer { end.raise() }
            let connection = try gateway.connect()
            let put = TestGateway.bytes(
                "PUT",
                "/dav/a",
                body: String(repeating: "x", count: 30_000)
            )
            try connection.send(put.dropLast(20_000))
            #expect(half.wait())
            #expect(refused.wait())
            try connection.send(put.suffix(20_000).dropLast(10_000))
            // Sent apart, so that the gateway has to read again after the failure.
            _ = try gateway.request("GET", "/")
            try connection.send(put.suffix(10_000))

            #expect(try connection.readAnswer().text == "30000")
        }
    }
}
