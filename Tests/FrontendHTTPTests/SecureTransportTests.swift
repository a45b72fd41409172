import Foundation
import Framing
import NIOCore
import NIOHPACK
import TestSupport
import Testing

@testable import FrontendHTTP

/// TLS and HTTP/2, as a client that speaks the bytes sees them.
@Suite(.timeLimit(.minutes(10)))
struct SecureTransportTests {
    private static let echo: FakeBackend.Script = { peer, _ in
        peer.serve { head, body in
            peer.answer(
                200,
                [],
                "\(head.method) \(head.scheme) \(head.authority) \(body.count)"
            )
        }
    }

    /// A gateway with a certificate.
    private func withSecureGateway(
        times: GatewayTimes = TestGateway.times,
        settings: String = "",
        backend: @escaping FakeBackend.Script = echo,
        _ body: (TestGateway) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-tls-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try TestCertificate.make(["localhost", "*.example.com"], in: folder)
        let certificate = """
            [[certificate]]
            chain = "\(folder.path)/server.pem"
            key = "\(folder.path)/server.key"

            """
        try withGateway(
            times: times,
            settings: settings + certificate,
            isSecure: true,
            backend: backend,
            body
        )
        try FileManager.default.removeItem(at: folder)
    }

    private static let authorization =
        "Basic \(Data("alice:secret".utf8).base64EncodedString())"

    private static func fields(
        _ method: String = "GET",
        authority: String? = "localhost",
        also others: [(String, String)] = []
    ) -> [(String, String)] {
        let pseudo = [(":method", method), (":scheme", "https"), (":path", "/dav/")]
        return pseudo + (authority.map { [(":authority", $0)] } ?? [])
            + [("authorization", authorization)] + others
    }

    private static func open(_ gateway: TestGateway) throws -> SecureClient {
        let client = try SecureClient(port: gateway.port, protocols: ["h2"])
        try #require(client.agreed == "h2")
        client.send(Frames.preface)
        return client
    }

    /// Whether a stream has got its END_STREAM.
    private static func isAnswered(_ client: SecureClient, _ stream: UInt32) -> Bool {
        Frames.read(client.bytes).contains {
            $0.stream == stream && $0.type < 2 && $0.flags & 1 == 1
        }
    }

    /// The body that came on a stream.
    private static func body(_ client: SecureClient, _ stream: UInt32) -> String {
        let data = Frames.read(client.bytes).filter { $0.stream == stream && $0.type == 0 }
        return String(decoding: data.flatMap(\.payload), as: UTF8.self)
    }

    @Test(arguments: [
        (["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1"), ([], ""), (["x"], ""),
    ])
    func `RFC 7301 §3.2: HTTP/2 is spoken where the client can`(
        offered: [String],
        agreed: String
    ) throws {
        try withSecureGateway { gateway throws in
            let client = try SecureClient(port: gateway.port, protocols: offered)
            #expect(client.agreed == agreed)
        }
    }

    @Test func `a handshake that does not go on ends`() throws {
        try withSecureGateway(times: TestGateway.quickTimes) { gateway throws in
            let silent = try RawClient(gateway)
            let half = try RawClient(gateway)
            half.send([0x16, 3, 1, 2, 0, 1, 0, 1])

            #expect(silent.readToEnd() == [])
            #expect(half.readToEnd() == [])
        }
    }

    @Test func `who speaks no TLS is closed, and others are served`() throws {
        try withSecureGateway { gateway throws in
            let plain = try RawClient(gateway)
            plain.send(TestGateway.bytes("GET"))
            #expect(plain.readToEnd() != nil)

            let client = try SecureClient(port: gateway.port)
            client.send(TestGateway.bytes("GET"))
            #expect(try client.wait(for: "GET https localhost 0").hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `RFC 6066 §3: an unknown host is shown the first certificate, or turned away`()
        throws
    {
        try withSecureGateway { gateway throws in
            #expect(try SecureClient(port: gateway.port, host: "other.test").agreed != nil)
        }
        try withSecureGateway(settings: "[tls]\nunknown_host = \"refuse\"\n") { gateway throws in
            #expect(try SecureClient(port: gateway.port, host: "other.test").agreed == nil)
            #expect(try SecureClient(port: gateway.port, host: "a.example.com").agreed != nil)
            #expect(try SecureClient(port: gateway.port, host: "LOCALHOST").agreed != nil)
            #expect(try SecureClient(port: gateway.port, host: nil).agreed != nil)
        }
    }

    @Test func `the PROXY protocol goes before TLS`() throws {
        let settings = "[proxy]\ntrusted = [\"127.0.0.1\"]\nprotocol = true\n"
        try withSecureGateway(settings: settings) { gateway throws in
            let client = try SecureClient(
                port: gateway.port,
                preamble: Array("PROXY TCP4 192.0.2.7 198.51.100.1 1 443\r\n".utf8)
            )
            client.send(TestGateway.bytes("GET"))
            #expect(try client.wait(for: "GET https localhost 0").hasPrefix("HTTP/1.1 200 "))
        }
    }

    // MARK: HTTP/2

    @Test func `credentials over HTTP/2 are taken from afar, and failures counted there`() throws {
        let settings = "[proxy]\ntrusted = [\"127.0.0.1\"]\nprotocol = true\n"
        try withSecureGateway(settings: settings) { gateway throws in
            func open(_ address: String) throws -> SecureClient {
                let client = try SecureClient(
                    port: gateway.port,
                    protocols: ["h2"],
                    preamble: Array("PROXY TCP4 \(address) 198.51.100.1 1 443\r\n".utf8)
                )
                try #require(client.agreed == "h2")
                client.send(Frames.preface)
                return client
            }
            let guessing = try open("192.0.2.7")
            for number in 0..<6 {
                let wrong = "Basic \(Data("alice:wrong \(number)".utf8).base64EncodedString())"
                let fields = Self.fields().dropLast() + [("authorization", wrong)]
                let stream = UInt32(1 + 2 * number)
                guessing.send(Frames.headers(Array(fields), stream: stream))
                try eventually { Self.isAnswered(guessing, stream) }
            }
            let right = try open("192.0.2.8")
            right.send(Frames.headers(Self.fields()))
            try eventually { Self.isAnswered(right, 1) }

            let refusals = [9, 11].map { Self.body(guessing, $0).split(separator: "\n").first }
            #expect(
                refusals == ["log in with a user name and a password", "too many failed logins"]
            )
            #expect(Self.body(right, 1) == "GET https localhost 0")
            let failures = gateway.log.messages.filter { $0.hasPrefix("authentication failed") }
            #expect(failures == Array(repeating: "authentication failed from 192.0.2.7", count: 5))
        }
    }

    @Test func `RFC 9113 §8.3.1: the authority is named once, or twice the same`() throws {
        try withSecureGateway { gateway throws in
            let client = try Self.open(gateway)
            client.send(Frames.headers(Self.fields(authority: "a.example"), stream: 1))
            client.send(Frames.headers(Self.fields(also: [("host", "LOCALHOST")]), stream: 3))
            client.send(
                Frames.headers(
                    Self.fields(authority: nil, also: [("host", "b.example")]),
                    stream: 5
                )
            )
            client.send(Frames.headers(Self.fields(also: [("host", "b.example")]), stream: 7))
            client.send(Frames.headers(Self.fields(authority: nil), stream: 9))
            try eventually { [1, 3, 5, 7, 9].allSatisfy { Self.isAnswered(client, $0) } }

            #expect(Self.body(client, 1) == "GET https a.example 0")
            #expect(Self.body(client, 3) == "GET https localhost 0")
            #expect(Self.body(client, 5) == "GET https b.example 0")
            for stream in [7, 9] as [UInt32] {
                #expect(Self.body(client, stream).hasPrefix("a request names one host"))
            }
        }
    }

    /// The fields of the only answer that came on a connection.
    private static func answerFields(_ client: SecureClient) throws -> [String: String] {
        let frames = Frames.read(client.bytes).filter { $0.type == 1 }
        var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
        var block = ByteBuffer(bytes: try #require(frames.first).payload)
        let fields = try decoder.decodeHeaders(from: &block)
        return Dictionary(fields.map { ($0.name, $0.value) }) { first, _ in first }
    }

    @Test(arguments: [
        ("GET", [("host", "b.example")], "400", "a request names one host, in :authority or Host"),
        ("HEAD", [("host", "b.example")], "400", "a request names one host, in :authority or Host"),
        (
            "GET", (0..<20).map { ("x\($0)", "") }, "431",
            "the header fields are too large, or too many"
        ),
    ])
    func
        `what is refused before it is read is counted and logged, and has the fields of any answer`(
            method: String,
            fields: [(String, String)],
            status: String,
            reason: String
        ) throws
    {
        try withSecureGateway(settings: "[limits]\nfields = 20\n[tls]\nhsts = \"1d\"\n") {
            gateway throws in
            let client = try Self.open(gateway)
            client.send(Frames.headers(Self.fields(method, also: fields)))
            try eventually { Self.isAnswered(client, 1) && !gateway.log.records.isEmpty }

            let answer = try Self.answerFields(client)
            let record = gateway.log.records[0]
            #expect(answer[":status"] == status)
            #expect(answer["x-content-type-options"] == "nosniff")
            #expect(answer["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(answer["cross-origin-resource-policy"] == "same-origin")
            #expect(answer["strict-transport-security"] == "max-age=86400")
            #expect(answer["date"] != nil)
            #expect(answer["connection"] == nil)
            let id = try #require(answer["x-request-id"])
            let text = "\(reason)\nrequest \(id)\n"
            #expect(answer["content-length"] == "\(text.utf8.count)")
            #expect(Self.body(client, 1) == (method == "HEAD" ? "" : text))
            for (name, value) in [
                ("status", status), ("client", "127.0.0.1"), ("reason", reason),
                ("request_id", id), ("method", method), ("path", "-"), ("protocol", "HTTP/2"),
                ("scheme", "https"), ("tls", "1.3"),
            ] { #expect(record[name] == value, "\(name)") }
            client.send(Frames.headers(Self.fields(), stream: 3))
            try eventually { Self.isAnswered(client, 3) }
            #expect(gateway.log.records.count <= 2)
        }
    }

    @Test func `a body without a length reaches the backend as one, whatever the method`() throws {
        try withSecureGateway { gateway throws in
            let client = try Self.open(gateway)
            for (stream, method) in [(1, "PUT"), (3, "GET"), (5, "DELETE"), (7, "REPORT")] {
                let stream = UInt32(stream)
                client.send(Frames.headers(Self.fields(method), stream: stream, flags: 4))
                client.send(Frames.frame(0, stream: stream, Array("01234".utf8)))
                client.send(Frames.frame(0, flags: 1, stream: stream, Array("56789".utf8)))
                try eventually { Self.isAnswered(client, stream) }

                #expect(Self.body(client, stream) == "\(method) https localhost 10")
            }
        }
    }

    @Test func `an answer longer than the client's window waits for it, and so does the backend`()
        throws
    {
        let long = String(repeating: "0123456789", count: 60_000)
        try withSecureGateway(backend: { peer, _ in
            peer.serve { _, _ in peer.answer(200, [], long, isLengthKnown: false) }
        }) { gateway throws in
            let client = try Self.open(gateway)
            client.send(Frames.headers(Self.fields()))
            try eventually { Self.body(client, 1).utf8.count == 65_535 }
            for stream in [0, 1] as [UInt32] {
                client.send(Frames.frame(8, stream: stream, [0, 0x10, 0, 0]))
            }
            try eventually { Self.isAnswered(client, 1) }

            #expect(Self.body(client, 1) == long)
        }
    }

    @Test func `a stream whose client does not read ends, and the connection does not`() throws {
        let long = String(repeating: "0123456789", count: 60_000)
        try withSecureGateway(
            times: TestGateway.quickTimes,
            backend: { peer, _ in
                peer.serve { _, _ in peer.answer(200, [], long, isLengthKnown: false) }
            }
        ) { gateway throws in
            let client = try Self.open(gateway)
            client.send(Frames.headers(Self.fields()))
            try eventually { Frames.read(client.bytes).contains { $0.type == 3 && $0.stream == 1 } }

            #expect(!client.isClosed)
        }
    }

    @Test func `CVE-2023-44487: a client that resets what it asks for is closed`() throws {
        try withSecureGateway(settings: "[limits]\nresets = 5\n") { gateway throws in
            let client = try Self.open(gateway)
            for number in 0..<80 {
                let stream = UInt32(1 + 2 * number)
                client.send(Frames.headers(Self.fields(), stream: stream, flags: 5))
                client.send(Frames.frame(3, stream: stream, [0, 0, 0, 8]))
            }
            try client.waitForEnd()

            #expect(Frames.read(client.bytes).contains { $0.type == 7 })
        }
    }

    @Test(arguments: [
        // PING, SETTINGS, and DATA without any data.
        [UInt8](
            Array(repeating: Frames.frame(6, [UInt8](repeating: 0, count: 8)), count: 500).joined()
        ),
        [UInt8](Array(repeating: Frames.frame(4), count: 500).joined()),
        Frames.headers(Self.fields("PUT"), flags: 4)
            + [UInt8](Array(repeating: Frames.frame(0, stream: 1), count: 500).joined()),
        // HEADERS that never end.
        Frames.headers([(":method", "GET")], flags: 0)
            + [UInt8](
                Array(repeating: Frames.frame(9, stream: 1, Frames.block([("a", "b")])), count: 500)
                    .joined()
            ),
    ])
    func `RFC 9113 §10.5: a flood of frames that ask for nothing is closed`(flood: [UInt8]) throws {
        try withSecureGateway { gateway throws in
            let client = try Self.open(gateway)
            client.send(flood)
            try client.waitForEnd()
        }
    }

    @Test(arguments: [true, false])
    func `streams beyond the limit are refused, whether or not the client has heard of it`(
        acknowledges: Bool
    ) throws {
        try withSecureGateway(settings: "[limits]\nstreams = 2\n") { gateway throws in
            let client = try Self.open(gateway)
            if acknowledges { client.send(Frames.frame(4, flags: 1)) }
            for stream in [1, 3, 5] as [UInt32] {
                client.send(Frames.headers(Self.fields("PUT"), stream: stream, flags: 4))
            }
            try eventually {
                client.isClosed
                    || Frames.read(client.bytes).contains { $0.type == 3 && $0.stream == 5 }
            }
        }
    }

    @Test func `fields beyond the limit are refused, by their bytes and by their number`() throws {
        let settings = "[limits]\nhead = \"2K\"\ntarget = 256\nfields = 20\n"
        try withSecureGateway(settings: settings) { gateway throws in
            let many = (0..<20).map { ("x\($0)", "") }
            for others in [many, [("x", String(repeating: "x", count: 4_000))]] {
                let client = try Self.open(gateway)
                client.send(Frames.headers(Self.fields(also: others)))
                try eventually {
                    client.isClosed || Self.isAnswered(client, 1)
                        || Frames.read(client.bytes).contains { $0.type == 3 || $0.type == 7 }
                }
                #expect(!Self.body(client, 1).contains("localhost"))
            }
            let client = try Self.open(gateway)
            client.send(Frames.headers(Self.fields(also: many.dropLast(2))))
            try eventually { Self.isAnswered(client, 1) }
            #expect(Self.body(client, 1) == "GET https localhost 0")
        }
    }

    @Test func `RFC 9113 §6.8: a connection that has had its requests is told to go`() throws {
        try withSecureGateway(settings: "[limits]\nrequests = 2\n") { gateway throws in
            let client = try Self.open(gateway)
            for stream in [1, 3] as [UInt32] {
                client.send(Frames.headers(Self.fields(), stream: stream))
                try eventually { Self.isAnswered(client, stream) }
            }
            try eventually { Frames.read(client.bytes).contains { $0.type == 7 } }
        }
    }

    @Test
    func `RFC 9113 §6.8: the end of the gateway is told by GOAWAY, and what is under way answered`()
        throws
    {
        let begun = Signal()
        let go = Signal()
        try withSecureGateway(
            times: GatewayTimes(),
            backend: { peer, _ in
                peer.serve { _, _ in
                    begun.raise()
                    go.wait()
                    peer.answer(200, [], "last")
                }
            }
        ) { gateway throws in
            let client = try Self.open(gateway)
            client.send(Frames.headers(Self.fields()))
            #expect(begun.wait())
            let done = Signal()
            nonisolated(unsafe) let draining = gateway
            Foundation.Thread.detachNewThread {
                draining.drain()
                done.raise()
            }
            try eventually { Frames.read(client.bytes).contains { $0.type == 7 } }
            for ping in Frames.read(client.bytes) where ping.type == 6 && ping.flags == 0 {
                client.send(Frames.frame(6, flags: 1, ping.payload))
            }
            go.raise()
            try client.waitForEnd()

            #expect(Self.body(client, 1) == "last")
            #expect(done.wait())
        }
    }

    @Test func `a connection on which nothing is asked is told to go, and closed`() throws {
        var times = TestGateway.quickTimes
        times.idle = .milliseconds(200)
        try withSecureGateway(times: times) { gateway throws in
            let client = try Self.open(gateway)
            try eventually { Frames.read(client.bytes).contains { $0.type == 7 } }
            try client.waitForEnd()
        }
    }

    @Test func `RFC 9110 §10.1.1: a client that asks is told to go on`() throws {
        try withSecureGateway { gateway throws in
            let client = try Self.open(gateway)
            let asking = Self.fields(
                "PUT",
                also: [("expect", "100-continue"), ("content-length", "3")]
            )
            client.send(Frames.headers(asking, flags: 4))
            // HPACK's static table has no 100: the status is spelled out.
            try eventually {
                Frames.read(client.bytes).contains {
                    $0.type == 1 && $0.stream == 1 && $0.flags & 1 == 0
                }
            }
            client.send(Frames.frame(0, flags: 1, stream: 1, Array("abc".utf8)))
            try eventually { Self.isAnswered(client, 1) }

            #expect(Self.body(client, 1) == "PUT https localhost 3")
            #expect(Frames.read(client.bytes).count { $0.type == 1 && $0.stream == 1 } == 2)
        }
    }
}
