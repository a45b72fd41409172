import Framing
import TestSupport
import Testing

@testable import FrontendHTTP

/// What every answer has, whoever made it.
@Suite(.timeLimit(.minutes(10)))
struct AnswerFieldsTests {
    private static let card: FakeBackend.Script = { peer, _ in
        peer.serve { head, _ in
            let own =
                head.target == "/dav/own"
                ? [
                    HeaderField("cache-control", "no-store"),
                    HeaderField("content-security-policy", "default-src 'self'"),
                ] : []
            peer.answer(200, own, head.requestID)
        }
    }

    @Test(arguments: [("GET", "/dav/a.vcf"), ("PROPFIND", "/dav/"), ("GET", "/"), ("GET", "/x")])
    func `opened in a browser no answer is a page, runs a script or is framed`(
        method: String,
        path: String
    ) throws {
        try withGateway(backend: Self.card) { gateway throws in
            for user in [TestGateway.alice, nil] {
                let answer = try gateway.request(method, path, user: user)

                #expect(answer["x-content-type-options"] == "nosniff")
                #expect(answer["referrer-policy"] == "no-referrer")
                #expect(answer["cross-origin-resource-policy"] == "same-origin")
                let policy = try #require(answer["content-security-policy"])
                #expect(policy.hasPrefix("default-src 'none'; frame-ancestors 'none'"))
                #expect(policy.hasSuffix("sandbox"))
            }
        }
    }

    @Test func `RFC 9111 §5.2.2: what was fetched is kept by nobody else and asked for again`()
        throws
    {
        try withGateway(backend: Self.card) { gateway throws in
            #expect(try gateway.request("GET")["cache-control"] == "private, no-cache")
            #expect(try gateway.request("HEAD")["cache-control"] == "private, no-cache")
            #expect(try gateway.request("PROPFIND")["cache-control"] == nil)
        }
    }

    @Test func `what a backend says for itself stands`() throws {
        try withGateway(backend: Self.card) { gateway throws in
            let answer = try gateway.request("GET", "/dav/own")
            let names = ["cache-control", "content-security-policy"]

            #expect(
                answer.fields.filter { names.contains($0.name) }.map(\.value)
                    == ["no-store", "default-src 'self'"]
            )
        }
    }

    @Test func `the answer, the backend and the log name a request alike`() throws {
        try withGateway(backend: Self.card) { gateway throws in
            let answer = try gateway.request("GET")
            let id = try #require(answer["x-request-id"])

            #expect(answer.text == id)
            try eventually { gateway.log.records.last?["request_id"] == id }
        }
    }

    @Test func `a refusal says what to do, and what the log calls the request`() throws {
        try withGateway(backend: Self.card) { gateway throws in
            for path in ["/dav/", "/elsewhere"] {
                let answer = try gateway.request("GET", path, user: nil)
                let id = try #require(answer["x-request-id"])

                #expect(answer["content-type"] == "text/plain; charset=utf-8")
                #expect(answer.text.hasSuffix("\nrequest \(id)\n"))
            }
        }
    }

    @Test func `an id from outside is taken over only where the settings say so`() throws {
        let outside = ["X-Request-ID": "edge-1234.a_b"]
        try withGateway(backend: Self.card) { gateway throws in
            #expect(try gateway.request("GET", "/dav/", outside)["x-request-id"] != "edge-1234.a_b")
        }
        try withGateway(settings: "[log]\nadopt_request_ids = true\n", backend: Self.card) {
            gateway throws in
            #expect(try gateway.request("GET", "/dav/", outside)["x-request-id"] == "edge-1234.a_b")
        }
    }

    @Test(arguments: ["", "with space", "a\"b", "ä", String(repeating: "a", count: 65)])
    func `an id from outside that is not well-formed is not taken over`(id: String) throws {
        try withGateway(settings: "[log]\nadopt_request_ids = true\n", backend: Self.card) {
            gateway throws in
            let answer = try gateway.request("GET", "/dav/", ["X-Request-ID": id])

            #expect(answer.status == 200)
            #expect(answer["x-request-id"] != id)
            #expect(answer["x-request-id"]?.count == 16)
        }
    }
}
