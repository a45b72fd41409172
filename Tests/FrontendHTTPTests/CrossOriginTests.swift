import Framing
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// Browsers that act for web pages (Fetch Standard, "CORS protocol").
@Suite(.timeLimit(.minutes(10)))
struct CrossOriginTests {
    private static let app = "https://app.example.com"
    private static let settings = """
        [cors."localhost"]
        origins = ["https://app.example.com", "http://localhost:3000"]
        max_age = "10m"
        [cors."work.test"]
        origins = ["*"]
        [cors."*.Wild.test"]
        origins = ["https://app.example.com"]
        """
    private static let echo: FakeBackend.Script = { peer, _ in
        peer.serve { head, _ in
            peer.answer(200, [.init("vary", "Accept"), .init("etag", "\"a\"")], head.method)
        }
    }

    private static func withHosts(_ body: (TestGateway) throws -> Void) throws {
        try withGateway(
            settings: settings,
            instances: ["default", "work", "plain"],
            backend: echo
        ) { gateway throws in
            let others = try ["work", "plain"].map {
                try FakeBackend(path: gateway.backendPath(of: $0), echo)
            }
            defer { for other in others { other.stop() } }
            try body(gateway)
        }
    }

    private static func preflight(
        _ gateway: TestGateway,
        _ origin: String,
        _ path: String = "/dav/",
        host: String = "localhost",
        user: (String, String)? = nil
    ) throws -> HTTPAnswer {
        try gateway.request(
            "OPTIONS",
            path,
            ["Origin": origin, "Access-Control-Request-Method": "PROPFIND"],
            user: user,
            host: host
        )
    }

    @Test(arguments: ["https://app.example.com", "http://localhost:3000"])
    func `a preflight of an origin that may is answered without a log-in`(origin: String) throws {
        try Self.withHosts { gateway throws in
            let answer = try Self.preflight(gateway, origin)

            #expect(answer.status == 200)
            #expect(answer["content-length"] == "0")
            #expect(answer["access-control-allow-origin"] == origin)
            #expect(answer["access-control-allow-credentials"] == "true")
            #expect(answer["access-control-max-age"] == "600")
            #expect(answer["vary"] == "Origin")
            let methods = try #require(answer["access-control-allow-methods"])
            for method in ["PROPFIND", "REPORT", "MKCOL", "PROPPATCH", "COPY", "MOVE", "PUT"] {
                #expect(methods.contains(method))
            }
            let fields = try #require(answer["access-control-allow-headers"]).lowercased()
            for field in ["authorization", "depth", "if-match", "prefer", "content-type"] {
                #expect(fields.contains(field))
            }
        }
    }

    @Test func `a preflight is answered on every path: a browser follows no redirect there`() throws
    {
        try Self.withHosts { gateway throws in
            #expect(
                try Self.preflight(gateway, Self.app, "/.well-known/carddav").status == 200
            )
        }
    }

    @Test(arguments: ["https://evil.example", "null", "https://app.example.com.evil.example", ""])
    func `an origin that may not is told nothing`(origin: String) throws {
        try Self.withHosts { gateway throws in
            let preflight = try Self.preflight(gateway, origin)
            let answer = try gateway.request("GET", "/dav/", ["Origin": origin])

            #expect(preflight.status == 401)
            for answer in [preflight, answer] {
                #expect(answer["access-control-allow-origin"] == nil)
                #expect(answer["access-control-allow-credentials"] == nil)
                #expect(answer.fields.contains { $0.name == "vary" && $0.value == "Origin" })
            }
        }
    }

    @Test func `a page that may reads the answer, its ETag, and what went wrong`() throws {
        try Self.withHosts { gateway throws in
            let answer = try gateway.request("GET", "/dav/", ["Origin": Self.app])
            let refused = try gateway.request("GET", "/dav/", ["Origin": Self.app], user: nil)

            #expect(answer.text == "GET")
            #expect(refused.status == 401)
            for answer in [answer, refused] {
                #expect(answer["access-control-allow-origin"] == Self.app)
                let exposed = try #require(answer["access-control-expose-headers"])
                for field in ["ETag", "DAV", "Location", "Preference-Applied"] {
                    #expect(exposed.contains(field))
                }
            }
            #expect(
                answer.fields.filter { $0.name == "vary" }.map(\.value) == ["Accept", "Origin"]
            )
        }
    }

    @Test func `where every origin may, none may use the browser's log-in, and nothing varies`()
        throws
    {
        try Self.withHosts { gateway throws in
            let preflight = try Self.preflight(gateway, "https://any.example", host: "work.test")
            let answer = try gateway.request(
                "GET",
                "/dav/",
                ["Origin": "https://any.example"],
                host: "work.test"
            )

            #expect(preflight.status == 200)
            for answer in [preflight, answer] {
                #expect(answer["access-control-allow-origin"] == "*")
                #expect(answer["access-control-allow-credentials"] == nil)
                #expect(!answer.fields.contains { $0.name == "vary" && $0.value == "Origin" })
            }
        }
    }

    @Test func `a section of a wildcard is for the hosts that a vhost of it is for`() throws {
        try Self.withHosts { gateway throws in
            for (host, status) in [
                ("a.wild.test", 200), ("A.Wild.Test:8080", 200), ("wild.test", 401),
                ("b.a.wild.test", 401),
            ] {
                #expect(try Self.preflight(gateway, Self.app, host: host).status == status)
            }
        }
    }

    @Test func `a host without a section is as without browsers`() throws {
        try Self.withHosts { gateway throws in
            let preflight = try Self.preflight(gateway, Self.app, host: "plain.test")
            let answer = try gateway.request(
                "GET",
                "/dav/",
                ["Origin": Self.app],
                host: "plain.test"
            )

            #expect(preflight.status == 401)
            #expect(answer["access-control-allow-origin"] == nil)
            #expect(answer["vary"] == "Accept")
        }
    }

    @Test(arguments: [[:], ["Origin": "https://app.example.com"]])
    func `OPTIONS that is no preflight goes to the backend`(fields: [String: String]) throws {
        try Self.withHosts { gateway throws in
            #expect(try gateway.request("OPTIONS", "/dav/", fields).text == "OPTIONS")
            #expect(try gateway.request("OPTIONS", "/dav/", fields, user: nil).status == 401)
        }
    }
}
