import TestSupport
import Testing

struct DeleteTests {
    private static let card = "/dav/addressbooks/default/a.vcf"

    @Test func `RFC 4918 §9.6: a deleted card is gone, and a second DELETE answers 404`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))

            #expect(try server.request("DELETE", Self.card).status == 204)
            #expect(try server.request("GET", Self.card).status == 404)
            #expect(try server.request("DELETE", Self.card).status == 404)
        }
    }

    @Test func `RFC 9110 §13.1.1: DELETE under a stale If-Match deletes nothing`() throws {
        try withServer { server throws in
            let put = try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))
            let etag = try #require(put["etag"])

            let stale = try server.request(
                "DELETE",
                Self.card,
                ["If-Match": "\"\(String(repeating: "0", count: 40))\""]
            )
            let right = try server.request("DELETE", Self.card, ["If-Match": etag])

            #expect(stale.status == 412)
            #expect(right.status == 204)
        }
    }

    @Test func `RFC 4918 §9.6.1: a deleted book is gone with its cards, its history stays`() throws
    {
        try withServer { server throws in
            _ = try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))

            let deleted = try server.request("DELETE", "/dav/addressbooks/default/")

            #expect(deleted.status == 204)
            #expect(try server.request("GET", Self.card).status == 404)
            #expect(
                try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1")).status
                    == 409
            )
            #expect(
                try server.git("default", "show", "HEAD~1:default/a.vcf").output.contains("FN:A")
            )
        }
    }

    @Test(arguments: ["/dav/", "/dav/principals/me/", "/dav/addressbooks/"])
    func `RFC 9110 §15.5.6: what cannot be deleted answers 405 with Allow`(path: String) throws {
        try withServer { server throws in
            let answer = try server.request("DELETE", path)

            #expect(answer.status == 405)
            let allowed = answer["allow"]?.split(separator: ", ") ?? []
            #expect(allowed.contains("PROPFIND") && !allowed.contains("DELETE"))
        }
    }

    @Test(arguments: [
        "/dav/addressbooks/default/%00", "/dav/addressbooks/default/..",
        "/dav/addressbooks/%2e%2e/",
        "/dav/addressbooks/default%2fa.vcf", "/dav/addressbooks/default/a%5cb.vcf",
        "/dav/addressbooks/default//a.vcf", "/dav/addressbooks/default/%zz",
        "/dav/addressbooks/default/%ff.vcf", "/dav/addressbooks/default/config.toml",
        "/dav/addressbooks/.git/", "/dav/addressbooks/default/%c0%af.vcf",
    ])
    func `RFC 3986 §3.3: a path that could mean something else deletes nothing`(path: String) throws
    {
        try withServer { server throws in
            _ = try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))
            let before = try server.git("default", "rev-parse", "HEAD").output

            let answer = try server.request("DELETE", path)

            #expect([400, 403].contains(answer.status))
            #expect(try server.git("default", "rev-parse", "HEAD").output == before)
        }
    }
}
