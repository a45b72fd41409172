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

    private static let reading: Set = [
        "read", "read-acl", "read-current-user-privilege-set",
    ]
    private static let writing: Set = [
        "write", "write-properties", "write-content", "bind", "unbind",
    ]

    @Test(
        arguments: [
            ("/dav/", []), ("/dav/principals/", []),
            ("/dav/principals/me/", ["write-properties"]),
            ("/dav/addressbooks/", ["write-properties", "bind", "unbind"]),
            ("/dav/addressbooks/default/", writing), ("/dav/addressbooks/default/a.vcf", writing),
        ] as [(String, Set<String>)]
    )
    func `RFC 3744 §5.4: privileges are told one by one, and differ by role`(
        path: String,
        more: Set<String>
    ) throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )

            #expect(try Self.privileges(server, path, TestServer.reader) == Self.reading)
            #expect(
                try Self.privileges(server, path, TestServer.writer) == Self.reading.union(more)
            )
        }
    }

    @Test
    func `RFC 3744 §5.3: what is granted is supported and not abstract, parts with the whole`()
        throws
    {
        try withServer { server throws in
            let answer = try server.propfind(
                "/dav/addressbooks/default/",
                "<D:supported-privilege-set/>"
            )
            let set = answer.responses.first?.property(.dav("supported-privilege-set"))
            var parents: [String: String] = [:]
            var abstract: Set<String> = []
            func walk(_ element: XMLElement, _ parent: String?) {
                for child in element.all(.dav("supported-privilege")) {
                    let name = child.first(.dav("privilege"))?.children.first?.name.localName ?? ""
                    if child.first(.dav("abstract")) != nil { abstract.insert(name) }
                    parents[name] = parent
                    #expect(child.first(.dav("description"))?.language == "en")
                    #expect(child.first(.dav("description"))?.text.isEmpty == false)
                    walk(child, name)
                }
            }
            walk(try #require(set), nil)
            let granted = try Self.privileges(
                server,
                "/dav/addressbooks/default/",
                TestServer.writer
            )

            #expect(parents["read"] == "all" && parents["write"] == "all")
            for part in Self.writing.subtracting(["write"]) { #expect(parents[part] == "write") }
            #expect(granted.isSubset(of: parents.keys))
            #expect(granted.isDisjoint(with: abstract))
            for (part, whole) in parents where granted.contains(whole) {
                #expect(granted.contains(part))
            }
        }
    }

    @Test(arguments: [
        ("PUT", "/dav/addressbooks/default/new.vcf", "/dav/addressbooks/default/", "bind"),
        (
            "PUT", "/dav/addressbooks/default/a.vcf", "/dav/addressbooks/default/a.vcf",
            "write-content"
        ),
        ("DELETE", "/dav/addressbooks/default/a.vcf", "/dav/addressbooks/default/", "unbind"),
        ("DELETE", "/dav/addressbooks/default/", "/dav/addressbooks/", "unbind"),
        ("MKCOL", "/dav/addressbooks/x/", "/dav/addressbooks/", "bind"),
        (
            "PROPPATCH", "/dav/addressbooks/default/", "/dav/addressbooks/default/",
            "write-properties"
        ),
        ("PROPPATCH", "/dav/addressbooks/", "/dav/addressbooks/", "write-properties"),
    ])
    func `RFC 3744 §7.1.1: a reader who writes is told which privilege is missing, and where`(
        method: String,
        path: String,
        lacking: String,
        privilege: String
    ) throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )

            let answer = try server.request(
                method,
                path,
                body: TestCard.text("A", uid: "1"),
                user: TestServer.reader
            )

            #expect(answer.status == 403)
            #expect(
                answer.text.contains(
                    """
                    <D:need-privileges><D:resource><D:href>\(lacking)</D:href><D:privilege>\
                    <D:\(privilege)/></D:privilege></D:resource></D:need-privileges>
                    """
                )
            )
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
