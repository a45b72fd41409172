import Foundation
import TestSupport
import Testing
import WebDAV

struct ResourceIDTests {
    private static func id(_ server: TestServer, _ path: String) throws -> String? {
        try server.propfind(path, "<D:resource-id/>").responses.first?
            .property(.dav("resource-id"))?.first(.dav("href"))?.text
    }

    @Test func `RFC 5842 §3.1: a book has an id of its own that stays`() throws {
        try withServer { server throws in
            let first = "/dav/addressbooks/default/"
            let second = "/dav/addressbooks/second/"
            #expect(try server.request("MKCOL", second).status == 201)
            let ids = try (Self.id(server, first), Self.id(server, second))
            _ = try server.request("PUT", "\(first)a.vcf", body: TestCard.text("A", uid: "1"))
            _ = try server.request(
                "PROPPATCH",
                first,
                body: """
                    <D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>New\
                    </D:displayname></D:prop></D:set></D:propertyupdate>
                    """
            )
            server.stopBackend("default")
            try server.startBackend("default")

            let text = try #require(ids.0)
            #expect(text.hasPrefix("urn:uuid:"))
            #expect(UUID(uuidString: String(text.dropFirst("urn:uuid:".count))) != nil)
            #expect(ids.1 != nil && ids.1 != ids.0)
            #expect(try Self.id(server, first) == ids.0)
        }
    }

    @Test func `RFC 5842 §3.1: a book that takes another's name has another id`() throws {
        try withServer { server throws in
            let path = "/dav/addressbooks/again/"
            _ = try server.request("MKCOL", path)
            let before = try Self.id(server, path)
            _ = try server.request("DELETE", path)
            _ = try server.request("MKCOL", path)

            #expect(before != nil)
            #expect(try Self.id(server, path) != before)
        }
    }

    @Test func `RFC 5842 §3.1: what has no id of its own claims none`() throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            for path in ["/dav/", "/dav/principals/me/", "/dav/addressbooks/default/a.vcf"] {
                #expect(try Self.id(server, path) == nil)
            }
        }
    }
}
