import TestSupport
import Testing
import WebDAV

struct PrivilegeTests {
    private static func privileges(
        _ server: TestServer,
        _ path: String,
        _ user: (String, String)
    ) throws -> Set<String> {
        let answer = try server.propfind(path, "<D:current-user-privilege-set/>", user: user)
        let set = answer.responses.first?.property(.dav("current-user-privilege-set"))
        return Set(set?.children.compactMap { $0.children.first?.name.localName } ?? [])
    }

    @Test func `RFC 3744 §5.4: privileges are told one by one, and differ by role`() throws {
        try withServer { server throws in
            let book = "/dav/addressbooks/default/"
            let reading: Set = ["read", "read-current-user-privilege-set"]

            #expect(try Self.privileges(server, book, TestServer.reader) == reading)
            #expect(
                try Self.privileges(server, book, TestServer.writer)
                    == reading.union([
                        "write", "write-properties", "write-content", "bind", "unbind",
                    ])
            )
            #expect(
                try Self.privileges(server, "/dav/addressbooks/", TestServer.writer)
                    == reading.union(["bind", "unbind"])
            )
        }
    }

    @Test(arguments: [
        ("PUT", "/dav/addressbooks/default/a.vcf", "write-content"),
        ("DELETE", "/dav/addressbooks/default/a.vcf", "unbind"),
        ("DELETE", "/dav/addressbooks/default/", "unbind"),
        ("MKCOL", "/dav/addressbooks/x/", "bind"),
        ("PROPPATCH", "/dav/addressbooks/default/", "write-properties"),
    ])
    func `RFC 3744 §7.1.1: a reader who writes is told which privilege is missing`(
        method: String,
        path: String,
        privilege: String
    ) throws {
        try withServer { server throws in
            let answer = try server.request(
                method,
                path,
                body: TestCard.text("A", uid: "1"),
                user: TestServer.reader
            )

            #expect(answer.status == 403)
            #expect(answer.text.contains("need-privileges"))
            #expect(answer.text.contains("<D:\(privilege)/>"))
        }
    }

    @Test func `RFC 3744 §7.1.1: a reader reads whatever there is`() throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )

            let answer = try server.request(
                "GET",
                "/dav/addressbooks/default/a.vcf",
                user: TestServer.reader
            )

            #expect(answer.status == 200)
        }
    }

    @Test func `RFC 5397 §3: every resource names the principal, home and owner`() throws {
        try withServer { server throws in
            for path in [
                "/dav/", "/dav/principals/me/", "/dav/addressbooks/", "/dav/addressbooks/default/",
            ] {
                let answer = try server.propfind(
                    path,
                    "<D:current-user-principal/><D:principal-URL/><C:addressbook-home-set/>"
                )
                let response = try #require(answer.responses.first)
                let href = { (name: QualifiedName) in
                    response.property(name)?.first(.dav("href"))?.text
                }
                #expect(href(.dav("current-user-principal")) == "/dav/principals/me/")
                #expect(href(.dav("principal-URL")) == "/dav/principals/me/")
                #expect(href(.carddav("addressbook-home-set")) == "/dav/addressbooks/")
            }
        }
    }
}
