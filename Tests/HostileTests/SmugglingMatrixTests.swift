import Foundation
import TestSupport
import Testing

/// A request hidden in the body of another, under every combination of the ways to say how long that
/// body is. RFC 9112 §11.2.
@Suite(.timeLimit(.minutes(10)))
struct SmugglingMatrixTests {
    private static let chunkedNames = [
        "Transfer-Encoding: ", "TRANSFER-ENCODING:", "transfer-encoding:\t",
        "Transfer-Encoding : ", "Transfer_Encoding: ", "X: y\r\n Transfer-Encoding: ",
        "\u{FEFF}Transfer-Encoding: ", "X: y\nTransfer-Encoding: ",
        "X: y\rTransfer-Encoding: ", "X: y\0\r\nTransfer-Encoding: ",
    ]
    private static let codings = [
        "chunked", "Chunked", "chunked ", "chunked,", ",chunked", "identity, chunked",
        "chunked, identity", "chunked;q=1", "\u{B}chunked", "chunked\0", "chunked\r\n\tx", "cow",
    ]
    private static let lengths = [
        "N", "+N", "-0", "0xN", "00N", "N,N", "N, 0", "N.0", "N 0", "\u{661}N", "N\0", "\u{B}N",
        "1e2", "18446744073709551616", "9223372036854775808", "\r\n N",
        "N\r\nContent-Length: N", "N\r\nContent-Length: 0", "0\r\nContent-Length: N",
        "N\r\ncontent-length : 0", "N\nContent-Length: 0",
    ]

    /// A body that ends at once for who reads chunks, and has a request behind that.
    private static func body(_ hidden: String) -> String {
        "0\r\n\r\n\(hiding(hidden))"
    }

    private static func hiding(_ name: String) -> String {
        let card = Siege.card("hidden")
        return Siege.head(
            "PUT \(Siege.book)\(name).vcf",
            "Content-Length: \(card.utf8.count)\r\n"
        ) + "\r\n\(card)"
    }

    /// What shows where the server reads on, and has it close.
    private static let mark = "GET /mark HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    /// Sends a request with something behind it, and reads until the server closes.
    private static func answers(_ siege: Siege, _ text: String) throws -> [Int] {
        let socket = try HostileSocket(siege.port)
        socket.send(text)
        socket.read()
        #expect(socket.isClosed, "\(text.prefix(400).debugDescription) is not answered to its end")
        return socket.statuses
    }

    private static func expectNothingHidden(_ siege: Siege) throws {
        #expect(try !siege.server.text(of: "gateway.log").contains("hidden"))
    }

    @Test func `RFC 9112 §6.3: no body with a length and a coding hides a request`() throws {
        try withSiege { siege throws in
            let body = Self.body("hidden")
            for name in Self.chunkedNames {
                for (index, coding) in Self.codings.enumerated() {
                    let coded = "\(name)\(coding)\r\n"
                    let length = Self.lengths[index % 2 == 0 ? 0 : index % Self.lengths.count]
                        .replacing("N", with: String(body.utf8.count))
                    let measured = "Content-Length: \(length)\r\n"
                    for fields in [coded + measured, measured + coded] {
                        let head = Siege.head("PUT \(Siege.book)cover.vcf", fields)
                        let statuses = try Self.answers(siege, "\(head)\r\n\(body)\(Self.mark)")

                        // One refusal; or the body was one, no card, and the mark is what follows.
                        #expect(
                            statuses.count <= 2 && statuses.allSatisfy { (400...501).contains($0) }
                                && (statuses.count < 2 || statuses[1] == 404),
                            "\(statuses) to \(fields.debugDescription)"
                        )
                    }
                }
            }
            try Self.expectNothingHidden(siege)
        }
    }

    @Test func `RFC 9112 §6.3: no length hides a request`() throws {
        try withSiege { siege throws in
            let hidden = Self.hiding("hidden")
            for method in ["PUT", "GET", "PROPFIND", "OPTIONS"] {
                for length in Self.lengths {
                    let text = length.replacing("N", with: String(hidden.utf8.count))
                    let head = Siege.head(
                        "\(method) \(Siege.book)cover.vcf",
                        "Content-Length: \(text)\r\n"
                    )
                    let statuses = try Self.answers(siege, "\(head)\r\n\(hidden)\(Self.mark)")
                    // A length in digits is one, with zeros before it too.
                    let isGood = length == "N" || length == "00N"
                    // So is one that is too long for any body.
                    let refusal = length == "9223372036854775808" ? 413 : 400

                    #expect(
                        statuses.count == 2 ? isGood && statuses[1] == 404 : statuses == [refusal],
                        "\(statuses) to \(method) with \(length.debugDescription)"
                    )
                }
            }
            try Self.expectNothingHidden(siege)
        }
    }

    private static let chunks = [
        // Sizes that overflow, and signs, spaces and prefixes.
        "FFFFFFFFFFFFFFFF\r\n", "10000000000000000\r\n", "7FFFFFFFFFFFFFFF\r\n",
        "00000000000000000000000000000000000000001\r\nx\r\n\r\n", "+1\r\nx\r\n0\r\n\r\n",
        " 1\r\nx\r\n0\r\n\r\n", "1\t\r\nx\r\n0\r\n\r\n", "0x0\r\n\r\n", "\r\n0\r\n\r\n",
        // Extensions that hide a line end, and chunks that are longer or shorter than they say.
        "1;\"\r\n\"\r\nx\r\n0\r\n\r\n", "1;a=\"\n\"\r\nx\r\n0\r\n\r\n", "1;\0\r\nx\r\n0\r\n\r\n",
        "1\r\nxx\r\n0\r\n\r\n", "3\r\nx\r\n0\r\n\r\n", "1\r\nx0\r\n\r\n", "1\r\nx\n0\r\n\r\n",
        "1\rx\r\n0\r\n\r\n", "1\r\nx\r\n0\n\n",
        // Trailers that say what only a head may, or are no fields.
        "0\r\nContent-Length: 400\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "0\r\nHost: evil.example\r\nAuthorization: Basic eDp5\r\n\r\n", "0\r\nX\r\n\r\n",
        "0\r\n X: folded\r\n\r\n", "0\r\nX : y\r\n\r\n", "0\r\n: y\r\n\r\n",
        "0\r\nX: a\0b\r\n\r\n",
    ]

    @Test
    func `RFC 9112 §7.1: no chunk hides a request that is not whole and at its place`() throws {
        try withSiege { siege throws in
            let head = Siege.head(
                "PUT \(Siege.book)cover.vcf",
                "Transfer-Encoding: chunked\r\n"
            )
            let sockets = try Self.chunks.map { chunks in
                let socket = try HostileSocket(siege.port)
                socket.send("\(head)\r\n\(chunks)\(Self.mark)")
                return (chunks, socket)
            }
            usleep(500_000)
            for (chunks, socket) in sockets {
                socket.read(within: .milliseconds(50))
                let statuses = socket.statuses

                // Refused; or read as a body, which is no card, to its end, where the mark begins; or
                // a chunk that is longer than what came, of which the rest is waited for.
                #expect(
                    statuses.isEmpty || statuses[0] == 400
                        || (statuses.count == 2 && statuses[1] == 404),
                    "\(statuses) to \(chunks.debugDescription)"
                )
                #expect(statuses.count < 3 && statuses.allSatisfy { (400..<500).contains($0) })
                #expect(chunks.hasPrefix("0\r\n") || statuses.count < 2, "\(chunks)")
            }
        }
    }

    /// Bytes in a field of HTTP/2, or the lack of a field, that would mean another request in HTTP/1.1.
    private static let twisted: [(String, [(String, String)])] = [
        ("GET", [("transfer-encoding", "chunked")]), ("GET", [("connection", "close")]),
        ("GET", [("te", "chunked")]), ("GET", [("content-length", "-1")]),
        ("PUT", [("content-length", "+5")]), ("PUT", [("content-length", "4")]),
        ("PUT", [("content-length", "6")]),
        ("PUT", [("content-length", "5"), ("content-length", "0")]),
        ("PUT", [("x", "a\r\nPUT /dav/addressbooks/default/hidden.vcf HTTP/1.1")]),
        ("PUT", [("x\r\nhidden", "y")]), ("PUT", [("x: hidden\r\ny", "z")]),
        ("PUT", [("X-Capital", "y")]), ("PUT", [("x y", "z")]), ("PUT", [("", "z")]),
        ("PUT", [("x", "a\0b")]), ("PUT", [(":path", "/dav/hidden")]),
        ("PUT", [("x", "y"), (":method", "GET")]), ("PUT", [(":status", "200")]),
        ("PUT", [(":hidden", "x")]), ("PUT", [("host", "evil.example")]),
        ("GET /dav/hidden HTTP/1.1\r\nx:", []), ("GET\n", []), ("", []), ("GE T", []),
    ]

    @Test func `RFC 9113 §10.3: no field of HTTP/2 hides a request, or a line of the log`() throws {
        try withSiege { siege throws in
            for (method, others) in Self.twisted {
                let client = try SecureClient(port: siege.securePort, protocols: ["h2"])
                let hasBody = method == "PUT"
                client.send(
                    Frames.preface
                        + Frames.headers(
                            Siege.fields(method, "\(Siege.book)cover.vcf", also: others),
                            flags: hasBody ? 4 : 5
                        )
                        + (hasBody ? Frames.frame(0, flags: 1, stream: 1, Array("01234".utf8)) : [])
                )
                try eventually {
                    client.isClosed
                        || Frames.read(client.bytes).contains {
                            $0.type == 3 || $0.type == 7 || ($0.stream == 1 && $0.flags & 1 == 1)
                        }
                }
            }
            for path in [
                "/dav/\r\nHost: hidden", "/dav/\nerror hidden", "", "*", "dav", "/dav/ HTTP/1.1",
            ] {
                let client = try SecureClient(port: siege.securePort, protocols: ["h2"])
                client.send(Frames.preface + Frames.headers(Siege.fields("GET", path)))
                try eventually {
                    client.isClosed
                        || Frames.read(client.bytes).contains {
                            $0.type == 3 || $0.type == 7 || ($0.stream == 1 && $0.flags & 1 == 1)
                        }
                }
            }
            let log = try siege.server.text(of: "gateway.log")
            #expect(!log.contains("/dav/addressbooks/default/hidden"))
        }
    }
}
