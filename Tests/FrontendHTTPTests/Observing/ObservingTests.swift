import Foundation
import Framing
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// Metrics and health over their own listener, in front of a gateway at work.
@Suite(.timeLimit(.minutes(10)))
struct ObservingTests {
    private static let answers: FakeBackend.Script = { peer, _ in
        peer.serve { head, body in
            peer.answer(head.method == "PUT" ? 201 : 207, [], "12345")
        }
    }

    private static func withListener(
        instances: [String] = ["default"],
        backend: FakeBackend.Script? = answers,
        _ body: (TestGateway, Int) throws -> Void
    ) throws {
        try withGateway(
            times: TestGateway.quickTimes,
            instances: instances,
            backend: backend
        ) { gateway throws in
            let listener = try ObservingListener(
                .settings(.loopback(address: "127.0.0.1", port: 0)),
                observer: gateway.observer()
            )
            defer { #expect(throws: Never.self) { try listener.stop() } }
            try body(gateway, try #require(listener.port))
        }
    }

    private static func get(_ port: Int, _ path: String, _ method: String = "GET") throws
        -> HTTPAnswer
    {
        let connection = try HTTPConnection(port: port)
        try connection.send(Array("\(method) \(path) HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        return try connection.readAnswer(isHead: method == "HEAD")
    }

    /// Waits until a line is among the metrics: an answer may be read before its end is counted.
    private static func expect(_ lines: String..., at port: Int) throws {
        try eventually {
            let text = try get(port, "/metrics").text
            return lines.allSatisfy { text.contains("\n\($0)\n") }
        }
    }

    @Test func `requests are counted by backend, method and status, with bytes and time`() throws {
        try Self.withListener { gateway, port throws in
            _ = try gateway.request("PROPFIND")
            _ = try gateway.request("PROPFIND")
            _ = try gateway.request("PUT", "/dav/a", body: "card")
            _ = try gateway.request("PROPFIND", user: nil)
            _ = try gateway.request("GET", user: ("alice", "wrong"))
            _ = try gateway.request("GET", "/nowhere")

            let requests = "everlock_gateway_requests_total"
            try Self.expect(
                #"\#(requests){backend="default",method="PROPFIND",status="207"} 2"#,
                #"\#(requests){backend="default",method="PUT",status="201"} 1"#,
                #"\#(requests){backend="default",method="PROPFIND",status="401"} 1"#,
                #"\#(requests){backend="default",method="GET",status="401"} 1"#,
                #"\#(requests){backend="",method="GET",status="404"} 1"#,
                #"everlock_gateway_request_duration_seconds_count{method="PROPFIND"} 3"#,
                #"everlock_gateway_hop_duration_seconds_count{backend="default"} 3"#,
                #"everlock_gateway_authentications_total{outcome="accepted"} 3"#,
                #"everlock_gateway_authentications_total{outcome="missing"} 1"#,
                #"everlock_gateway_authentications_total{outcome="wrong"} 1"#,
                #"everlock_gateway_received_bytes_total 4"#,
                at: port
            )
        }
    }

    @Test func `what could not be read as a request is counted as one`() throws {
        try Self.withListener { gateway, port throws in
            for _ in 0..<2 {
                let client = try RawClient(gateway)
                client.send("nonsense\r\n\r\n".utf8)
                #expect(client.readToEnd() != nil)
            }

            let requests = "everlock_gateway_requests_total"
            try Self.expect(
                #"\#(requests){backend="",method="other",status="400"} 2"#,
                at: port
            )
        }
    }

    @Test func `connections and the pool are told as they are`() throws {
        let arrived = Signal()
        let go = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { _, _ in
                arrived.raise()
                go.wait()
                peer.answer(200)
            }
        }
        try Self.withListener(backend: script) { gateway, port throws in
            let connections = "everlock_gateway_backend_connections"
            let clients = try (0..<2).map { _ in try gateway.connect() }
            for client in clients { try client.send(TestGateway.bytes("GET")) }
            #expect(arrived.wait(2))
            try Self.expect(
                "everlock_gateway_open_connections 2",
                #"\#(connections){backend="default",state="busy"} 2"#,
                #"\#(connections){backend="default",state="idle"} 0"#,
                #"everlock_gateway_backend_up{backend="default"} 1"#,
                at: port
            )
            for _ in clients { go.raise() }
            for client in clients { _ = try client.readAnswer() }
            try Self.expect(#"\#(connections){backend="default",state="idle"} 2"#, at: port)
        }
    }

    @Test func `a backend that is out of reach shows in metrics and in its own readiness`() throws {
        try Self.withListener(instances: ["default", "work"]) { gateway, port throws in
            _ = try gateway.request("GET")
            #expect(try gateway.request("GET", host: "work.test").status == 503)

            try Self.expect(
                #"everlock_gateway_backend_up{backend="work"} 0"#,
                #"everlock_gateway_hop_troubles_total{backend="work",trouble="unreachable"} 1"#,
                at: port
            )
            #expect(try Self.get(port, "/readyz").status == 200)
            #expect(try Self.get(port, "/readyz/work").status == 503)
            #expect(try Self.get(port, "/readyz/default").status == 200)
        }
    }

    @Test func `asking how a backend is does not reach it`() throws {
        let gateway = try TestGateway(times: TestGateway.quickTimes)
        let backend = try FakeBackend(path: gateway.backendPath) { peer, _ in peer.greet() }
        let listener = try ObservingListener(
            .settings(.loopback(address: "127.0.0.1", port: 0)),
            observer: gateway.observer()
        )
        let port = try #require(listener.port)
        for path in ["/metrics", "/healthz", "/readyz", "/readyz/default"] {
            #expect(try Self.get(port, path).status == 200)
        }

        #expect(backend.connections == 0)
        try listener.stop()
        backend.stop()
        try gateway.stop()
    }

    @Test func `Prometheus' own parser takes every line`() throws {
        try Self.withListener(instances: ["default", "work"]) { gateway, port throws in
            for method in ["GET", "PROPFIND", "REPORT", "BREW"] { _ = try gateway.request(method) }
            _ = try gateway.request("GET", host: "work.test")
            let page = try Self.get(port, "/metrics")
            let check = """
                import sys
                from prometheus_client.parser import text_string_to_metric_families
                seen = set()
                for family in text_string_to_metric_families(sys.stdin.read()):
                    assert family.documentation, family.name
                    assert family.type in ("counter", "gauge", "histogram"), family.name
                    assert family.name not in seen, family.name
                    seen.add(family.name)
                    keys = [(s.name, tuple(sorted(s.labels.items()))) for s in family.samples]
                    assert len(keys) == len(set(keys)), family.name
                assert "everlock_gateway_requests" in seen, seen
                """
            let result = try Programs.run(
                "/usr/bin/python3",
                ["-c", check],
                input: page.text
            )

            #expect(page["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(result.status == 0, "\(result.errors)")
        }
    }

    @Test func `nothing else is told, and nothing changed`() throws {
        try Self.withListener { _, port throws in
            #expect(try Self.get(port, "/").status == 404)
            #expect(try Self.get(port, "/dav/").status == 404)
            #expect(try Self.get(port, "/metrics", "POST").status == 405)
            #expect(try Self.get(port, "/healthz", "HEAD").body.isEmpty)
        }
    }

    @Test(arguments: ["/metrics", "/healthz", "/readyz"])
    func `clients are told none of it`(path: String) throws {
        try Self.withListener { gateway, _ throws in
            #expect(try gateway.request("GET", path).status == 404)
        }
    }
}
