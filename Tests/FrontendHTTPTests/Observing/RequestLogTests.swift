import Foundation
import Framing
import NIOCore
import NIOHTTP1
import Settings
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// The line for each request.
@Suite(.timeLimit(.minutes(10)))
struct RequestLogTests {
    private static let answers: FakeBackend.Script = { peer, _ in
        peer.serve { _, _ in peer.answer(201, [], "12345") }
    }

    private static func record(
        _ settings: String = "",
        _ request: [UInt8]
    ) throws -> [String: String] {
        try withGateway(settings: settings, backend: answers) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(request)
            _ = try connection.readAnswer()
            try eventually { !gateway.log.records.isEmpty }
            return gateway.log.records[0]
        }
    }

    @Test func `the line says who, what, how much and where the time went`() throws {
        let record = try Self.record(
            "",
            TestGateway.bytes("PUT", "/dav/a.vcf", ["User-Agent": "DAVx5/4.4"], body: "card")
        )

        for (name, value) in [
            ("authentication", "accepted"), ("bytes", "5"), ("bytes_in", "4"),
            ("client", "127.0.0.1"), ("instance", "default"), ("method", "PUT"),
            ("path", "/dav/a.vcf"), ("protocol", "HTTP/1.1"), ("scheme", "http"), ("status", "201"),
            ("user", "alice"),
            ("user_agent", "DAVx5/4.4"),
        ] { #expect(record[name] == value, "\(name)") }
        let whole = try #require(record["microseconds"].flatMap { Int($0) })
        let hop = try #require(record["hop_microseconds"].flatMap { Int($0) })
        #expect(hop > 0)
        #expect(hop <= whole)
        #expect(record["retries"] == nil)
    }

    @Test func `no query, password or header is told`() throws {
        let record = try Self.record(
            "",
            TestGateway.bytes(
                "GET",
                "/dav/a?token=sesame",
                ["Cookie": "sesame", "X-Token": "sesame"],
                user: ("alice", "sesame")
            )
        )

        #expect(record["path"] == "/dav/a")
        #expect(record["authentication"] == "wrong")
        #expect(record["user"] == "-")
        let credentials = Data("alice:sesame".utf8).base64EncodedString()
        for value in record.values {
            #expect(!value.contains("sesame"))
            #expect(!value.contains(credentials))
        }
    }

    @Test func `what a client makes long is cut`() throws {
        let record = try Self.record(
            "",
            TestGateway.bytes(
                "GET",
                "/dav/" + String(repeating: "a", count: 4_000),
                ["User-Agent": String(repeating: "b", count: 4_000)]
            )
        )

        #expect(record["path"]?.utf8.count == 512)
        #expect(record["user_agent"]?.utf8.count == 200)
    }

    @Test func `lines can be switched off, and given another level`() throws {
        for level in ["off", "debug"] {
            try withGateway(settings: "[log]\nrequests = \"\(level)\"\n", backend: Self.answers) {
                gateway throws in
                #expect(try gateway.request("GET").status == 201)
                gateway.drain()
                try gateway.services.requestLog.stop()
                #expect(gateway.log.records.isEmpty)
            }
        }
    }

    @Test
    func `a log that takes no lines holds no request up; what is too much is lost and counted`()
        throws
    {
        let writing = Signal()
        let go = Signal()
        let written = Mutex(0)
        let recording = RecordingLog()
        let log = RequestLog(log: recording.logger) { records, _ in
            writing.raise()
            go.wait()
            written.withLock { $0 += records.count }
        }
        let request = ForwardedRequest(
            .init(version: .http1_1, method: .GET, uri: "/dav/"),
            id: 1,
            origin: RequestOrigin(.local, isSecure: false),
            maximumBodyBytes: 0,
            rules: try Self.rules()
        )
        log.record(request, microseconds: 1, at: .info)
        #expect(writing.wait())
        for _ in 0..<(RequestLog.maximumWaiting + 10) {
            log.record(request, microseconds: 1, at: .info)
        }
        for _ in 0..<4 { go.raise() }
        try log.stop()

        #expect(log.lostLines == 10)
        #expect(written.withLock { $0 } == RequestLog.maximumWaiting + 1)
        #expect(
            recording.fields(of: "the log is too slow, lines of requests were left out")
                .map { $0["lines"] } == ["10"]
        )
    }

    private static func rules() throws -> GatewayRules {
        let gateway = try TestGateway(times: TestGateway.times)
        defer { #expect(throws: Never.self) { try gateway.stop() } }
        return gateway.services.rules
    }
}
