import TestSupport
import Testing
import WebDAV

struct PrincipalReportTests {
    private static let book = "/dav/addressbooks/default/"
    private static let me = "/dav/principals/me/"

    private static func fill(_ server: TestServer) throws {
        for name in ["a", "b"] {
            _ = try server.request(
                "PUT",
                "\(book)\(name).vcf",
                body: TestCard.text(name, uid: name)
            )
        }
    }

    private static func report(
        _ server: TestServer,
        _ path: String,
        _ name: String,
        _ inside: String,
        depth: String? = "0"
    ) throws -> HTTPAnswer {
        try server.report(
            path,
            "<D:\(name) xmlns:D=\"DAV:\">\(inside)</D:\(name)>",
            depth.map { ["Depth": $0] } ?? [:]
        )
    }

    private static func search(_ match: String, _ property: String = "displayname") -> String {
        """
        <D:property-search><D:prop><D:\(property)/></D:prop><D:match>\(match)</D:match>\
        </D:property-search>
        """
    }

    private static let emptyBodies = [
        ("acl-principal-prop-set", "<D:prop><D:displayname/></D:prop>"),
        ("principal-match", "<D:self/>"), ("principal-property-search", search("a")),
        ("principal-search-property-set", ""),
    ]

    // MARK: Depth

    @Test(arguments: emptyBodies)
    func `RFC 3744 §9: a Depth other than 0 is refused with 400, none means 0`(
        name: String,
        inside: String
    ) throws {
        try withServer { server throws in
            for depth in ["1", "infinity"] {
                let answer = try Self.report(
                    server,
                    "/dav/principals/",
                    name,
                    inside,
                    depth: depth
                )
                #expect(answer.status == 400)
            }
            let answer = try Self.report(server, "/dav/principals/", name, inside, depth: nil)
            #expect(answer.status == (name == "principal-search-property-set" ? 200 : 207))
        }
    }

    // MARK: acl-principal-prop-set

    @Test func `RFC 3744 §9.2: each principal of the list is told once, with its properties`()
        throws
    {
        try withServer { server throws in
            try Self.fill(server)
            for path in ["/dav/", "/dav/addressbooks/", Self.book, "\(Self.book)a.vcf"] {
                let answer = try Multistatus(
                    Self.report(
                        server,
                        path,
                        "acl-principal-prop-set",
                        "<D:prop><D:displayname/><D:nonsense/></D:prop>"
                    )
                )

                #expect(answer.responses.map(\.href) == [Self.me], "\(path)")
                let response = try #require(answer.responses.first)
                #expect(response.property(.dav("displayname"))?.text == "alice")
                #expect(response.missing == [.dav("nonsense")])
            }
        }
    }

    // MARK: principal-match

    @Test(arguments: [
        ("/dav/", [me]), ("/dav/principals/", [me]), (me, []), ("/dav/addressbooks/", []),
    ])
    func `RFC 3744 §9.3: self finds the principal of whoever asks, at any depth`(
        path: String,
        hrefs: [String]
    ) throws {
        try withServer { server throws in
            let answer = try Multistatus(
                Self.report(server, path, "principal-match", "<D:self/>")
            )

            #expect(answer.responses.map(\.href) == hrefs)
            #expect(answer.responses.allSatisfy { $0.status == "HTTP/1.1 200 OK" })
        }
    }

    @Test func `RFC 3744 §9.3: a property finds what it ties to whoever asks`() throws {
        try withServer { server throws in
            try Self.fill(server)
            let owned = "<D:principal-property><D:owner/></D:principal-property>"

            let home = try Multistatus(
                Self.report(server, "/dav/addressbooks/", "principal-match", owned)
            )
            let asked = try Multistatus(
                Self.report(
                    server,
                    Self.book,
                    "principal-match",
                    owned + "<D:prop><D:getetag/></D:prop>"
                )
            )
            let other = try Multistatus(
                Self.report(
                    server,
                    "/dav/",
                    "principal-match",
                    "<D:principal-property><D:group/></D:principal-property>"
                )
            )

            #expect(
                home.responses.map(\.href) == [
                    Self.book, "\(Self.book)a.vcf", "\(Self.book)b.vcf",
                ]
            )
            #expect(
                asked.responses.map(\.href) == ["\(Self.book)a.vcf", "\(Self.book)b.vcf"]
            )
            #expect(asked.responses.allSatisfy { $0.property(.dav("getetag")) != nil })
            #expect(other.responses.isEmpty)
        }
    }

    // MARK: principal-property-search

    @Test(arguments: [
        ("/dav/principals/", search("ALI"), true), ("/dav/", search("lice"), true),
        ("/dav/principals/", search("alice") + search("bob"), false),
        ("/dav/principals/", search("alice") + search("c"), true),
        ("/dav/principals/", search("rita"), false),
        ("/dav/principals/", search("alice", "getetag"), false),
        ("/dav/addressbooks/", search("alice"), false),
        (
            "/dav/addressbooks/", search("alice") + "<D:apply-to-principal-collection-set/>", true
        ),
        ("/dav/principals/me/", search("alice"), false),
    ])
    func `RFC 3744 §9.4: a principal is found by its name, without regard to case`(
        path: String,
        inside: String,
        isFound: Bool
    ) throws {
        try withServer { server throws in
            let answer = try Multistatus(
                Self.report(server, path, "principal-property-search", inside)
            )

            #expect(answer.responses.map(\.href) == (isFound ? [Self.me] : []))
        }
    }

    @Test func `RFC 3744 §9.4: the properties asked for are told of what is found`() throws {
        try withServer { server throws in
            let answer = try Multistatus(
                Self.report(
                    server,
                    "/dav/principals/",
                    "principal-property-search",
                    Self.search("alice") + "<D:prop><D:displayname/><D:salary/></D:prop>"
                )
            )

            let response = try #require(answer.responses.first)
            #expect(response.property(.dav("displayname"))?.text == "alice")
            #expect(response.missing == [.dav("salary")])
        }
    }

    // MARK: principal-search-property-set

    @Test func `RFC 3744 §9.5: what is told to be searchable can be searched`() throws {
        try withServer { server throws in
            let answer = try Self.report(
                server,
                "/dav/principals/",
                "principal-search-property-set",
                ""
            )
            let reader = XMLReader()
            try reader.feed(answer.body)
            let set = try #require(try reader.finish())
            let properties = set.all(.dav("principal-search-property"))

            #expect(answer.status == 200)
            #expect(set.name == .dav("principal-search-property-set"))
            #expect(!properties.isEmpty)
            for property in properties {
                let name = try #require(property.first(.dav("prop"))?.children.first?.name)
                #expect(property.first(.dav("description"))?.language == "en")
                let found = try Multistatus(
                    Self.report(
                        server,
                        "/dav/principals/",
                        "principal-property-search",
                        Self.search("alice", name.localName)
                    )
                )
                #expect(found.responses.count == 1)
            }
        }
    }

    // MARK: Refusals

    @Test(arguments: [
        ("principal-match", ""), ("principal-match", "<D:self/><D:principal-property/>"),
        ("principal-match", "<D:principal-property/>"), ("principal-property-search", ""),
        ("principal-property-search", "<D:property-search><D:prop/></D:property-search>"),
        (
            "principal-property-search",
            "<D:property-search><D:prop><D:displayname/></D:prop></D:property-search>"
        ),
    ])
    func `RFC 3744 §9: a body that is none is refused with 400`(
        name: String,
        inside: String
    ) throws {
        try withServer { server throws in
            let answer = try Self.report(server, "/dav/principals/", name, inside)

            #expect(answer.status == 400)
            #expect(answer.text.contains("<D:error"))
        }
    }

    @Test(arguments: [
        "principal-match", "principal-property-search", "principal-search-property-set",
    ])
    func `RFC 3253 §3.6: a report about members is refused on a card`(name: String) throws {
        try withServer { server throws in
            try Self.fill(server)

            let answer = try Self.report(server, "\(Self.book)a.vcf", name, "<D:self/>")

            #expect(answer.status == 403)
            #expect(answer.text.contains("<D:supported-report>"))
        }
    }
}
