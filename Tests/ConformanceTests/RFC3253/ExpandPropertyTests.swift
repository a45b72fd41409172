import TestSupport
import Testing
import WebDAV

struct ExpandPropertyTests {
    private static let book = "/dav/addressbooks/default/"

    private static func expand(
        _ server: TestServer,
        _ path: String,
        _ inside: String,
        depth: String? = nil
    ) throws -> HTTPAnswer {
        try server.report(
            path,
            "<D:expand-property xmlns:D=\"DAV:\">\(inside)</D:expand-property>",
            depth.map { ["Depth": $0] } ?? [:]
        )
    }

    private static func property(
        _ name: String,
        _ nested: String = "",
        of namespace: String? = nil
    ) -> String {
        let namespace = namespace.map { " namespace=\"\($0)\"" } ?? ""
        return "<D:property name=\"\(name)\"\(namespace)>\(nested)</D:property>"
    }

    /// The `prop` under the 200 of the response that stands where an href would.
    private static func prop(in element: XMLElement?) -> XMLElement? {
        element?.first(.dav("response"))?.all(.dav("propstat"))
            .first { $0.first(.dav("status"))?.text == "HTTP/1.1 200 OK" }?.first(.dav("prop"))
    }

    @Test func `RFC 3253 §3.8: an href becomes a response with the properties asked of it`() throws
    {
        try withServer { server throws in
            let answer = try Multistatus(
                Self.expand(
                    server,
                    Self.book,
                    Self.property("displayname")
                        + Self.property(
                            "owner",
                            Self.property("displayname")
                                + Self.property(
                                    "addressbook-home-set",
                                    Self.property("displayname"),
                                    of: "urn:ietf:params:xml:ns:carddav"
                                ) + Self.property("getetag")
                        ) + Self.property("principal-collection-set")
                )
            )

            let response = try #require(answer.responses.first)
            #expect(answer.responses.map(\.href) == [Self.book])
            #expect(response.property(.dav("displayname"))?.text == "Contacts")
            let owner = response.property(.dav("owner"))
            #expect(owner?.first(.dav("href")) == nil)
            #expect(
                owner?.first(.dav("response"))?.first(.dav("href"))?.text == "/dav/principals/me/"
            )
            let principal = Self.prop(in: owner)
            #expect(principal?.first(.dav("displayname"))?.text == "alice")
            let home = Self.prop(in: principal?.first(.carddav("addressbook-home-set")))
            #expect(home?.first(.dav("displayname"))?.text == "Address books")
            let missing = owner?.first(.dav("response"))?.all(.dav("propstat"))
                .first { $0.first(.dav("status"))?.text == "HTTP/1.1 404 Not Found" }
            #expect(missing?.first(.dav("prop"))?.children.map(\.name) == [.dav("getetag")])
            #expect(
                response.property(.dav("principal-collection-set"))?.first(.dav("href"))?.text
                    == "/dav/principals/"
            )
        }
    }

    @Test func `RFC 3253 §3.8: every href of a value is expanded, however deep it stands`() throws {
        try withServer { server throws in
            let answer = try Multistatus(
                Self.expand(
                    server,
                    Self.book,
                    Self.property("acl", Self.property("displayname"))
                )
            )

            let ace = answer.responses.first?.property(.dav("acl"))?.first(.dav("ace"))
            #expect(
                Self.prop(in: ace?.first(.dav("principal")))?.first(.dav("displayname"))?.text
                    == "alice"
            )
        }
    }

    @Test func `RFC 3253 §3.8: an href that is none of the server's stays as it is`() throws {
        try withServer { server throws in
            let answer = try Multistatus(
                Self.expand(
                    server,
                    Self.book,
                    Self.property("resource-id", Self.property("displayname"))
                )
            )

            let id = answer.responses.first?.property(.dav("resource-id"))
            #expect(id?.children.map(\.name) == [.dav("href")])
            #expect(id?.first(.dav("href"))?.text.hasPrefix("urn:uuid:") == true)
        }
    }

    @Test func `RFC 3253 §3.6: Depth 1 tells of each member too, infinity is refused`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", "\(Self.book)a.vcf", body: TestCard.text("A", uid: "1"))
            let inside = Self.property("owner", Self.property("displayname"))

            let one = try Multistatus(Self.expand(server, Self.book, inside, depth: "1"))
            let infinite = try Self.expand(server, Self.book, inside, depth: "infinity")

            #expect(one.responses.map(\.href) == [Self.book, "\(Self.book)a.vcf"])
            for response in one.responses {
                let principal = Self.prop(in: response.property(.dav("owner")))
                #expect(principal?.first(.dav("displayname"))?.text == "alice")
            }
            #expect(infinite.status == 403)
        }
    }

    @Test
    func `RFC 3253 §3.8: nothing is expanded that nobody asked for, and 404 what is not there`()
        throws
    {
        try withServer { server throws in
            let empty = try Multistatus(Self.expand(server, Self.book, ""))
            let unknown = try Multistatus(
                Self.expand(server, Self.book, Self.property("p", Self.property("q"), of: "urn:x"))
            )

            #expect(empty.responses.map(\.href) == [Self.book])
            #expect(unknown.responses.first?.missing == [QualifiedName("urn:x", "p")])
        }
    }

    @Test(arguments: [
        String(repeating: "<D:property name=\"owner\">", count: 9)
            + String(repeating: "</D:property>", count: 9),
        String(repeating: "<D:property name=\"owner\"/>", count: 257), "<D:property/>",
        "<D:property name=\"\"/>", "<D:property name=\"a&gt;&lt;b/&gt;&lt;c\"/>",
        "<D:property name=\"a:b\"/>", "<D:property name=\"1a\"/>",
        "<D:property name=\"a\" namespace=\"http://www.w3.org/2000/xmlns/\"/>",
    ])
    func `RFC 3253 §3.8: too deep, too many or no names are refused with 400`(
        inside: String
    ) throws {
        try withServer { server throws in
            #expect(try Self.expand(server, Self.book, inside).status == 400)
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }
}
