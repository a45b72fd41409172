import Foundation
import TestSupport
import Testing

/// Headers of the PROXY protocol that are none, or never end, from a proxy that is trusted.
@Suite(.timeLimit(.minutes(10)))
struct ProxyTests {
    private static let settings =
        "[proxy]\ntrusted = [\"127.0.0.2\"]\nprotocol = true\n" + Siege.shortTimes

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
    private static let request = Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)

    private static let garbage: [[UInt8]] = [
        request, Array("PROXY".utf8) + [UInt8](repeating: 0x41, count: 1 << 20),
        Array("PROXY TCP4 \(String(repeating: "1", count: 200)) 1.2.3.4 1 2\r\n".utf8),
        Array("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n".utf8),
        Array("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n".utf8),
        Array("PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n".utf8),
        Array("PROXY TCP4 ::1 ::1 1 2\r\n".utf8), Array("PROXY TCP9 1 2 3 4\r\n".utf8),
        Array("PROXY \(String(repeating: " ", count: 101))\r\n".utf8),
        Array("proxy UNKNOWN\r\n".utf8),
        Array("PROXY TCP4 192.0.2.1\r\nX: y 192.0.2.2 1 2\r\n".utf8),
        [UInt8](repeating: 0, count: 64),
        signature + [0x11, 0x11, 0, 12] + [UInt8](repeating: 0, count: 12),
        signature + [0x22, 0x11, 0, 12] + [UInt8](repeating: 0, count: 12),
        signature + [0x21, 0x11, 0, 1, 0], signature + [0x21, 0x99, 0, 0],
        signature + [0x21, 0x11, 0xFF, 0xFF] + [UInt8](repeating: 0, count: 65_535),
        signature + [0x21, 0x11, 0, 15, 192, 0, 2, 1, 192, 0, 2, 2, 0, 1, 0, 2, 4, 0xFF, 0xFF],
        [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0],
    ]

    @Test func `a header that is none, or has no end, closes its connection and no other`() throws {
        try withSiege(settings: Self.settings) { siege throws in
            for port in [siege.port, siege.securePort] {
                for bytes in Self.garbage {
                    let socket = try HostileSocket(port, from: "127.0.0.2")
                    socket.send(bytes + Self.request)
                    socket.read(within: .seconds(1) + Siege.slack)
                    #expect(socket.isClosed, "\(bytes.prefix(40))")
                    #expect(socket.statuses == [], "\(bytes.prefix(40))")
                }
                // A byte at a time, and none at all.
                let slow = try (0..<20).map { _ in try HostileSocket(port, from: "127.0.0.2") }
                let header =
                    Self.signature + [0x21, 0x11, 0x0F, 0xFF]
                    + [UInt8](repeating: 0, count: 4_096)
                var index = 0
                let end = ContinuousClock.now + .seconds(1) + Siege.slack
                while ContinuousClock.now < end, slow.contains(where: { !$0.isClosed }) {
                    for socket in slow.prefix(10) { socket.offer([header[index]]) }
                    for socket in slow { socket.take() }
                    index += 1
                    usleep(50_000)
                }
                #expect(slow.allSatisfy { $0.isClosed })
            }
            let good = try HostileSocket(siege.port, from: "127.0.0.2")
            good.send(Array("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n".utf8) + Self.request)
            good.read(within: .seconds(5)) { good.statuses.count == 1 }
            #expect(good.statuses == [301])
        }
    }

    @Test func `fields that name another client are believed of nobody but a proxy`() throws {
        try withSiege(settings: "[proxy]\ntrusted = [\"127.0.0.2\"]\n") { siege throws in
            let long = (0..<3_000).map { "10.0.0.\($0 % 256)" }.joined(separator: ",")
            for value in [
                "127.0.0.9", "::1", "unknown", "[::1", "127.0.0.1:x", ",,,,", " ", "\u{FF}", long,
                "127.0.0.2, 127.0.0.2", "1.2.3.4\u{B}", "a.example", "%00",
            ] {
                for name in [
                    "X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto",
                ] {
                    for address in ["127.0.0.2", "127.0.0.3"] {
                        let socket = try HostileSocket(siege.port, from: address)
                        let text = name == "Forwarded" ? "for=\(value)" : value
                        socket.send("GET / HTTP/1.1\r\nHost: localhost\r\n\(name): \(text)\r\n\r\n")
                        socket.read(within: .seconds(5)) { !socket.statuses.isEmpty }
                        let isRead = address == "127.0.0.2" && name != "Forwarded"
                        #expect(
                            socket.statuses == [301]
                                || (isRead && [[400], [421], [308]].contains(socket.statuses))
                                || (value == "1.2.3.4\u{B}" && socket.statuses == [400]),
                            "\(socket.statuses) to \(name): \(value.prefix(40))"
                        )
                    }
                }
            }
        }
    }
}
