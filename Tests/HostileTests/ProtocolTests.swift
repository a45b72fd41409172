import Foundation
import TestSupport
import Testing

/// Protocols at the wrong door, old and invented ones, and what looks like one and is another.
@Suite(.timeLimit(.minutes(10)))
struct ProtocolTests {
    private static let request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// What is sent to the plain port, and what may be answered; whether the connection may stay.
    private static let openings: [(bytes: [UInt8], statuses: [[Int]])] = [
        // HTTP/0.9 and versions that are none.
        (Array("GET /\r\n".utf8), [[400], [505], []]),
        (Array("GET /dav/\r\n\r\n".utf8), [[400], [505]]),
        (Array("GET / HTTP/0.9\r\n\r\n".utf8), [[400], [505]]),
        (Array("GET / HTTP/1.2\r\nHost: localhost\r\n\r\n".utf8), [[400], [505]]),
        (Array("GET / HTTP/3.0\r\nHost: localhost\r\n\r\n".utf8), [[400], [505]]),
        (Array("GET / HTTP/1.1.1\r\nHost: localhost\r\n\r\n".utf8), [[400]]),
        (Array("GET / HTTPS/1.1\r\nHost: localhost\r\n\r\n".utf8), [[400]]),
        (Array("GET / ICE/1.0\r\nHost: localhost\r\n\r\n".utf8), [[400]]),
        (Array("DESCRIBE / RTSP/1.0\r\nHost: localhost\r\n\r\n".utf8), [[301], [400]]),
        (Array("SOURCE / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), [[301], [400]]),
        // HTTP/2 without TLS, by its preface and by an upgrade (RFC 9113 §3.1, §3.3).
        (Frames.preface, [[400], [505]]), (Array("PRI * HTTP/2.0\r\n\r\n".utf8), [[]]),
        (
            Array(
                """
                GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r
                Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n
                """.utf8
            ), [[301], [400]]
        ),
        (
            Array(
                """
                GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r
                Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n\u{1}\u{2}\u{3}
                """.utf8
            ), [[301], [400]]
        ),
        // Proxies' methods.
        (
            Array("CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n".utf8),
            [[400], [405], [501]]
        ),
        (
            Array("CONNECT / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
            [[301], [400], [405], [501]]
        ),
        (Array("TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), [[301], [405], [501]]),
        (Array("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n\(request)".utf8), [[400]]),
        // TLS at the door of plain HTTP, and others that are none of ours.
        (
            [0x16, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3] + [UInt8](repeating: 7, count: 200),
            [[400], []]
        ),
        ([0x80, 0x2E, 1, 0, 2], [[400], []]), (Array("SSH-2.0-x\r\n".utf8), [[400]]),
        (Array("EHLO x\r\nMAIL FROM:<a>\r\n".utf8), [[400]]), ([0], [[400]]),
        (Array("\u{FEFF}\(request)".utf8), [[400]]), ([0xFF, 0xFD, 1], [[400]]),
        (Array("get / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), [[400]]),
        (
            Array("GET / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continuex\r\n\r\n".utf8),
            [[301], [417]]
        ),
    ]

    @Test func `what is no HTTP/1 is refused or closed, and never answered as something else`()
        throws
    {
        try withSiege(settings: Siege.shortTimes) { siege throws in
            let clients = try Self.openings.map { opening in
                let socket = try HostileSocket(siege.port, from: "127.0.0.2")
                socket.send(opening.bytes)
                return (opening, socket)
            }
            for (opening, socket) in clients {
                socket.read(within: .seconds(3) + Siege.slack)
                let text = String(decoding: opening.bytes.prefix(60), as: UTF8.self)
                #expect(socket.isClosed, "\(text.debugDescription)")
                #expect(
                    opening.statuses.contains(socket.statuses),
                    "\(socket.statuses) to \(text.debugDescription)"
                )
            }
        }
    }

    @Test func `what is no TLS is closed at the door of TLS, in time`() throws {
        try withSiege(settings: Siege.shortTimes) { siege throws in
            let clients = try Self.openings.map { opening in
                let socket = try HostileSocket(siege.securePort, from: "127.0.0.2")
                socket.send(opening.bytes)
                return socket
            }
            for socket in clients {
                socket.read(within: .seconds(1) + Siege.slack)
                #expect(socket.isClosed)
                #expect(socket.statuses == [])
            }
            // A client that agreed on one version and speaks the other.
            let confused: [(String, [UInt8])] = [
                ("h2", Array(Self.request.utf8)), ("http/1.1", Frames.preface),
                ("h2", [UInt8](repeating: 0, count: 100_000)), ("h2", [0x16, 3, 1]),
            ]
            let others = try confused.map { agreed, bytes in
                let client = try SecureClient(port: siege.securePort, protocols: [agreed])
                client.send(bytes)
                return client
            }
            for client in others {
                try client.waitForEnd()
                #expect(!String(decoding: client.bytes, as: UTF8.self).contains("301"))
            }
        }
    }

    @Test func `RFC 9112 §9.3: HTTP/1.0 keeps no connection, whatever it says`() throws {
        try withSiege { siege throws in
            for fields in [
                "", "Connection: keep-alive\r\n", "Connection: close\r\n",
                "Connection: keep-alive, close\r\n", "Keep-Alive: timeout=999999\r\n",
            ] {
                let socket = try HostileSocket(siege.port, from: "127.0.0.2")
                let request = "GET / HTTP/1.0\r\nHost: localhost\r\n\(fields)\r\n"
                socket.send(request + request)
                socket.read(within: .seconds(5))
                #expect(socket.isClosed)
                #expect(socket.statuses == [301], "\(fields)")
            }
        }
    }

    @Test func `RFC 9110 §10.1.1: who asks to go on gets one answer, whatever else it does`() throws
    {
        try withSiege(settings: Siege.shortTimes) { siege throws in
            let body = "no card"
            let length = "Content-Length: \(body.utf8.count)\r\n"
            let put = "PUT \(Siege.book)a.vcf"
            for expect in [
                "100-continue", "100-Continue", "100-continue, 100-continue",
                "100-continue\r\nExpect: 100-continue", "200-ok", "", "100-continue;q=1",
            ] {
                let socket = try HostileSocket(siege.port, from: "127.0.0.2")
                socket.send("\(Siege.head(put, "\(length)Expect: \(expect)\r\n"))\r\n\(body)")
                socket.read(within: .seconds(5)) { socket.statuses.contains { $0 >= 200 } }
                let statuses = socket.statuses
                #expect(statuses.count { $0 == 100 } <= 1)
                #expect(statuses.count { $0 >= 200 } == 1, "\(statuses) to \(expect)")
                #expect(statuses.allSatisfy { $0 < 500 })
            }
            // Thousands that ask, without a body or with a second request in its place.
            for _ in 0..<10 {
                let socket = try HostileSocket(siege.port, from: "127.0.0.2")
                let ask = Siege.head(put, "\(length)Expect: 100-continue\r\n") + "\r\n"
                for _ in 0..<200 where !socket.isClosed { socket.send(ask) }
                socket.read(within: .seconds(1) + Siege.slack)
                #expect(socket.isClosed)
            }
        }
    }
}
