import Foundation
import TestSupport
import Testing

/// More of everything than anybody needs, over HTTP/1.1.
@Suite(.timeLimit(.minutes(10)))
struct FloodTests {
    @Test func `connections of one address and of all have a limit, and others get in`() throws {
        let settings = "[limits]\nconnections = 120\nconnections_per_address = 40\n"
        try withSiege(settings: settings + Siege.shortTimes) { siege throws in
            var kept: [HostileSocket] = []
            for address in ["127.0.0.2", "127.0.0.3"] {
                for _ in 0..<200 { kept.append(try HostileSocket(siege.port, from: address)) }
            }
            try eventually {
                for socket in kept { socket.take() }
                return kept.count { $0.isClosed } >= 320
            }
            // All that were let in are cut off for saying nothing, and make room again.
            try eventually {
                for socket in kept { socket.take() }
                return kept.allSatisfy(\.isClosed)
            }
            let again = try HostileSocket(siege.port, from: "127.0.0.2")
            again.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            again.read { again.statuses.count == 1 }

            #expect(again.statuses == [301])
        }
    }

    @Test func `connections that come and go, reset or not, cost nothing that stays`() throws {
        try withSiege(settings: "[limits]\nconnections_per_address = 10000\n") { siege throws in
            for number in 0..<3_000 {
                let socket = try HostileSocket(
                    number % 2 == 0 ? siege.port : siege.securePort,
                    from: "127.0.0.2"
                )
                switch number % 3 {
                case 0: continue
                case 1: socket.offer(Array("GET / HT".utf8))
                default: socket.resets()
                }
            }
            let descriptors = "/proc/\(siege.server.gatewayID)/fd"
            try eventually {
                try FileManager.default.contentsOfDirectory(atPath: descriptors).count < 100
            }
        }
    }

    /// What one request is, of which thousands come at once.
    private static let pipelines: [(name: String, request: String)] = [
        ("redirects", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("refusals", "GET /dav/ HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("cards", "\(Siege.head("GET \(Siege.book)big.vcf"))\r\n"),
        ("listings", "\(Siege.head("PROPFIND \(Siege.book)", "Depth: 1\r\n"))\r\n"),
        (
            "promises",
            Siege.head(
                "PUT \(Siege.book)a.vcf",
                "Content-Length: 1\r\nExpect: 100-continue\r\n"
            ) + "\r\nx"
        ),
    ]

    @Test func `answers that nobody reads are not written on and on`() throws {
        let settings = "[limits]\nrequests = 1000000\n"
        try withSiege(settings: settings, growthMiB: 48, written: ["big.vcf"]) { siege throws in
            let card = Siege.card("big", note: 30_000)
            try #require(
                siege.server.request("PUT", "\(Siege.book)big.vcf", body: card).status == 201
            )
            let sockets = try Self.pipelines.flatMap { _, request in
                let many = [UInt8](Array(repeating: Array(request.utf8), count: 2_000).joined())
                return try (0..<4).map { _ in
                    let socket = try HostileSocket(
                        siege.port,
                        from: "127.0.0.2",
                        receiveBytes: 4_096
                    )
                    return (socket, many)
                }
            }
            // As long as it takes anything, for four seconds.
            let end = ContinuousClock.now + .seconds(4)
            while ContinuousClock.now < end {
                for (socket, many) in sockets { socket.offer(many) }
                usleep(2_000)
            }
        }
    }

    @Test func `bodies without an end are refused, in pieces of any size`() throws {
        let settings = "[limits]\nbody = \"16K\"\nxml = \"16K\"\n"
        try withSiege(settings: settings) { siege throws in
            let chunked = "Transfer-Encoding: chunked\r\n"
            let byte = [UInt8](Array(repeating: Array("1\r\nx\r\n".utf8), count: 5_000).joined())
            let large = Array("40000\r\n\(String(repeating: "x", count: 0x40000))\r\n".utf8)
            for method in ["PUT", "PROPFIND", "GET", "OPTIONS"] {
                for (pieces, count) in [(byte, 8), (large, 64)] {
                    let socket = try HostileSocket(siege.port, from: "127.0.0.2")
                    socket.send("\(Siege.head("\(method) \(Siege.book)a.vcf", chunked))\r\n")
                    for _ in 0..<count where !socket.isClosed && socket.statuses.isEmpty {
                        socket.send(pieces)
                    }
                    socket.read(within: .seconds(10)) { !socket.statuses.isEmpty }

                    // Of a body that nobody asked for nothing is kept.
                    let isAnswered = method == "OPTIONS" && socket.statuses == [200]
                    #expect(
                        isAnswered
                            || socket.statuses.first.map { (400..<500).contains($0) }
                                ?? socket.isClosed,
                        "\(method): \(socket.statuses)"
                    )
                }
            }
        }
    }

    @Test func `RFC 9112 §7.1: chunks' sizes, extensions and trailers have an end`() throws {
        try withSiege(settings: Siege.shortTimes) { siege throws in
            let head = Siege.head("PUT \(Siege.book)a.vcf", "Transfer-Encoding: chunked\r\n")
            let megabyte = [UInt8](repeating: UInt8(ascii: "0"), count: 1 << 20)
            let fields = Array(String(repeating: "X: y\r\n", count: 100_000).utf8)
            for (opening, more) in [
                ("", megabyte), ("1;x=", megabyte), ("1;x=\"", megabyte),
                ("1\r\nx\r\n0\r\nX: ", megabyte), ("1\r\nx\r\n0\r\n", fields),
                ("1\r\nx\r\n0\r\nx", megabyte),
            ] {
                let socket = try HostileSocket(siege.port, from: "127.0.0.2")
                socket.send("\(head)\r\n\(opening)")
                let end = ContinuousClock.now + .seconds(2) + Siege.slack
                while !socket.isClosed, ContinuousClock.now < end {
                    socket.send(more, patience: .seconds(1))
                }
                #expect(socket.isClosed, "\(opening.debugDescription)")
            }
        }
    }
}
