import Foundation
import TestSupport
import Testing

/// What an operator sees of the running services.
@Suite(.timeLimit(.minutes(10)))
struct ObservingTests {
    /// The whole system with a section of `gateway.toml`; the gateway is started anew with it.
    private static func withGatewaySettings(
        _ text: (TestServer) -> String,
        _ body: (TestServer) throws -> Void
    ) throws {
        try withServer { server throws in
            server.stopGateway()
            try server.write(text(server), to: "gateway.toml")
            try server.startGateway()
            try body(server)
        }
    }

    private static func socket(of server: TestServer) -> String {
        server.folder.appending(path: "run/metrics.sock").path
    }

    private static func ask(_ server: TestServer, _ path: String) throws -> String {
        try Programs.run(
            "/usr/bin/curl",
            ["-s", "--unix-socket", socket(of: server), "http://gateway\(path)"]
        ).output
    }

    @Test func `metrics and health are told on a Unix socket of their own`() throws {
        try Self.withGatewaySettings({
            "[metrics]\nlisten = \"unix:\(Self.socket(of: $0))\"\n"
        }) { server throws in
            #expect(try server.request("OPTIONS", "/dav/").status == 200)

            try eventually {
                try Self.ask(server, "/metrics").contains(
                    #"requests_total{backend="default",method="OPTIONS",status="200"} 1"#
                )
            }
            let metrics = try Self.ask(server, "/metrics")
            for name in [
                "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds",
                "process_start_time_seconds", "everlock_gateway_build_info{",
            ] { #expect(metrics.contains("\n\(name)"), "\(name)") }
            #expect(try Self.ask(server, "/healthz") == "ok\n")
            #expect(try Self.ask(server, "/readyz").hasPrefix("ready\n"))
        }
    }

    @Test func `settings that cannot be read again show in metrics, and the old ones serve`() throws
    {
        try Self.withGatewaySettings({
            "[metrics]\nlisten = \"unix:\(Self.socket(of: $0))\"\n"
        }) { server throws in
            try server.write("[mistake]\n", to: "gateway.toml")
            server.signalGateway(SIGHUP)

            try eventually {
                try Self.ask(server, "/metrics").contains("\neverlock_gateway_settings_good 0\n")
            }
            #expect(try Self.ask(server, "/readyz").contains("settings: could not be read again"))
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }

    @Test func `the answer and both services' logs name a request alike`() throws {
        try withServer { server throws in
            let answer = try server.report(
                "/dav/addressbooks/default/",
                """
                <D:sync-collection xmlns:D="DAV:"><D:sync-token>made:up/</D:sync-token>\
                <D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>
                """
            )
            let id = try #require(answer["x-request-id"])

            #expect(answer.status == 403)
            try eventually { try server.text(of: "gateway.log").contains("request_id=\(id)") }
            try eventually {
                try server.text(of: "backend-default.log").contains("request_id=\(id)")
            }
        }
    }

    @Test func `the line of a request stands in the log, and none where it is switched off`() throws
    {
        try withServer { server throws in
            _ = try server.request("OPTIONS", "/dav/?key=sesame", ["User-Agent": "test \"1\""])
            try eventually {
                try server.text(of: "gateway.log").split(separator: "\n").contains { line in
                    line.hasPrefix("info frontend-http: request authentication=accepted bytes=0")
                        && line.contains(" path=/dav/ protocol=HTTP/1.1 request_id=")
                        && line.hasSuffix(
                            #" scheme=http status=200 user=alice user_agent="test \"1\"""#
                        )
                }
            }
            #expect(try !server.text(of: "gateway.log").contains("sesame"))
        }
        try Self.withGatewaySettings({ _ in "[log]\nrequests = \"off\"\n" }) { server throws in
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
            #expect(server.stopGateway() == 0)
            #expect(try !server.text(of: "gateway.log").contains("frontend-http: request "))
        }
    }

    @Test func `what was logged last is in the log of a gateway that has ended`() throws {
        try withServer { server throws in
            for _ in 0..<50 { _ = try server.request("GET", "/") }
            #expect(server.stopGateway() == 0)

            let log = try server.text(of: "gateway.log")
            #expect(log.split(separator: "\n").filter { $0.contains(": request ") }.count == 50)
        }
    }
}
