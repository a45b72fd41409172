import NIOCore
import NIOEmbedded
import NIOHTTP1
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// What the decoder of HTTP/1 may keep of a request.
struct HeadWatchTests {
    private let connection: ClientConnection
    private let channel = EmbeddedChannel()

    init() throws {
        let settings = try GatewaySettings(bytes: [], file: "gateway.toml")
        connection = ClientConnection(
            .test("203.0.113.7"),
            isSecure: false,
            policy: TransportPolicy(settings)
        )
        let watch = HeadWatch(connection)
        let decoder = HTTPRequestDecoder(limitConfiguration: connection.policy.head)
        try channel.pipeline.syncOperations.addHandlers([
            watch, ByteToMessageHandler(decoder), DecodedWatch(watch),
        ])
    }

    /// How many bytes of a request that never ends are read.
    private func bytesRead(_ opening: String, _ more: String) -> Int {
        let piece = String(repeating: more, count: 4_096 / more.utf8.count)
        var count = opening.utf8.count
        do {
            try channel.writeInbound(ByteBuffer(string: opening))
            while count < 10_000_000 {
                count += piece.utf8.count
                try channel.writeInbound(ByteBuffer(string: piece))
            }
        } catch {
            #expect(error is HTTPParserError)
        }
        return count
    }

    private static let line = "GET / HTTP/1.1\r\nHost: a\r\n"
    private static let body =
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"

    @Test(
        arguments: [
            (line, "X: y\r\n", .largeFields), ("\(line)X: ", "y", .largeFields),
            ("\(line)X", "y", .largeFields), ("\(line)X:", " ", .largeFields),
            ("\(line)X:", "\t", .largeFields), ("\(line)X: y", " ", .largeFields),
            ("\(body)0\r\nX: ", "y", .largeFields), ("\(body)0\r\nX:", " ", .largeFields),
            ("\(body)1;x=", "y", .largeFields), ("\(body)1;x=\"", "y", .largeFields),
            ("GET /", "x", .longTarget), ("GET ", " ", .longTarget),
        ] as [(String, String, RequestFault)]
    )
    func `RFC 6585 §5: of what never ends a bounded part is read, and told for what it is`(
        opening: String,
        more: String,
        fault: RequestFault
    ) throws {
        let count = bytesRead(opening, more)

        #expect(count <= connection.policy.maximumHeadBytes + opening.utf8.count + 8_192)
        #expect(connection.fault == fault)
    }

    @Test func `empty lines before a request have an end`() throws {
        #expect(bytesRead("", "\r\n") < 100_000)
    }

    @Test func `what is within the limits is read, however much comes on a connection`() throws {
        let field = "X: \(String(repeating: "y", count: 30_000))\r\n"
        for _ in 0..<20 {
            try channel.writeInbound(ByteBuffer(string: "\(Self.line)\(field)\r\n"))
        }
        // A byte at a time, and chunks without an end.
        for byte in "\(Self.line)\r\n\(Self.body)".utf8 {
            try channel.writeInbound(ByteBuffer(bytes: [byte]))
        }
        for _ in 0..<200 {
            let chunk = "400;x=y\r\n\(String(repeating: "z", count: 1_024))\r\n"
            try channel.writeInbound(ByteBuffer(string: chunk))
        }

        #expect(connection.fault == nil)
    }

    @Test func `nothing is read behind what could not be`() throws {
        #expect(throws: HTTPParserError.self) {
            try channel.writeInbound(ByteBuffer(string: "nonsense\r\n\r\n"))
        }
        try channel.writeInbound(ByteBuffer(string: "\(Self.line)\r\n"))

        #expect(connection.fault == .malformed)
        #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
    }
}
