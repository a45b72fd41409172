import TestSupport
import Testing

@testable import FrontendHTTP

/// What could not be read as a request, and so is nobody's.
@Suite(.timeLimit(.minutes(10)))
struct UnreadRequestTests {
    /// What is sent, and made long; the status, and the reason.
    private static let all: [(String, Int, String)] = [
        ("nonsense\r\n\r\n", 400, "this is no request of HTTP"),
        ("GET /", 414, "the request target is too long"),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nX: ", 431,
            "the header fields are too large, or too many"
        ),
    ]
    private static let rest = [UInt8](repeating: 0x78, count: 99_000)

    @Test(arguments: all)
    func `it is counted and logged, a line each, as any other`(
        opening: String,
        status: Int,
        reason: String
    ) throws {
        try withGateway { gateway throws in
            let client = try RawClient(gateway)
            client.send(Array(opening.utf8) + Self.rest)
            _ = client.readToEnd()
            try eventually { !gateway.log.records.isEmpty }

            #expect(gateway.log.records.count == 1)
            let record = gateway.log.records[0]
            for (name, value) in [
                ("status", "\(status)"), ("client", "127.0.0.1"), ("reason", reason),
                ("method", "-"), ("path", "-"), ("user", "-"), ("instance", "-"),
                ("protocol", "HTTP/1.1"), ("scheme", "http"), ("authentication", "-"),
            ] { #expect(record[name] == value, "\(name)") }
            #expect(gateway.services.activity.line.hasSuffix(", 1 request, 1 refused"))
        }
    }

    @Test(arguments: all)
    func `its answer has the fields that every answer has`(
        opening: String,
        status: Int,
        reason: String
    ) throws {
        try withGateway(settings: "[answers]\nserver = \"x\"\n") { gateway throws in
            let connection = try gateway.connect()
            try connection.send(Array(opening.utf8) + Self.rest)
            let answer = try connection.readAnswer()

            #expect(answer.status == status)
            #expect(answer["x-content-type-options"] == "nosniff")
            #expect(answer["referrer-policy"] == "no-referrer")
            #expect(answer["cross-origin-resource-policy"] == "same-origin")
            #expect(answer["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(answer["connection"] == "close")
            #expect(answer["server"] == "x")
            #expect(answer["date"] != nil)
            let id = try #require(answer["x-request-id"])
            #expect(answer.text == "\(reason)\nrequest \(id)\n")
            try eventually { gateway.log.records.map { $0["request_id"] } == [id] }
        }
    }

    @Test func `lines of it can be switched off as those of requests`() throws {
        try withGateway(settings: "[log]\nrequests = \"off\"\n") { gateway throws in
            let client = try RawClient(gateway)
            client.send("nonsense\r\n\r\n".utf8)
            #expect(client.readToEnd() != nil)
            gateway.drain()
            try gateway.services.requestLog.stop()

            #expect(gateway.log.records.isEmpty)
        }
    }
}
