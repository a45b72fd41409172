import TestSupport
import Testing
import WebDAV

struct AccessPropertyTests {
    private static let everywhere = [
        "/dav/", "/dav/principals/", "/dav/principals/me/", "/dav/addressbooks/",
        "/dav/addressbooks/default/", "/dav/addressbooks/default/a.vcf",
    ]

    private static func fill(_ server: TestServer) throws {
        _ = try server.request(
            "PUT",
            "/dav/addressbooks/default/a.vcf",
            body: TestCard.text("A", uid: "1")
        )
    }

    @Test func `RFC 3744 §5: every resource has each of the properties`() throws {
        try withServer { server throws in
            try Self.fill(server)
            for path in Self.everywhere {
                let answer = try server.propfind(
                    path,
                    """
                    <D:owner/><D:group/><D:supported-privilege-set/>\
                    <D:current-user-privilege-set/><D:acl/><D:acl-restrictions/>\
                    <D:inherited-acl-set/><D:principal-collection-set/>
                    """
                )
                let response = try #require(answer.responses.first)

                #expect(response.missing.isEmpty, "\(path)")
                #expect(response.property(.dav("group"))?.children.isEmpty == true)
                #expect(response.property(.dav("inherited-acl-set"))?.children.isEmpty == true)
                #expect(
                    response.property(.dav("acl-restrictions"))?.children.map(\.name)
                        == [.dav("grant-only"), .dav("no-invert")]
                )
                #expect(
                    response.property(.dav("principal-collection-set"))?
                        .first(.dav("href"))?.text == "/dav/principals/"
                )
            }
        }
    }

    @Test func `RFC 3744 §5.1: cards, books and the home are owned, the server's own is not`()
        throws
    {
        try withServer { server throws in
            try Self.fill(server)
            for path in Self.everywhere {
                let owner = try server.propfind(path, "<D:owner/>").responses.first?
                    .property(.dav("owner"))

                let isOwned = path != "/dav/" && path != "/dav/principals/"
                #expect(
                    owner?.children.map(\.text) == (isOwned ? ["/dav/principals/me/"] : []),
                    "\(path)"
                )
            }
        }
    }

    @Test(arguments: [TestServer.writer, TestServer.reader])
    func `RFC 3744 §5.5: the list grants what the privilege set says, protected`(
        user: (String, String)
    ) throws {
        try withServer { server throws in
            let answer = try server.propfind(
                "/dav/addressbooks/default/",
                "<D:acl/><D:current-user-privilege-set/>",
                user: user
            )
            let response = try #require(answer.responses.first)
            let ace = try #require(response.property(.dav("acl"))?.first(.dav("ace")))

            let principal = ace.first(.dav("principal"))?.first(.dav("href"))?.text
            #expect(principal == "/dav/principals/me/")
            #expect(ace.first(.dav("protected")) != nil)
            #expect(
                ace.first(.dav("grant"))?.children
                    == response.property(.dav("current-user-privilege-set"))?.children
            )
        }
    }

    @Test func `RFC 3744 §5: allprop tells none of it`() throws {
        try withServer { server throws in
            let answer = try Multistatus(
                server.request("PROPFIND", "/dav/principals/me/", ["Depth": "0"])
            )
            let names = Set(
                answer.responses.first?.propstats.flatMap { $0.properties.map(\.name) } ?? []
            )

            #expect(names.contains(.dav("displayname")))
            for name in [
                "owner", "group", "supported-privilege-set", "current-user-privilege-set", "acl",
                "acl-restrictions", "inherited-acl-set", "principal-collection-set",
                "alternate-URI-set", "principal-URL", "group-member-set", "group-membership",
                "quota-available-bytes", "quota-used-bytes", "resource-id",
            ] { #expect(!names.contains(.dav(name)), "\(name)") }
        }
    }

    @Test func `RFC 3744 §4: the principal is one, has a name and no groups`() throws {
        try withServer { server throws in
            let answer = try server.propfind(
                "/dav/principals/me/",
                """
                <D:displayname/><D:resourcetype/><D:principal-URL/><D:alternate-URI-set/>\
                <D:group-member-set/><D:group-membership/>
                """,
                user: TestServer.reader
            )
            let response = try #require(answer.responses.first)

            #expect(response.property(.dav("displayname"))?.text == "rita")
            #expect(response.property(.dav("resourcetype"))?.first(.dav("principal")) != nil)
            #expect(
                response.property(.dav("principal-URL"))?.first(.dav("href"))?.text
                    == "/dav/principals/me/"
            )
            for name in ["alternate-URI-set", "group-member-set", "group-membership"] {
                #expect(response.property(.dav(name))?.children.isEmpty == true, "\(name)")
            }
        }
    }

    @Test func `RFC 3744 §4: what only principals have is nowhere else`() throws {
        try withServer { server throws in
            let answer = try server.propfind(
                "/dav/addressbooks/default/",
                "<D:alternate-URI-set/><D:group-member-set/><D:group-membership/>"
            )

            #expect(answer.responses.first?.missing.count == 3)
        }
    }

    @Test(arguments: ["owner", "acl", "current-user-privilege-set", "quota-used-bytes"])
    func `RFC 3744 §5.1.2: a protected property is not set`(name: String) throws {
        try withServer { server throws in
            for path in ["/dav/addressbooks/", "/dav/addressbooks/default/"] {
                let answer = try Multistatus(
                    server.request(
                        "PROPPATCH",
                        path,
                        body: """
                            <D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:\(name)/></D:prop>\
                            </D:set></D:propertyupdate>
                            """
                    )
                )

                let statuses = answer.responses.first?.propstats.map(\.status)
                #expect(statuses == ["HTTP/1.1 403 Forbidden"])
                #expect(answer.answer.text.contains("cannot-modify-protected-property"))
            }
        }
    }
}
