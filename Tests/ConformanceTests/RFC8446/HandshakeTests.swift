import Foundation
import TestSupport
import Testing

/// TLS as openssl and curl speak it with the real gateway.
@Suite(.timeLimit(.minutes(10)))
struct HandshakeTests {
    private static let book = "/dav/addressbooks/default/"

    @Test func `RFC 8446 §4.2.1: TLS 1.2 and 1.3 are spoken, older ones are not`() throws {
        try withSecureServer { server throws in
            #expect(try server.handshake("-tls1_3").contains("New, TLSv1.3"))
            #expect(try server.handshake("-tls1_2").contains("New, TLSv1.2"))
            for old in ["-tls1_1", "-tls1"] {
                let text = try server.handshake(old, "-cipher", "ALL:@SECLEVEL=0")
                #expect(text.contains("alert protocol version"))
            }
        }
        try withSecureServer(settings: "[tls]\nminimum = \"1.3\"\n") { server throws in
            #expect(try server.handshake("-tls1_2").contains("alert protocol version"))
            #expect(try server.handshake("-tls1_3").contains("New, TLSv1.3"))
        }
    }

    @Test func `RFC 7301 §3.2: a protocol that both can is agreed on`() throws {
        try withSecureServer { server throws in
            let both = try server.handshake("-alpn", "h2,http/1.1")
            let old = try server.handshake("-alpn", "http/1.1")
            #expect(both.contains("ALPN protocol: h2"))
            #expect(old.contains("ALPN protocol: http/1.1"))
            #expect(try server.handshake().contains("No ALPN negotiated"))
        }
    }

    @Test func `RFC 6066 §3: the certificate is that of the host asked for`() throws {
        let hosts = [["default.example"], ["a.example.com"], ["*.example.com"]]
        try withSecureServer(hosts: hosts) { server throws in
            func names(_ host: String?) throws -> String {
                let text =
                    try host.map { try server.handshake("-servername", $0) }
                    ?? server.handshake("-noservername")
                let begin = try #require(text.range(of: "-----BEGIN CERTIFICATE-----"))
                let end = try #require(text.range(of: "-----END CERTIFICATE-----"))
                return try Programs.run(
                    "/usr/bin/openssl",
                    ["x509", "-noout", "-ext", "subjectAltName"],
                    input: String(text[begin.lowerBound..<end.upperBound]) + "\n"
                ).output
            }
            for (host, name) in [
                ("a.example.com", "DNS:a.example.com"), ("A.EXAMPLE.com", "DNS:a.example.com"),
                ("b.example.com", "DNS:*.example.com"), ("b.c.example.com", "DNS:default.example"),
                ("example.com", "DNS:default.example"), ("x.test", "DNS:default.example"),
                (nil, "DNS:default.example"),
            ] as [(String?, String)] {
                #expect(try names(host).contains(name), "\(host ?? "-")")
            }
        }
        try withSecureServer(hosts: hosts, settings: "[tls]\nunknown_host = \"refuse\"\n") {
            server throws in
            let refused = try server.handshake("-servername", "x.test")
            #expect(refused.contains("unrecognized name"))
            #expect(!refused.contains("BEGIN CERTIFICATE"))
            #expect(try server.handshake("-noservername").contains("BEGIN CERTIFICATE"))
        }
    }

    @Test func `RFC 9110 §15.5.20: a host that is not served gets 421, whatever its certificate`()
        throws
    {
        try withSecureServer(instances: [("default", "localhost"), ("work", "*.example.com")]) {
            server throws in
            let code = "-w%{http_code}"
            for version in ["--http1.1", "--http2"] {
                #expect(try server.curl(Self.book, version, code, "-o/dev/null") == "200")
                #expect(
                    try server.curl(Self.book, host: "x.test", version, code, "-o/dev/null")
                        == "421"
                )
                #expect(
                    try server.curl(Self.book, host: "w.example.com", version, code, "-o/dev/null")
                        == "200"
                )
            }
        }
    }

    @Test func `RFC 6797 §7.1: https promises itself where it is told to`() throws {
        try withSecureServer(settings: "[tls]\nhsts = \"180d\"\n") { server throws in
            let fields = try server.curl("/", "-D-", "-o/dev/null")
            #expect(fields.contains("strict-transport-security: max-age=15552000"))
            #expect(try server.request("GET", "/")["strict-transport-security"] == nil)
        }
    }
}
