import Foundation
import TestSupport
import Testing

/// Requests that two servers could read in two ways: each is refused, and nothing after it is read.
@Suite(.timeLimit(.minutes(10)))
struct SmugglingTests {
    private static let authorization =
        "Authorization: Basic \(Data("alice:correct horse".utf8).base64EncodedString())\r\n"

    /// A request that would show that what came before was read wrongly.
    private static let next = "GET /dav/ HTTP/1.1\r\nHost: localhost\r\n\(authorization)\r\n"

    /// Everything that a server answers to some bytes, until it closes or has nothing more to say.
    private static func answers(_ server: TestServer, _ bytes: [UInt8]) throws -> [Int] {
        let connection = try HTTPConnection(port: server.port, patienceSeconds: 1)
        // The server may close before it has all of them.
        try? connection.send(bytes)
        var statuses: [Int] = []
        while statuses.count < 5, let answer = try? connection.readAnswer() {
            statuses.append(answer.status)
        }
        return statuses
    }

    static let refused: [String] = [
        // Two lengths, or a length and chunks.
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n01234",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n01234",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n01234",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n01234",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n01234",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n01234",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5 5\r\n\r\n01234",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n01234",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n01234",
        // Codings that are none, or more than chunks.
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\u{B}chunked\r\n\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        // Fields that are spelled wrongly.
        "GET /dav/ HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n01234",
        "GET /dav/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "GET /dav/ HTTP/1.1\r\nHost: a\r\nX: 1\r\n continued: 2\r\n\r\n",
        "GET /dav/ HTTP/1.1\r\n Host: a\r\n\r\n", "GET /dav/ HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
        "GET /dav/ HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n",
        "GET /dav/ HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "GET /dav/ HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n",
        "GET /dav/ HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "GET /dav/ HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n",
        // Line ends.
        "GET /dav/ HTTP/1.1\nHost: a\n\n", "GET /dav/ HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
        "GET /dav/ HTTP/1.1\r\nHost: a\r\n\n", "GET /dav/ HTTP/1.1\rHost: a\r\r",
        // Request lines.
        "GET /dav/ HTTP/1.1 \r\nHost: a\r\n\r\n", "GET /dav/\r\nHost: a\r\n\r\n",
        "GET /dav/ HTTP/1.9\r\nHost: a\r\n\r\n", "GET /dav/ HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET /dav/ HTTP/11\r\nHost: a\r\n\r\n", "GET /dav/ http/1.1\r\nHost: a\r\n\r\n",
        "GET /da\0v/ HTTP/1.1\r\nHost: a\r\n\r\n", "get /dav/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/dav/ HTTP/1.1\r\nHost: a\r\n\r\n",
        // Chunks.
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\nx\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\n0\n\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000001\r\nx\r\n0\r\n\r\n",
        "PUT /dav/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n",
    ]

    @Test func `RFC 9112 §11.2: a request that can be read in two ways ends the connection`() throws
    {
        try withServer { server throws in
            for text in Self.refused {
                let request = text.replacing(
                    "Host: a\r\n",
                    with: "Host: localhost\r\n\(Self.authorization)"
                )
                let statuses = try Self.answers(server, Array((request + Self.next).utf8))

                #expect(
                    statuses.count <= 1 && statuses.allSatisfy { $0 == 400 || $0 == 501 },
                    "\(statuses) to \(text.debugDescription)"
                )
            }
        }
    }

    @Test func `RFC 9112 §3: more than one space in a request line means no other request`() throws
    {
        try withServer { server throws in
            for line in ["GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET   /   HTTP/1.1"] {
                let text = "\(line)\r\nHost: localhost\r\n\r\n"
                #expect(try Self.answers(server, Array((text + text).utf8)) == [301, 301])
            }
        }
    }

    @Test func `RFC 9112 §3.2: what names no host, or two, is refused`() throws {
        try withServer { server throws in
            for hosts in [
                "", "Host: a\r\nHost: a\r\n", "Host: a\r\nHost: b\r\n", "Host: \r\n",
                "Host: a b\r\n",
                "Host: a/\r\n", "Host: a@b\r\n", "Host: a:b\r\n", "Host: a,b\r\n",
                "Host: a:99999\r\n",
            ] {
                let text = "GET /dav/ HTTP/1.1\r\n\(hosts)\(Self.authorization)\r\n"
                #expect(try Self.answers(server, Array(text.utf8)).first == 400, "\(hosts)")
            }
        }
    }

    @Test
    func `RFC 9112 §7.1: chunks with extensions and trailers are read, and so is what follows`()
        throws
    {
        try withServer { server throws in
            let head = "PROPFIND /dav/ HTTP/1.1\r\nHost: localhost\r\n\(Self.authorization)"
            let body = "<propfind xmlns=\"DAV:\"><prop/></propfind>"
            let size = String(body.utf8.count, radix: 16)
            let text =
                head + "Depth: 0\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "00\(size);name=\"value\"\r\n\(body)\r\n0;a=b\r\nTrailer: x\r\n\r\n"
            #expect(try Self.answers(server, Array((text + Self.next).utf8)).count == 2)
        }
    }

    @Test func `RFC 9112 §9.3.2: requests that come together are answered in order`() throws {
        try withServer { server throws in
            let redirect = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let nowhere = "GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let statuses = try Self.answers(
                server,
                Array((redirect + nowhere + redirect + nowhere).utf8)
            )
            #expect(statuses == [301, 404, 301, 404])
        }
    }
}
