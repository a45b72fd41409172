import Foundation
import TestSupport
import Testing

/// HTTP/2 as curl and nghttp2 speak it with the real system.
@Suite(.timeLimit(.minutes(10)))
struct HTTP2Tests {
    private static func card(_ uid: String, note: Int = 0) -> String {
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:\(uid)\r\nFN:\(uid)\r\nN:\(uid);;;;\r\n"
            + "NOTE:\(String(repeating: "x", count: note))\r\nEND:VCARD\r\n"
    }

    @Test func `RFC 9113 §8.1: cards are written, read, listed and deleted over a stream each`()
        throws
    {
        try withSecureServer { server throws in
            let file = server.folder.appending(path: "card.vcf")
            let path = "/dav/addressbooks/default/a.vcf"
            let code = "-w%{http_code} %{http_version}"
            for size in [0, 500_000] {
                let card = Self.card("a", note: size)
                try Data(card.utf8).write(to: file)
                let put = try server.curl(path, "--http2", "-T", file.path, code)

                #expect(put.hasSuffix(size == 0 ? "201 2" : "204 2"))
                #expect(try server.curl(path, "--http2") == card)
                #expect(try server.curl(path, "--http1.1") == card)
            }
            let listing = try server.curl(
                "/dav/addressbooks/default/",
                "--http2",
                "-XPROPFIND",
                "-HDepth: 1"
            )
            #expect(listing.contains("a.vcf"))
            #expect(try server.curl(path, "--http2", "-I", code).hasSuffix("200 2"))
            #expect(try server.curl(path, "--http2", "-XDELETE", code).hasSuffix("204 2"))
            #expect(try server.curl(path, "--http2", code).hasSuffix("404 2"))
        }
    }

    @Test func `RFC 9110 §8.4: a long listing is compressed for those who take it, and no card is`()
        throws
    {
        try withSecureServer { server throws in
            for number in 0..<40 {
                let body = Self.card("card-\(number)", note: 4_000)
                let path = "/dav/addressbooks/default/\(number).vcf"
                try #require(server.request("PUT", path, body: body).status == 201)
            }
            let list = ["-XPROPFIND", "-HDepth: 1", "-HAccept-Encoding: gzip"]
            for version in ["--http2", "--http1.1"] {
                let book = "/dav/addressbooks/default/"
                let plain = try server.curl(book, version, list[0], list[1])
                let packed = try server.curl(book, version, list[0], list[1], "--compressed")
                let fields = try server.curl(
                    book,
                    version,
                    list[0],
                    list[1],
                    list[2],
                    "-D-",
                    "-o/dev/null"
                )
                let card = try server.curl(
                    "\(book)1.vcf",
                    version,
                    list[2],
                    "-D-",
                    "-o/dev/null"
                )

                #expect(plain == packed)
                #expect(fields.lowercased().contains("content-encoding: gzip"))
                #expect(fields.lowercased().contains("vary: accept-encoding"))
                #expect(!card.lowercased().contains("content-encoding"))
            }
        }
    }

    @Test func `RFC 9113 §5.1.2: many streams on many connections are all answered`() throws {
        try withSecureServer { server throws in
            let body = Self.card("a")
            try #require(
                server.request("PUT", "/dav/addressbooks/default/a.vcf", body: body).status == 201
            )
            let pair = "\(TestServer.writer.0):\(TestServer.writer.1)"
            let load = try Programs.run(
                "/usr/bin/h2load",
                [
                    "-n", "2000", "-c", "4", "-m", "10", "-H",
                    "Authorization: Basic \(Data(pair.utf8).base64EncodedString())",
                    "https://127.0.0.1:\(server.securePort)/dav/addressbooks/default/a.vcf",
                ]
            )
            #expect(load.output.contains("2000 succeeded, 0 failed"), "\(load.output)")
            #expect(load.output.contains("status codes: 2000 2xx"))
        }
    }
}
