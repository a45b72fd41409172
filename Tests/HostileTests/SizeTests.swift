import Foundation
import TestSupport
import Testing

/// Requests that are too large in one way or another: each is refused, and nothing of them is kept.
@Suite(.timeLimit(.minutes(10)))
struct SizeTests {
    /// Sends a beginning and then more of the same, until the server closes or has answered.
    private static func statuses(
        _ siege: Siege,
        _ opening: String,
        _ more: [UInt8] = [],
        times: Int = 1,
        _ ending: String = ""
    ) throws -> [Int] {
        let socket = try HostileSocket(siege.port, from: "127.0.0.2")
        socket.send(opening)
        for _ in 0..<times where !socket.isClosed && socket.statuses.isEmpty { socket.send(more) }
        socket.send(ending)
        socket.read(within: .seconds(10)) { socket.statuses.contains { $0 >= 200 } }
        return socket.statuses.filter { $0 >= 200 }
    }

    private static let megabyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)

    @Test func `RFC 9112 §3: a head that is too large in any part is refused before its end`()
        throws
    {
        try withSiege { siege throws in
            let get = Siege.head("GET /dav/")
            let fields = Array(String(repeating: "X: y\r\n", count: 200_000).utf8)
            for (opening, more) in [
                ("", Self.megabyte), ("GET /", Self.megabyte), ("GET / HTTP/1.1", Self.megabyte),
                ("\(get)X: ", Self.megabyte), (get, Self.megabyte), (get, fields),
                ("\(get)Host: ", Self.megabyte), ("\(get)Authorization: Basic ", Self.megabyte),
                ("\(get)Content-Length: ", [UInt8](repeating: 0x31, count: 1 << 20)),
                ("\(get)Content-Length: ", [UInt8](repeating: 0x30, count: 1 << 20)),
                ("\(get)X:", [UInt8](repeating: 0x20, count: 1 << 20)),
                ("", Array(String(repeating: "\r\n", count: 1 << 19).utf8)),
            ] {
                let statuses = try Self.statuses(siege, opening, more, times: 64)
                #expect(
                    statuses.isEmpty || [400, 414, 431].contains(statuses[0]),
                    "\(statuses) to \(opening.debugDescription)"
                )
            }
            // The longest that the backend takes, and one byte more than the gateway does.
            for (count, status) in [(4_096, 200), (8_193, 414)] {
                let target = "/dav/?" + String(repeating: "x", count: count - 6)
                let statuses = try Self.statuses(siege, "\(Siege.head("OPTIONS \(target)"))\r\n")
                #expect(statuses == [status])
            }
        }
    }

    @Test func `what fits the gateway and not the frame to the backend is refused with 431`() throws
    {
        let settings = "[limits]\nhead = \"1M\"\nfields = 1000\ntarget = \"64K\"\n"
        try withSiege(settings: settings) { siege throws in
            let many = (0..<900).map { "X-\($0): y\r\n" }.joined()
            let long = (0..<20).map { "X-\($0): \(String(repeating: "y", count: 40_000))\r\n" }
                .joined()
            for fields in [many, long] {
                for _ in 0..<8 {
                    let head = Siege.head("GET \(Siege.book)honest.vcf", fields)
                    #expect(try Self.statuses(siege, "\(head)\r\n") == [431])
                }
            }
            #expect(try !siege.server.text(of: "gateway.log").contains("a backend did not answer"))
        }
    }

    @Test func `RFC 9110 §15.5.14: a body that is too long is refused, announced or not`() throws {
        try withSiege { siege throws in
            let put = "PUT \(Siege.book)a.vcf"
            let announced = Siege.head(put, "Content-Length: 99999999\r\n")
            let chunked = Siege.head(put, "Transfer-Encoding: chunked\r\n")
            let chunk = Array("100000\r\n".utf8) + Self.megabyte + Array("\r\n".utf8)
            let largest = Siege.head(put, "Content-Length: 9223372036854775807\r\n")

            #expect(try Self.statuses(siege, "\(announced)\r\n", Self.megabyte, times: 3) == [413])
            #expect(try Self.statuses(siege, "\(largest)\r\n") == [413])
            #expect(try Self.statuses(siege, "\(chunked)\r\n", chunk, times: 40) == [413])
        }
    }

    @Test func `RFC 6352 §6.3.2.1: a card of more than its limit is refused, and not stored`()
        throws
    {
        try withSiege(growthMiB: 64) { siege throws in
            let card = Siege.card("a", note: 10 << 20)
            let head = Siege.head(
                "PUT \(Siege.book)a.vcf",
                "Content-Type: text/vcard\r\nContent-Length: \(card.utf8.count)\r\n"
            )
            let statuses = try Self.statuses(siege, "\(head)\r\n", Array(card.utf8))
            #expect(statuses.count == 1 && [403, 413].contains(statuses[0]), "\(statuses)")
        }
    }

    @Test func `RFC 4918 §20.6: XML that is too deep, too long or refers to itself is refused`()
        throws
    {
        try withSiege(growthMiB: 64) { siege throws in
            let deep = String(repeating: "<a>", count: 500_000)
            let wide =
                "<D:propfind xmlns:D=\"DAV:\"><D:prop>"
                + String(repeating: "<D:a/>", count: 500_000)
            let attributes = "<a " + (0..<100_000).map { "a\($0)=\"\" " }.joined() + "/>"
            let spaces =
                "<D:propfind xmlns:D=\"DAV:\"" + (0..<50_000).map { " xmlns:n\($0)=\"u\"" }.joined()
                + "/>"
            let laughs =
                "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">"
                + (0..<20).map { "<!ENTITY a\($0) \"&a;&a;&a;&a;\">" }.joined()
                + "]><D:propfind xmlns:D=\"DAV:\"><D:prop>&a19;</D:prop></D:propfind>"
            let file =
                "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
                + "<D:propfind xmlns:D=\"DAV:\"><D:prop>&f;</D:prop></D:propfind>"
            for body in [
                deep, wide, attributes, spaces, laughs, file,
                "<a>" + String(repeating: "x", count: 7 << 20),
                "\0", "\u{FEFF}", "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>",
                "<?xml version=\"1.0\" encoding=\"x-nothing\"?><a/>", "<![CDATA[", "<!--",
            ] {
                for method in ["PROPFIND", "REPORT", "PROPPATCH", "MKCOL"] {
                    let path = method == "MKCOL" ? "/dav/addressbooks/made/" : Siege.book
                    let head = Siege.head(
                        "\(method) \(path)",
                        "Depth: 1\r\nContent-Type: text/xml\r\nContent-Length: \(body.utf8.count)\r\n"
                    )
                    let statuses = try Self.statuses(siege, "\(head)\r\n", Array(body.utf8))
                    #expect(
                        statuses.count == 1 && (400..<500).contains(statuses[0]),
                        "\(statuses) to \(method) of \(body.prefix(60).debugDescription)"
                    )
                }
            }
        }
    }

    @Test func `a report on 50,000 cards is answered, or refused as too large, beside others`()
        throws
    {
        try withSiege(growthMiB: 64) { siege throws in
            let socket = try HostileSocket(siege.port, from: "127.0.0.2")
            socket.send(Siege.multiget(count: 50_000))
            socket.read(within: .seconds(60)) {
                socket.received.suffix(5).elementsEqual(Array("0\r\n\r\n".utf8))
            }
            #expect(socket.statuses == [207])
            #expect(
                WireAnswer.all(in: socket.received).first.map { $0.body.count } ?? 0 > 50_000 * 20
            )
        }
    }

    @Test func `RFC 9110 §8.4: a body that says it is compressed is not unpacked`() throws {
        try withSiege { siege throws in
            let file = siege.server.folder.appending(path: "zeros")
            try Data(count: 8 << 20).write(to: file)
            try Programs.run("/usr/bin/gzip", ["-9", file.path])
            let bomb = try Array(Data(contentsOf: file.appendingPathExtension("gz")))
            for coding in ["gzip", "deflate", "br", "identity, gzip", "x"] {
                for method in ["PUT \(Siege.book)a.vcf", "PROPFIND \(Siege.book)"] {
                    let head = Siege.head(
                        method,
                        "Content-Encoding: \(coding)\r\nContent-Length: \(bomb.count)\r\n"
                    )
                    let statuses = try Self.statuses(siege, "\(head)\r\n", bomb)
                    #expect(statuses.count == 1 && (400..<500).contains(statuses[0]), "\(statuses)")
                }
            }
        }
    }
}
