import Foundation
import TestSupport
import Testing

/// Clients that take their time: each is cut off within the times of `gateway.toml`.
@Suite(.timeLimit(.minutes(10)))
struct SlownessTests {
    /// A client that says something and then goes on a byte at a time.
    private struct Loris {
        let name: String
        let opening: String
        let drip: String
        /// What it is answered first, where it is; a head that never ends is owed nothing.
        let statuses: Set<Int>

        init(_ name: String, _ opening: String, drip: String = "", _ statuses: Set<Int> = []) {
            self.name = name
            self.opening = opening
            self.drip = drip
            self.statuses = statuses
        }
    }

    private static func put(_ fields: String) -> String {
        "\(Siege.head("PUT \(Siege.book)slow.vcf", fields))\r\n"
    }

    private static let chunked = put("Transfer-Encoding: chunked\r\n")

    private static let all: [Loris] = [
        Loris("says nothing", ""),
        Loris("sends empty lines", "", drip: "\r\n"),
        Loris("drips a method", "", drip: "A", [400]),
        Loris("drips a target", "GET /", drip: "a"),
        Loris("drips a field's name", Siege.head("GET /dav/"), drip: "x"),
        Loris("drips a field's value", Siege.head("GET /dav/", "X: "), drip: "x"),
        Loris("drips fields", Siege.head("GET /dav/"), drip: "X: y\r\n"),
        Loris("stops before the last line end", Siege.head("GET /dav/")),
        Loris("stops after an answer", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", [301]),
        Loris(
            "drips a second head",
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /",
            drip: "a",
            [301]
        ),
        Loris("sends no body", put("Content-Length: 100000\r\n"), [408]),
        Loris("drips a body", put("Content-Length: 100000\r\n"), drip: "x", [408]),
        Loris("begins no chunk", chunked, [408]),
        Loris("drips a chunk's size", chunked, drip: "0", [408, 400]),
        Loris("drips an extension", "\(chunked)1;", drip: "x", [408, 400]),
        Loris("drips a chunk", "\(chunked)FFFF\r\n", drip: "x", [408]),
        Loris("drips chunks", chunked, drip: "1\r\nx\r\n", [408]),
        Loris("drips a trailer", "\(chunked)1\r\nx\r\n0\r\nX: ", drip: "x", [408]),
        Loris("drips trailers", "\(chunked)1\r\nx\r\n0\r\n", drip: "X: y\r\n", [408]),
        Loris(
            "asks to go on and does not",
            put("Content-Length: 9\r\nExpect: 100-continue\r\n"),
            [100, 408]
        ),
        Loris(
            "drips a body that was refused",
            "PUT /dav/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\n",
            drip: "x",
            [401]
        ),
    ]

    @Test func `who stops or drips is cut off in time, wherever it is in a request`() throws {
        try withSiege(settings: Siege.shortTimes) { siege throws in
            let clients = try Self.all.map { loris in
                let socket = try HostileSocket(siege.port)
                socket.send(loris.opening)
                return (loris, socket)
            }
            try Self.drip(clients)
            for (loris, socket) in clients {
                #expect(socket.isClosed, "\(loris.name): \(socket.statuses)")
                #expect(
                    Set(socket.statuses).isSubset(of: loris.statuses),
                    "\(loris.name): \(socket.statuses)"
                )
            }
        }
    }

    private static func drip(_ clients: [(Loris, HostileSocket)]) throws {
        let end = ContinuousClock.now + .seconds(3) + Siege.slack
        while ContinuousClock.now < end, clients.contains(where: { !$0.1.isClosed }) {
            for (loris, socket) in clients where !socket.isClosed {
                if !loris.drip.isEmpty { socket.offer(Array(loris.drip.utf8)) }
                socket.take()
            }
            usleep(100_000)
        }
    }

    /// The first message of a client's handshake, from a real one.
    private static func hello() throws -> [UInt8] {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length)
                listen(listener, 1)
                return getsockname(listener, address, &length)
            }
        }
        try #require(port == 0)
        let client = Process()
        client.executableURL = URL(filePath: "/usr/bin/openssl")
        client.arguments = [
            "s_client", "-connect", "127.0.0.1:\(UInt16(bigEndian: address.sin_port))",
        ]
        client.standardOutput = FileHandle.nullDevice
        client.standardError = FileHandle.nullDevice
        client.standardInput = FileHandle.nullDevice
        try client.run()
        let peer = accept(listener, nil, nil)
        defer { close(peer) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(peer, &buffer, buffer.count, 0)
        // A thread of Dispatch may block the signal that `terminate()` sends, and so its children do.
        kill(client.processIdentifier, SIGKILL)
        client.waitUntilExit()
        try #require(count > 100)
        return Array(buffer[..<count])
    }

    @Test func `who stops or drips within a handshake is cut off in time`() throws {
        try withSiege(settings: Siege.shortTimes) { siege throws in
            let hello = try Self.hello()
            let openings: [([UInt8], [UInt8])] = [
                ([], []), ([], [0x16]), (Array(hello.prefix(20)), [0]),
                (Array(hello.dropLast()), []), (hello, []),
                // Alerts that warn of nothing, and records without anything in them.
                (hello, [0x15, 3, 3, 0, 2, 1, 90]), (hello, [0x16, 3, 3, 0, 0]),
                // A record that says it is as long as one can be.
                ([0x16, 3, 1, 0xFF, 0xFF, 1, 0, 0xFF, 0xFF], [0]),
            ]
            let clients = try openings.map { opening in
                let socket = try HostileSocket(siege.securePort)
                socket.send(opening.0)
                return (opening.1, socket)
            }
            let end = ContinuousClock.now + .seconds(1) + Siege.slack
            while ContinuousClock.now < end, clients.contains(where: { !$0.1.isClosed }) {
                for (drip, socket) in clients where !socket.isClosed {
                    socket.offer(drip)
                    socket.take()
                }
                usleep(100_000)
            }
            for (index, client) in clients.enumerated() {
                #expect(client.1.isClosed, "handshake \(index)")
            }
        }
    }

    @Test func `who stops or drips within TLS is cut off in time, in either version of HTTP`()
        throws
    {
        try withSiege(settings: Siege.shortTimes) { siege throws in
            let put = Frames.headers(Siege.fields("PUT", "\(Siege.book)slow.vcf"), flags: 4)
            let endless = Frames.headers(Siege.fields(), flags: 1)
            let openings: [(String, [UInt8], [UInt8])] = [
                ("http/1.1", [], Array("x".utf8)),
                ("http/1.1", Array(Self.put("Content-Length: 999\r\n").utf8), Array("x".utf8)),
                ("h2", [], []), ("h2", Array("PRI * HTTP/2.0\r\n".utf8), []),
                ("h2", Frames.preface, []), ("h2", Frames.preface + [0, 0x40], []),
                ("h2", Frames.preface + endless, []),
                // PING and WINDOW_UPDATE ask for nothing, however often they come.
                ("h2", Frames.preface, Frames.frame(6, [UInt8](repeating: 7, count: 8))),
                ("h2", Frames.preface, Frames.frame(8, [0, 0, 0, 1])),
            ]
            let clients = try openings.map { opening in
                let client = try SecureClient(port: siege.securePort, protocols: [opening.0])
                client.send(opening.1)
                return (opening.2, client)
            }
            let bodies = try [[], Frames.frame(0, stream: 1, [0x78])].map { drip in
                let client = try SecureClient(port: siege.securePort, protocols: ["h2"])
                client.send(Frames.preface + put)
                return (drip, client)
            }
            // Two seconds without a request, and five to take leave.
            let end = ContinuousClock.now + .seconds(8) + Siege.slack
            while ContinuousClock.now < end, clients.contains(where: { !$0.1.isClosed }) {
                for (drip, client) in clients + bodies where !client.isClosed { client.send(drip) }
                usleep(200_000)
            }
            for (opening, client) in zip(openings, clients) {
                #expect(client.1.isClosed, "\(opening)")
            }
            for (_, client) in bodies {
                let isAnswered = Frames.read(client.bytes).contains {
                    $0.stream == 1 && ($0.type == 1 || $0.type == 3)
                }
                #expect(isAnswered || client.isClosed)
            }
        }
    }

    @Test func `who reads a long answer a few bytes at a time is cut off in time`() throws {
        try withSiege(settings: Siege.shortTimes, isFilled: true) { siege throws in
            func connections() throws -> Int {
                let folder = "/proc/\(siege.server.gatewayID)/fd"
                return try FileManager.default.contentsOfDirectory(atPath: folder).count
            }
            let others = try connections()
            let clients = try (0..<4).map { _ in
                let socket = try HostileSocket(siege.port, receiveBytes: 4_096)
                socket.send(Siege.report(Siege.wholeBook), reads: false)
                return socket
            }
            let end = ContinuousClock.now + .seconds(3) + Siege.slack
            usleep(500_000)
            while ContinuousClock.now < end, try connections() > others {
                for socket in clients { socket.take(4) }
                usleep(100_000)
            }
            // What the kernel took for the client it may still read: the end shows behind that.
            for socket in clients {
                socket.read(within: .seconds(2))
                #expect(socket.isClosed)
                #expect(socket.received.count < 4_000_000)
            }
        }
    }
}
