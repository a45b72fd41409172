import TestSupport
import Testing
import WebDAV

/// Roles for single books, given and taken.
struct BookGrantTests {
    private static let shared = "/dav/addressbooks/shared/"
    private static let other = "/dav/addressbooks/other/"

    private static func withBooks(
        _ guest: [(path: String, role: String)],
        _ body: (TestServer) throws -> Void
    ) throws {
        try withServer { server throws in
            for book in [shared, other] {
                #expect(try server.request("MKCOL", book).status == 201)
                try server.put("a", in: book)
            }
            try server.setGuest(guest)
            try body(server)
        }
    }

    private static func privileges(_ server: TestServer, _ path: String) throws -> Set<String> {
        let set = try server.propfind(
            path,
            "<D:current-user-privilege-set/>",
            user: TestServer.guest
        )
        .responses.first?.property(.dav("current-user-privilege-set"))
        return Set(set?.children.compactMap { $0.children.first?.name.localName } ?? [])
    }

    private static func need(_ answer: HTTPAnswer, _ privilege: String, _ href: String) -> Bool {
        answer.status == 403
            && answer.text.contains(
                """
                <D:need-privileges><D:resource><D:href>\(href)</D:href><D:privilege>\
                <D:\(privilege)/></D:privilege></D:resource></D:need-privileges>
                """
            )
    }

    /// A guest who may read `shared` and not write to it, by a grant that widens and by one that
    /// narrows.
    static let readers: [[(path: String, role: String)]] = [
        [("shared", "reader"), ("other", "writer")], [("", "writer"), ("shared", "reader")],
    ]

    @Test(arguments: readers)
    func `RFC 3744 §7.1.1: a book for reading refuses each write, and says what is missing`(
        _ guest: [(path: String, role: String)]
    ) throws {
        try Self.withBooks(guest) { server throws in
            let before = try server.request("GET", Self.shared)["etag"]
            let card = TestCard.text("x", uid: "x")
            let isWriter = guest.contains { $0.path.isEmpty }
            let a = "\(Self.shared)a.vcf"
            let home = TestServer.home
            let update =
                "<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><D:displayname/>"
                + "</D:prop></D:set></D:propertyupdate>"
            let table: [(String, String, [String: String], String?, String, String)] = [
                ("PUT", a, [:], card, "write-content", a),
                ("PUT", "\(Self.shared)n.vcf", [:], card, "bind", Self.shared),
                ("POST", Self.shared, [:], card, "bind", Self.shared),
                ("DELETE", a, [:], nil, "unbind", Self.shared),
                ("PROPPATCH", Self.shared, [:], update, "write-properties", Self.shared),
                ("PROPPATCH", a, [:], update, "write-properties", a),
                ("DELETE", Self.shared, [:], nil, "unbind", isWriter ? Self.shared : home),
                (
                    "MOVE", Self.shared, ["Destination": "\(home)new/"], nil, "unbind",
                    isWriter ? Self.shared : home
                ),
                ("MOVE", a, ["Destination": "\(Self.other)n.vcf"], nil, "unbind", Self.shared),
                (
                    "COPY", "\(Self.other)a.vcf", ["Destination": "\(Self.shared)n.vcf"], nil,
                    "bind", Self.shared
                ),
                ("COPY", "\(Self.other)a.vcf", ["Destination": a], nil, "write-content", a),
                ("MOVE", "\(Self.other)a.vcf", ["Destination": a], nil, "bind", Self.shared),
                (
                    "COPY", Self.other, ["Destination": Self.shared], nil,
                    isWriter ? "write-content" : "bind", isWriter ? Self.shared : home
                ),
            ]
            for (method, path, fields, body, privilege, href) in table {
                let answer = try server.guest(method, path, fields, body: body)

                #expect(
                    Self.need(answer, privilege, href),
                    "\(method) \(path): \(answer.status) \(answer.text)"
                )
            }
            #expect(try server.request("GET", Self.shared)["etag"] == before)
            #expect(try server.request("GET", "\(Self.other)a.vcf").status == 200)
        }
    }

    @Test(arguments: readers)
    func `RFC 3744 §5.4: each book tells its own privileges, and is read all the same`(
        _ guest: [(path: String, role: String)]
    ) throws {
        try Self.withBooks(guest) { server throws in
            let isWriter = guest.contains { $0.path.isEmpty }
            let reading: Set = ["read", "read-acl", "read-current-user-privilege-set"]
            let writing = reading.union([
                "write", "write-properties", "write-content", "bind", "unbind",
            ])
            let home = reading.union(
                isWriter ? ["write-properties", "bind", "unbind"] : ["write-properties"]
            )

            #expect(try Self.privileges(server, Self.shared) == reading)
            #expect(try Self.privileges(server, "\(Self.shared)a.vcf") == reading)
            #expect(try Self.privileges(server, Self.other) == writing)
            #expect(try Self.privileges(server, "\(Self.other)a.vcf") == writing)
            #expect(try Self.privileges(server, TestServer.home) == home)
            #expect(try Self.privileges(server, "/dav/") == reading)
            #expect(try server.guest("GET", "\(Self.shared)a.vcf").status == 200)
        }
    }

    @Test func `a guest of one book sees it alone, works in it, and makes and deletes no book`()
        throws
    {
        try Self.withBooks([("shared", "writer")]) { server throws in
            let card = TestCard.text("x", uid: "x")
            let x = "\(Self.shared)x.vcf"

            #expect(try server.guestBooks() == [Self.shared])
            #expect(try server.guest("PUT", x, body: card).status == 201)
            #expect(
                try server.guest("MOVE", x, ["Destination": "\(Self.shared)y.vcf"]).status == 201
            )
            #expect(try server.guest("DELETE", "\(Self.shared)y.vcf").status == 204)
            #expect(try server.guest("POST", Self.shared, body: card).status == 201)
            #expect(
                Self.need(try server.guest("DELETE", Self.shared), "unbind", TestServer.home)
            )
            #expect(
                Self.need(
                    try server.guest("MKCOL", "\(TestServer.home)new/"),
                    "bind",
                    TestServer.home
                )
            )
            #expect(
                Self.need(
                    try server.guest("COPY", Self.shared, ["Destination": "\(TestServer.home)n/"]),
                    "bind",
                    TestServer.home
                )
            )
        }
    }

    @Test func `a reader of one book and writer of another copies between them`() throws {
        try Self.withBooks([("shared", "reader"), ("other", "writer")]) { server throws in
            try server.put("b", in: Self.shared)

            let answer = try server.guest(
                "COPY",
                "\(Self.shared)b.vcf",
                ["Destination": "\(Self.other)b.vcf"]
            )

            #expect(answer.status == 201)
            #expect(try server.guest("GET", "\(Self.other)b.vcf").status == 200)
        }
    }

    @Test(arguments: [
        ("GET", "/dav/"), ("PROPFIND", "/dav/"), ("OPTIONS", "/dav/addressbooks/"),
        ("PROPFIND", "/dav/addressbooks/shared/"), ("GET", "/dav/addressbooks/shared/a.vcf"),
        ("PUT", "/dav/addressbooks/shared/a.vcf"), ("GET", "/dav/addressbooks/absent/a.vcf"),
        ("MKCOL", "/dav/addressbooks/absent/"), ("PROPFIND", "/dav/principals/me/"),
    ])
    func `RFC 3744 §7.1.1: a user without any role is told to need reading, whatever is there`(
        method: String,
        path: String
    ) throws {
        try Self.withBooks([("other", "none")]) { server throws in
            #expect(Self.need(try server.guest(method, path), "read", path))
        }
    }

    @Test func `a group's members have what it gives, and a book of their own beside it`() throws {
        try Self.withBooks([("other", "reader")]) { server throws in
            try server.setGuest(
                [("other", "reader")],
                """
                [groups.team]
                members = ["gus"]
                [groups.team.access]
                "http/contacts/default/shared" = "writer"
                "http/contacts/default/other" = "writer"
                """
            )

            #expect(try server.guestBooks() == [Self.other, Self.shared])
            #expect(try server.guest("DELETE", "\(Self.shared)a.vcf").status == 204)
            #expect(try server.guest("DELETE", "\(Self.other)a.vcf").status == 403)
        }
    }

    @Test func `RFC 6578 §3.2: a book that is taken away is gone, and goes on when it is back`()
        throws
    {
        try Self.withBooks([("shared", "reader"), ("other", "reader")]) { server throws in
            let answer = try server.propfind(
                Self.shared,
                "<D:sync-token/>",
                user: TestServer.guest
            )
            let token = try #require(
                answer.responses.first?.property(.dav("sync-token"))?.text
            )
            func sync() throws -> HTTPAnswer {
                try server.guest(
                    "REPORT",
                    Self.shared,
                    ["Depth": "0", "Content-Type": "application/xml"],
                    body: "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>\(token)"
                        + "</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/>"
                        + "</D:prop></D:sync-collection>"
                )
            }

            try server.setGuest([("other", "reader")])
            try server.put("b", in: Self.shared)
            #expect(try server.guestBooks() == [Self.other])
            #expect(try sync().status == 404)
            #expect(try server.guest("PROPFIND", Self.shared, ["Depth": "0"]).status == 404)

            try server.setGuest([("shared", "reader"), ("other", "reader")])
            #expect(try Multistatus(sync()).cardNames == ["b"])
        }
    }

    @Test func `calendarserver me-card: one's own card is told while its book may be read`() throws
    {
        try Self.withBooks([("shared", "writer"), ("other", "reader")]) { server throws in
            func set(_ card: String) throws -> String {
                let value =
                    "<S:me-card xmlns:S=\"http://calendarserver.org/ns/\"><D:href>\(card)"
                    + "</D:href></S:me-card>"
                return try server.guest(
                    "PROPPATCH",
                    TestServer.home,
                    ["Content-Type": "application/xml"],
                    body: "<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop>\(value)</D:prop>"
                        + "</D:set></D:propertyupdate>"
                ).text
            }
            func told() throws -> String? {
                try server.propfind(
                    TestServer.home,
                    "<CS:me-card/>",
                    user: TestServer.guest
                )
                .responses.first?.property(.calendarServer("me-card"))?.first(.dav("href"))?.text
            }

            let refused = try set("\(Self.other)a.vcf")
            #expect(refused.contains("HTTP/1.1 403 Forbidden"))
            #expect(refused.contains("<D:need-privileges/>"))
            #expect(try set("\(Self.shared)a.vcf").contains("HTTP/1.1 200 OK"))
            #expect(try told() == "\(Self.shared)a.vcf")

            try server.setGuest([("other", "writer")])
            #expect(try told() == nil)
            #expect(try set("\(Self.other)a.vcf").contains("HTTP/1.1 200 OK"))

            try server.setGuest([("shared", "reader"), ("other", "reader")])
            #expect(try told() == "\(Self.other)a.vcf")
        }
    }
}
