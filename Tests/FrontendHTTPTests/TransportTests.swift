import Foundation
import Framing
import NIOCore
import TestSupport
import Testing

@testable import FrontendHTTP

/// What the gateway takes from clients before anybody asks who they are.
@Suite(.timeLimit(.minutes(10)))
struct TransportTests {
    private static let echo: FakeBackend.Script = { peer, _ in
        peer.serve { head, body in
            peer.answer(
                200,
                [],
                "\(head.clientAddress) \(head.scheme) \(head.authority) \(body.count)"
            )
        }
    }

    // MARK: Slow clients

    @Test func `a head that comes a byte at a time has a time for all of it`() throws {
        try withGateway(times: TestGateway.quickTimes) { gateway throws in
            let client = try RawClient(gateway)
            let began = ContinuousClock.now
            client.setReadPatience(milliseconds: 20)
            for byte in Array(
                "GET /dav/ HTTP/1.1\r\nX: \(String(repeating: "x", count: 2_000))".utf8
            ) {
                guard client.send([byte]), !client.isClosedByServer() else { break }
            }

            #expect(client.isClosedByServer())
            #expect(ContinuousClock.now - began < .seconds(10))
        }
    }

    @Test func `a connection that waits for its next request has another time`() throws {
        var times = TestGateway.quickTimes
        times.idle = .seconds(20)
        try withGateway(times: times) { gateway throws in
            let connection = try gateway.connect()
            for _ in 0..<3 {
                try connection.send(TestGateway.bytes("GET", "/"))
                #expect(try connection.readAnswer().status == 301)
                usleep(700_000)
            }
        }
    }

    @Test func `a body that drips is refused once it is too slow, and one that flows is not`()
        throws
    {
        let settings = "[limits]\nslowest = 1000\n"
        try withGateway(times: TestGateway.quickTimes, settings: settings, backend: Self.echo) {
            gateway throws in
            let drip = try RawClient(gateway)
            drip.send(TestGateway.bytes("PUT", "/dav/a", ["Content-Length": "1000"]))
            drip.setReadPatience(milliseconds: 50)
            var sent = 0
            while sent < 200, drip.send("x".utf8), !drip.hasAnswer() { sent += 1 }
            let flow = try RawClient(gateway)
            flow.send(TestGateway.bytes("PUT", "/dav/a", ["Content-Length": "20000"]))
            for _ in 0..<20 {
                flow.send([UInt8](repeating: 0x61, count: 1_000))
                usleep(50_000)
            }

            #expect(sent < 200)
            #expect(drip.read(until: "time\n").hasPrefix("HTTP/1.1 408 "))
            #expect(flow.read(until: " 20000").hasPrefix("HTTP/1.1 200 "))
        }
    }

    // MARK: How much

    @Test func `connections of one address, and of all, have a limit`() throws {
        for settings in ["[limits]\nconnections_per_address = 2\n", "[limits]\nconnections = 2\n"] {
            try withGateway(settings: settings) { gateway throws in
                var two = try (0..<2).map { _ in try gateway.connect() }
                for connection in two {
                    try connection.send(TestGateway.bytes("GET", "/"))
                    #expect(try connection.readAnswer().status == 301)
                }
                #expect(try gateway.connect().isClosedByServer())

                two.removeLast()
                try eventually { (try? gateway.request("GET", "/").status) == 301 }
            }
        }
    }

    @Test func `a connection has so many requests, and the last is told`() throws {
        try withGateway(settings: "[limits]\nrequests = 3\n") { gateway throws in
            let connection = try gateway.connect()
            var told: [String?] = []
            for _ in 0..<3 {
                try connection.send(TestGateway.bytes("GET", "/"))
                told.append(try connection.readAnswer()["connection"])
            }

            #expect(told == [nil, nil, "close"])
            #expect(connection.isClosedByServer())
        }
    }

    @Test func `head, target and bodies are as long as the settings say`() throws {
        let settings = """
            [limits]
            head = "2K"
            target = 256
            fields = 12
            body = "4K"
            xml = "2K"
            """
        try withGateway(settings: settings, backend: Self.echo) { gateway throws in
            func status(
                _ method: String,
                _ path: String = "/dav/",
                _ fields: [String: String] = [:],
                body: Int? = nil
            ) throws -> Int {
                let text = body.map { String(repeating: "x", count: $0) }
                return try gateway.request(method, path, fields, body: text).status
            }
            let many = Dictionary(uniqueKeysWithValues: (0..<12).map { ("X-\($0)", "1") })

            #expect(try status("GET", "/dav/" + String(repeating: "a", count: 251)) == 200)
            #expect(try status("GET", "/dav/" + String(repeating: "a", count: 252)) == 414)
            #expect(try status("GET", "/dav/", ["X": String(repeating: "a", count: 1_000)]) == 200)
            #expect(try status("GET", "/dav/", ["X": String(repeating: "a", count: 2_100)]) == 431)
            #expect(try status("GET", "/dav/", ["X": String(repeating: "a", count: 9_000)]) == 431)
            #expect(try status("GET", "/dav/", many) == 431)
            #expect(try status("GET", "/dav/" + String(repeating: "a", count: 9_000)) == 414)
            #expect(try status("PUT", "/dav/a", body: 4_096) == 200)
            #expect(try status("PUT", "/dav/a", body: 4_097) == 413)
            #expect(try status("REPORT", "/dav/a", body: 2_048) == 200)
            #expect(try status("REPORT", "/dav/a", body: 2_049) == 413)
        }
    }

    @Test(arguments: [
        ("GET /dav/ HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 99_000))", 431),
        ("GET /\(String(repeating: "x", count: 99_000))", 414),
        ("GET /dav/ HTTP/1.1\r\nHost: a\r\nX\r\n\r\n\(String(repeating: "x", count: 99_000))", 400),
    ])
    func `RFC 9112 §9.6: a client that goes on sending sees why nothing of it is read`(
        request: String,
        status: Int
    ) throws {
        try withGateway { gateway throws in
            let client = try RawClient(gateway)
            client.send(request.utf8)
            let answer = client.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
            client.send([UInt8](repeating: 0x78, count: 1_000))

            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
            #expect(answer.contains("\r\ndate: "))
            #expect(answer.contains("\r\nconnection: close\r\n"))
            #expect(answer.split(separator: "\r\n").last?.hasSuffix("\n") == true)
        }
    }

    @Test func `RFC 9112 §7.1: a body that is none is refused, and its backend left`() throws {
        try withGateway(backend: Self.echo) { gateway throws in
            let client = try RawClient(gateway)
            client.send(TestGateway.bytes("PUT", "/dav/a", ["Transfer-Encoding": "chunked"]))
            client.send("1\r\nx\r\nnonsense\r\n".utf8)

            let answer = client.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains("\nrequest "))
            #expect(try gateway.request("GET").status == 200)
        }
    }

    @Test func `a length that no number holds is refused, and no backend sees it`() throws {
        try withGateway(backend: Self.echo) { gateway throws in
            for (method, length, status) in [
                ("PUT", "9223372036854775808", 413), ("GET", "18446744073709551615", 413),
                ("PUT", "18446744073709551616", 400),
            ] {
                let client = try RawClient(gateway)
                client.send(TestGateway.bytes(method, "/dav/a", ["Content-Length": length]))
                client.send("x".utf8)
                let answer = client.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(length)")
            }
        }
    }

    // MARK: Proxies

    private static let viaLoopback = """
        [auth]
        plaintext = "everywhere"
        [proxy]
        trusted = ["127.0.0.0/8"]

        """

    @Test func `a trusted proxy's client, scheme and host go to the backend`() throws {
        let fields = [
            "X-Forwarded-For": "192.0.2.66, 192.0.2.7", "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "a.example",
        ]
        let (trusted, untrusted) = try (
            withGateway(settings: Self.viaLoopback, backend: Self.echo) { gateway throws in
                try gateway.request("GET", "/dav/", fields).text
            },
            withGateway(backend: Self.echo) { gateway throws in
                try gateway.request("GET", "/dav/", fields).text
            }
        )

        #expect(trusted == "192.0.2.7 https a.example 0")
        #expect(untrusted == "127.0.0.1 http localhost 0")
    }

    private static let request = String(decoding: TestGateway.bytes("GET"), as: UTF8.self)

    @Test(arguments: [
        Array("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n".utf8),
        ProxyHeaderTests.binary(1, 0x11, [192, 0, 2, 7, 198, 51, 100, 1, 0xDE, 0xAD, 1, 187]),
    ])
    func `the PROXY protocol names the client, in however many pieces`(header: [UInt8]) throws {
        let settings = Self.viaLoopback + "protocol = true\n"
        try withGateway(settings: settings, backend: Self.echo) { gateway throws in
            let whole = try RawClient(gateway)
            whole.send(header + Array(Self.request.utf8))
            let pieces = try RawClient(gateway)
            for byte in header {
                pieces.send([byte])
                usleep(1_000)
            }
            pieces.send(Self.request.utf8)

            #expect(whole.read(until: " 0").hasSuffix("192.0.2.7 http localhost 0"))
            #expect(pieces.read(until: " 0").hasSuffix("192.0.2.7 http localhost 0"))
        }
    }

    @Test func `a proxy that must name its client and does not is closed`() throws {
        let settings = Self.viaLoopback + "protocol = true\n"
        try withGateway(times: TestGateway.quickTimes, settings: settings, backend: Self.echo) {
            gateway throws in
            for bytes in [Self.request, "PROXY TCP4 nonsense\r\n\(Self.request)"] {
                let client = try RawClient(gateway)
                client.send(bytes.utf8)
                #expect(client.readToEnd() == [])
            }
            let silent = try RawClient(gateway)
            silent.send("PROXY TCP4".utf8)
            #expect(silent.readToEnd() == [])
        }
    }

    @Test func `a client that is no proxy and claims to be one is refused`() throws {
        let settings = "[proxy]\ntrusted = [\"192.0.2.1\"]\nprotocol = true\n"
        try withGateway(settings: settings, backend: Self.echo) { gateway throws in
            let liar = try RawClient(gateway)
            liar.send("PROXY TCP4 192.0.2.7 198.51.100.1 1 2\r\n\(Self.request)".utf8)

            #expect(liar.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
            #expect(try gateway.request("GET").text == "127.0.0.1 http localhost 0")
        }
    }

    @Test func `clients that a proxy names are counted, the proxy is not`() throws {
        let settings = Self.viaLoopback + "protocol = true\n[limits]\nconnections_per_address = 1\n"
        try withGateway(settings: settings, backend: Self.echo) { gateway throws in
            func client(_ address: String) throws -> RawClient {
                let client = try RawClient(gateway)
                client.send("PROXY TCP4 \(address) 198.51.100.1 1 2\r\n\(Self.request)".utf8)
                return client
            }
            let first = try client("192.0.2.7")
            #expect(first.read(until: " 0").hasSuffix("192.0.2.7 http localhost 0"))
            let again = try client("192.0.2.7")
            let other = try client("192.0.2.8")

            #expect(again.readToEnd() == [])
            #expect(other.read(until: " 0").hasSuffix("192.0.2.8 http localhost 0"))
        }
    }

    // MARK: https

    @Test func `a request that came without TLS is led to https, but for this machine's own`()
        throws
    {
        let settings = Self.viaLoopback + "[tls]\nredirect = true\nport = 8443\nhsts = \"1d\"\n"
        try withGateway(settings: settings, backend: Self.echo) { gateway throws in
            let there = ["X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "http"]
            let secure = ["X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"]
            let get = try gateway.request("GET", "/dav/a?b=c", there)
            let put = try gateway.request("PROPFIND", "/.well-known/carddav", there, body: "<a/>")
            let own = try gateway.request("GET")
            let safe = try gateway.request("GET", "/dav/", secure)

            #expect(get.status == 301)
            #expect(get["location"] == "https://localhost:8443/dav/a?b=c")
            #expect(put.status == 308)
            #expect(put["location"] == "https://localhost:8443/.well-known/carddav")
            #expect(own.status == 200)
            #expect(own["strict-transport-security"] == nil)
            #expect(safe.status == 200)
            #expect(safe["strict-transport-security"] == "max-age=86400")
        }
    }

    @Test func `the Server field is there where the settings have one`() throws {
        let (named, unnamed) = try (
            withGateway(settings: "[answers]\nserver = \"Everlock\"\n") { gateway throws in
                try gateway.request("GET", "/")["server"]
            },
            withGateway { gateway throws in try gateway.request("GET", "/")["server"] }
        )

        #expect(named == "Everlock")
        #expect(unnamed == nil)
    }
}
