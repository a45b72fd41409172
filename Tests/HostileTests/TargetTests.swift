import Foundation
import TestSupport
import Testing

/// Targets, hosts and fields whose bytes try to mean something else on the way.
@Suite(.timeLimit(.minutes(10)))
struct TargetTests {
    private static let inside = "/dav/addressbooks/default/"

    /// Ways to leave a folder, to spell one character twice, and to end a path early.
    private static let tricks: [String] = [
        "/dav/../honest", "/dav/%2e%2e/honest", "/dav/%2E%2E/honest", "/dav/.%2e/honest",
        "/dav/%2e./honest", "/dav/./honest", "/dav/%2e/honest", "/dav/addressbooks/..%2fhonest",
        "/dav/addressbooks/%2e%2e%2f%2e%2e%2fetc", "/dav/addressbooks/..%5chonest",
        "/dav/addressbooks/..\\honest", "/dav/addressbooks/%252e%252e/honest",
        "/dav/addressbooks/%c0%ae%c0%ae/honest", "/dav/addressbooks/%c0%af",
        "/dav/addressbooks/%e0%80%af", "/dav/addressbooks/%f0%80%80%af",
        "/dav/addressbooks/%ed%a0%80", "/dav/addressbooks/%f4%90%80%80",
        "/dav/addressbooks/%ff%fe", "/dav/addressbooks/%u002e%u002e/",
        "\(inside)honest.vcf%00.txt", "\(inside)%00", "\(inside)honest.vcf%0d%0aX:%20y",
        "\(inside)honest.vcf%7f", "\(inside)honest.vcf%", "\(inside)honest.vcf%2",
        "\(inside)honest.vcf%zz", "\(inside)honest.vcf#x",
        "\(inside)honest.vcf/", "\(inside)honest.vcf//", "\(inside)/honest.vcf",
        "//dav/addressbooks/default/honest.vcf", "/dav//addressbooks/default/honest.vcf",
        "///", "/dav/addressbooks/default/.git/config", "/dav/addressbooks/.git/HEAD",
        "\(inside).everlock", "\(inside)config.toml", "\(inside)%2egit",
        "/DAV/addressbooks/default/honest.vcf", "/dav/addressbooks/DEFAULT/honest.vcf",
        "/dav/addressbooks/default%2fhonest.vcf", "/dav/addressbooks/default/..;/honest.vcf",
        "*", "localhost:80", "http://", "http:/dav/", "dav/", "?", "#",
        "http://evil.example/dav/addressbooks/default/honest.vcf",
        "http://localhost/../dav/", "http://user:pass@localhost/dav/", "//evil.example/dav/",
        "https://localhost:99999/dav/", "file:///etc/passwd", "/dav/addressbooks/default/\u{202E}",
        "/dav/addressbooks/default/honest.vcf\u{FF0F}x", "/dav/ü/", "/dav/%C3%BC/%F0%9F%92%A9",
        "/dav/addressbooks/\(String(repeating: "a/", count: 2_000))",
        "/dav/addressbooks/default/\(String(repeating: "%41", count: 1_000)).vcf",
    ]

    private static func ask(_ siege: Siege, _ bytes: [UInt8]) throws -> [WireAnswer] {
        let socket = try HostileSocket(siege.port, from: "127.0.0.2")
        socket.send(bytes)
        socket.read(within: .seconds(5)) { socket.statuses.contains { $0 >= 200 } }
        return WireAnswer.all(in: socket.received).filter { $0.status >= 200 }
    }

    @Test func `what only looks like another name is a name of its own`() throws {
        try withSiege { siege throws in
            for name in ["honest.vcf;x=y", "CON", "*", "honest.vcf.", "~", "-rf", "a&b", "$(id)"] {
                let path = "\(Siege.book)\(name)"
                let put = try siege.server.request("PUT", path, body: Siege.card(name))
                #expect(put.status == 201, "\(put.status) to \(name)")
                #expect(try siege.cards().count == 2, "\(name)")
                #expect(try siege.server.request("GET", path).text == Siege.card(name))
                #expect(try siege.server.request("DELETE", path).status == 204)
            }
        }
    }

    @Test func `RFC 3986 §6: no spelling of a target reaches what another one names`() throws {
        try withSiege { siege throws in
            for target in Self.tricks {
                for method in ["GET", "PUT", "DELETE", "PROPFIND", "MKCOL"] {
                    let body = method == "PUT" ? Siege.card("trick") : ""
                    let fields = "Depth: 0\r\nContent-Length: \(body.utf8.count)\r\n"
                    let request = Siege.head("\(method) \(target)", fields) + "\r\n\(body)"
                    let answers = try Self.ask(siege, Array(request.utf8))
                    let statuses = answers.map(\.status)

                    #expect(
                        statuses.count == 1
                            && ((400..<500).contains(statuses[0]) || statuses == [501])
                            || (statuses.first == 301 && target == "?"),
                        "\(statuses) to \(method) \(target.prefix(80))"
                    )
                    #expect(answers.allSatisfy { $0.fields["x"] == nil })
                }
            }
        }
    }

    /// Bytes that are no UTF-8, and text that is none.
    private static let bytes: [[UInt8]] = [
        [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
        [0x80], [0xFE, 0xFF], [0xEF, 0xBB, 0xBF], [0xC2, 0x85], [0xE2, 0x80, 0xA8], [0x7F], [0x1B],
    ]

    @Test func `bytes that are no text are refused or replaced, in every part of a request`() throws
    {
        try withSiege(settings: Siege.manyFailures) { siege throws in
            for bytes in Self.bytes {
                let credentials = Data(Array("alice".utf8) + bytes + Array(":x".utf8))
                let password = Data(Array("alice:".utf8) + bytes)
                func request(_ line: String, _ fields: [UInt8], _ body: [UInt8] = []) -> [UInt8] {
                    Array("\(line) HTTP/1.1\r\nHost: localhost\r\n".utf8) + fields
                        + Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
                }
                let own = Array(Siege.authorization.utf8)
                let path = "\(Siege.book)honest.vcf"
                let card = Siege.card("twisted")
                let torn = Array(card.replacing("FN:", with: "FN:\u{1}").utf8)
                    .flatMap { $0 == 1 ? bytes : [$0] }
                let cases: [(String, [UInt8], Set<Int>)] = [
                    (
                        "target",
                        Array("GET \(Siege.book)".utf8) + bytes
                            + Array(" HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), [400]
                    ),
                    (
                        "host",
                        Array("GET \(path) HTTP/1.1\r\nHost: a".utf8) + bytes
                            + Array("\r\n\r\n".utf8),
                        [400]
                    ),
                    (
                        "name",
                        request(
                            "GET \(path)",
                            Array(
                                "Authorization: Basic \(credentials.base64EncodedString())\r\n".utf8
                            )
                        ), [401]
                    ),
                    (
                        "password",
                        request(
                            "GET \(path)",
                            Array("Authorization: Basic \(password.base64EncodedString())\r\n".utf8)
                        ), [401]
                    ),
                    (
                        "credentials",
                        request(
                            "GET \(path)",
                            Array("Authorization: Basic ".utf8) + bytes + [13, 10]
                        ),
                        [400, 401]
                    ),
                    (
                        "field's name",
                        request(
                            "GET \(path)",
                            own + Array("X".utf8) + bytes + Array(": y\r\n".utf8)
                        ),
                        [400]
                    ),
                    (
                        "Depth",
                        request(
                            "PROPFIND \(path)",
                            own + Array("Depth: ".utf8) + bytes + [13, 10]
                        ),
                        [400]
                    ),
                    (
                        "Destination",
                        request(
                            "COPY \(path)",
                            own + Array("Destination: \(Siege.book)".utf8) + bytes + [13, 10]
                        ), [400, 403]
                    ),
                    (
                        "escaped Destination",
                        request(
                            "COPY \(path)",
                            own + Array("Destination: \(Siege.book)".utf8)
                                + Array(
                                    bytes.map { "%\(String(format: "%02X", $0))" }.joined().utf8
                                )
                                + [13, 10]
                        ), [400, 403]
                    ),
                    ("XML", request("PROPFIND \(path)", own, Array("<a>".utf8) + bytes), [400]),
                ]
                for (part, request, statuses) in cases {
                    let found = try Self.ask(siege, request).map(\.status)
                    // A control character that is text, and a mark at the beginning, may be a name.
                    let isText = String(validating: bytes, as: UTF8.self) != nil
                    let isNamed = isText && part.hasSuffix("Destination") && found == [201]
                    #expect(
                        found.count == 1 && (statuses.contains(found[0]) || isNamed),
                        "\(found) to \(bytes) in \(part)"
                    )
                    if isNamed {
                        for name in try siege.cards() where name != "honest.vcf" {
                            _ = try siege.server.request("DELETE", Siege.book + name)
                        }
                    }
                }
                let put = request("PUT \(Siege.book)twisted.vcf", own, torn)
                let found = try Self.ask(siege, put).map(\.status)
                #expect(found.count == 1 && found[0] < 500, "\(found) to a card with \(bytes)")
                if let status = found.first, status < 300 {
                    _ = try siege.server.request("DELETE", "\(Siege.book)twisted.vcf")
                }
            }
        }
    }

    @Test func `RFC 9110 §7.2: no Host leads anywhere but where the settings say`() throws {
        try withServer(instances: [("work", "work.example")]) { server throws in
            let hosts: [(String, Set<Int>)] = [
                ("work.example", [200]), ("WORK.EXAMPLE.:8080", [200]), ("evil.example", [421]),
                ("localhost", [421]), ("work.example.evil.example", [421]),
                ("evilwork.example", [421]),
                ("work.example@evil.example", [400]), ("evil.example#work.example", [400]),
                ("work.example/", [400]), ("work.example\\", [400]), ("work.example:x", [400]),
                ("work.example:", [200, 400]), ("work.example:80:80", [400]), (" ", [400]),
                ("work.example,evil.example", [400]), ("*", [400, 421]), ("*.example", [400, 421]),
                ("[::1]", [421]), ("[::1", [400, 421]), ("[work.example]", [400, 421]),
                ("..", [400, 421]),
                (".work.example", [421]), ("work..example", [421]), ("work.example..", [421, 400]),
                ("work%2eexample", [400]), ("w\u{F6}rk.example", [400]),
                ("work.example\t", [200, 400]),
                (String(repeating: "a", count: 254), [400]),
                (String(repeating: "a.", count: 2_000), [400]),
                ("../../run/work", [400]), ("work.sock", [421]), ("$(id)", [400]), ("%s%n", [400]),
            ]
            for (host, statuses) in hosts {
                let socket = try HostileSocket(server.port)
                socket.send("OPTIONS /dav/ HTTP/1.1\r\nHost: \(host)\r\n\(Siege.authorization)\r\n")
                socket.read(within: .seconds(5)) { !socket.statuses.isEmpty }
                #expect(
                    socket.statuses.count == 1 && statuses.contains(socket.statuses[0]),
                    "\(socket.statuses) to \(host.prefix(60))"
                )
            }
            // Thousands of them are remembered nowhere.
            let before = try ProcessMemory(of: server.gatewayID)
            let socket = try HostileSocket(server.port)
            for number in 0..<5_000 {
                socket.send("GET / HTTP/1.1\r\nHost: h\(number).example\r\n\r\n")
            }
            socket.read(within: .seconds(10)) { socket.statuses.count == 5_000 }
            #expect(Set(socket.statuses) == [421])
            #expect(try ProcessMemory(of: server.gatewayID).residentMiB - before.residentMiB < 16)
        }
    }
}
