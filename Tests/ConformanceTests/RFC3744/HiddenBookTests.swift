import TestSupport
import Testing
import WebDAV

/// A book that may not be read, against one that is not there.
struct HiddenBookTests {
    /// Each way in which a guest comes to see `shared` and not `hidden`; under `denied` there is a
    /// rule and no book, under `absent` neither.
    static let guests: [[(path: String, role: String)]] = [
        [("shared", "reader")], [("shared", "writer")],
        [("", "reader"), ("hidden", "none"), ("denied", "none")],
        [("", "writer"), ("hidden", "none"), ("denied", "none")],
        [("", "writer"), ("shared", "reader"), ("hidden", "none"), ("denied", "none")],
    ]

    private static let place = "/dav/addressbooks/"
    private static let shared = "/dav/addressbooks/shared/a.vcf"

    /// A request with `{}` where the book's name goes.
    struct Asked: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        var fields: [String: String] = [:]
        var body: String?

        var testDescription: String {
            "\(method) \(path) \(fields.sorted { $0.key < $1.key }) \(body ?? "")"
        }

        func sent(to server: TestServer, about book: String) throws -> HTTPAnswer {
            let fill = { (text: String) in text.replacing("{}", with: book) }
            return try server.guest(
                method,
                fill(path),
                fields.mapValues(fill),
                body: body.map(fill)
            )
        }
    }

    /// `shared` and `hidden` have the same card each.
    private static func withBooks(
        _ guest: [(path: String, role: String)],
        _ body: (TestServer) throws -> Void
    ) throws {
        try withServer { server throws in
            for book in ["shared", "hidden"] {
                try server.makeBook(book)
                try server.put("a", in: "\(place)\(book)/")
            }
            try server.setGuest(guest)
            try body(server)
        }
    }

    /// What is told of a request about a book, with the book's name and the time taken out.
    private static func told(
        _ asked: Asked,
        _ book: String,
        _ server: TestServer
    ) throws -> String {
        let answer = try asked.sent(to: server, about: book)
        let fields = answer.fields.filter { !["date", "x-request-id"].contains($0.name) }
            .map { "\($0.name): \($0.value)" }
        return ([String(answer.status)] + fields + [answer.text]).joined(separator: "\n")
            .replacing(book, with: "{}")
    }

    private static func propfind(_ path: String, _ depth: String) -> Asked {
        Asked(method: "PROPFIND", path: path, fields: ["Depth": depth])
    }

    private static func report(_ path: String, _ body: String, _ depth: String = "0") -> Asked {
        Asked(
            method: "REPORT",
            path: path,
            fields: ["Depth": depth, "Content-Type": "application/xml"],
            body: body
        )
    }

    private static func card(_ uid: String) -> String { TestCard.text("one", uid: uid) }

    private static let reading: [Asked] =
        ["GET", "HEAD", "OPTIONS", "LOCK", "ACL"].flatMap { method in
            ["{}", "{}/", "{}/a.vcf", "{}/b.vcf", "{}/a/b"].map {
                Asked(method: method, path: place + $0)
            }
        }
        + ["0", "1", "infinity"].flatMap { depth in
            ["{}/", "{}/a.vcf"].map { propfind(place + $0, depth) }
        }
        + [
            Asked(method: "GET", path: "\(place){}/a.vcf", fields: ["If-Match": "*"]),
            Asked(method: "GET", path: "\(place){}/a.vcf", fields: ["If-None-Match": "*"]),
        ]

    private static func reports(token: String) -> [Asked] {
        let dav = "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\""
        let prop = "<D:prop><D:getetag/><C:address-data/></D:prop>"
        let hrefs = "<D:href>\(place){}/a.vcf</D:href><D:href>\(place){}/</D:href>"
        let multiget =
            "<C:addressbook-multiget \(dav)>\(prop)\(hrefs)</C:addressbook-multiget>"
        let query = "<C:addressbook-query \(dav)>\(prop)</C:addressbook-query>"
        let sync = { (token: String) in
            "<D:sync-collection \(dav)><D:sync-token>\(token)</D:sync-token>"
                + "<D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>"
        }
        return [
            report("\(place){}/", sync("")), report("\(place){}/", sync(token)),
            report("\(place){}/", query, "1"), report("\(place){}/a.vcf", query, "0"),
            report("\(place){}/", multiget), report(place, multiget),
            report("\(place)shared/", multiget), report(shared, multiget),
            report(
                "\(place){}/",
                "<D:expand-property \(dav)><D:property name=\"owner\"/></D:expand-property>"
            ),
            report(
                "\(place){}/",
                "<D:principal-match \(dav)><D:principal-property><D:owner/>"
                    + "</D:principal-property></D:principal-match>"
            ),
            report("\(place){}/", "<D:acl-principal-prop-set \(dav)/>"),
            report("\(place){}/", "<D:nonsense \(dav)/>"),
        ]
    }

    private static let writing: [Asked] = [
        Asked(method: "PUT", path: "\(place){}/a.vcf", body: card("a")),
        Asked(method: "PUT", path: "\(place){}/b.vcf", body: card("b")),
        Asked(method: "PUT", path: "\(place){}/b.vcf", body: card("a")),
        Asked(
            method: "PUT",
            path: "\(place){}/a.vcf",
            fields: ["If-None-Match": "*"],
            body: card("a")
        ),
        Asked(
            method: "PUT",
            path: "\(place){}/a.vcf",
            fields: ["If-Match": "*", "Prefer": "return=representation"],
            body: card("a")
        ),
        Asked(method: "PUT", path: "\(place){}/", body: card("a")),
        Asked(method: "DELETE", path: "\(place){}/a.vcf"),
        Asked(method: "DELETE", path: "\(place){}/a.vcf", fields: ["If-Match": "*"]),
        Asked(
            method: "DELETE",
            path: "\(place){}/a.vcf",
            fields: ["If-Match": "\"0\"", "Prefer": "return=representation"]
        ),
        Asked(method: "DELETE", path: "\(place){}/"),
        Asked(method: "DELETE", path: "\(place){}/", fields: ["Depth": "0"]),
        Asked(method: "DELETE", path: "\(place){}/", fields: ["If-Match": "*"]),
        Asked(method: "POST", path: "\(place){}/?add-member", body: card("a")),
        Asked(method: "MKCOL", path: "\(place){}/a.vcf"),
        proppatch("\(place){}/", "<D:displayname>x</D:displayname>"),
        proppatch("\(place){}/a.vcf", "<D:displayname>x</D:displayname>"),
        proppatch(place, "<S:me-card><D:href>\(place){}/a.vcf</D:href></S:me-card>"),
        proppatch(
            "/dav/principals/me/",
            "<C:principal-address><D:href>\(place){}/a.vcf</D:href></C:principal-address>"
        ),
    ]

    private static func proppatch(_ path: String, _ value: String) -> Asked {
        Asked(
            method: "PROPPATCH",
            path: path,
            fields: ["Content-Type": "application/xml"],
            body: "<D:propertyupdate xmlns:D=\"DAV:\" xmlns:S=\"http://calendarserver.org/ns/\" "
                + "xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><D:set><D:prop>\(value)</D:prop>"
                + "</D:set></D:propertyupdate>"
        )
    }

    private static let transfers: [Asked] = ["COPY", "MOVE"].flatMap { method in
        ["T", "F"].flatMap { overwrite in
            [
                ("\(place){}/a.vcf", "\(place)shared/c.vcf"),
                ("\(place){}/a.vcf", "\(place)shared/a.vcf"),
                ("\(place){}/a.vcf", "\(place){}/c.vcf"),
                ("\(place){}/b.vcf", "\(place)shared/c.vcf"),
                (shared, "\(place){}/a.vcf"), (shared, "\(place){}/c.vcf"),
                ("\(place)shared/b.vcf", "\(place){}/a.vcf"),
                ("\(place){}/", "\(place)new/"), ("\(place){}/", "\(place)shared/"),
                (shared, "\(place){}/"), ("\(place){}/a.vcf", "\(place){}/"),
            ]
            .map { from, to in
                Asked(
                    method: method,
                    path: from,
                    fields: ["Destination": to, "Overwrite": overwrite]
                )
            }
        }
    }

    private static func tagged(etag: String) -> [Asked] {
        ["GET", "PROPFIND", "PUT", "DELETE"].flatMap { method in
            ["([\(etag)])", "(Not [\(etag)])", "([\"0\"])"].map { list in
                Asked(
                    method: method,
                    path: "\(place)shared/\(method == "DELETE" ? "z" : "a").vcf",
                    fields: ["If": "<\(place){}/a.vcf> \(list)", "Depth": "0"],
                    body: method == "PUT" ? card("a") : nil
                )
            }
        }
    }

    @Test(arguments: guests)
    func `RFC 3744 §7.1.1: nothing tells a book that may not be read from one that is not there`(
        _ guest: [(path: String, role: String)]
    ) throws {
        try Self.withBooks(guest) { server throws in
            let token = try server.token("\(Self.place)hidden/")
            let etag = try #require(
                server.request("GET", "\(Self.place)hidden/a.vcf")["etag"]
            )
            let before = try server.request("GET", "\(Self.place)hidden/")["etag"]
            let all =
                Self.reading + Self.reports(token: token) + Self.writing + Self.transfers
                + Self.tagged(etag: etag)

            for asked in all {
                let hidden = try Self.told(asked, "hidden", server)
                let absent = try Self.told(asked, "absent", server)

                #expect(hidden == absent, "\(asked.testDescription)")
            }
            #expect(try server.request("GET", "\(Self.place)hidden/")["etag"] == before)
        }
    }

    @Test(arguments: guests)
    func `RFC 3744 §7.1.1: whether a name is taken is not told by making a book of it`(
        _ guest: [(path: String, role: String)]
    ) throws {
        try Self.withBooks(guest) { server throws in
            let making =
                [
                    Asked(method: "MKCOL", path: "\(Self.place){}/"),
                    Asked(
                        method: "MKCOL",
                        path: "\(Self.place){}/",
                        fields: ["If-None-Match": "*"]
                    ),
                ]
                + ["COPY", "MOVE"].flatMap { method in
                    ["T", "F"].map { overwrite in
                        Asked(
                            method: method,
                            path: "\(Self.place)shared/",
                            fields: [
                                "Destination": "\(Self.place){}/", "Overwrite": overwrite,
                            ]
                        )
                    }
                }

            for asked in making {
                let hidden = try asked.sent(to: server, about: "hidden")

                #expect(hidden.status == 403, "\(asked.testDescription)")
                #expect(
                    try Self.told(asked, "hidden", server)
                        == Self.told(asked, "denied", server),
                    "\(asked.testDescription)"
                )
            }
            #expect(try server.request("GET", "\(Self.place)hidden/a.vcf").status == 200)
            #expect(try server.request("GET", "\(Self.place)shared/a.vcf").status == 200)
            #expect(try server.request("GET", "\(Self.place)denied/").status == 404)
        }
    }

    @Test(arguments: [
        ("GET", "hidden/", 404), ("PROPFIND", "hidden/", 404), ("PUT", "hidden/a.vcf", 409),
        ("DELETE", "hidden/a.vcf", 404), ("DELETE", "hidden/", 404), ("POST", "hidden/", 404),
    ])
    func `RFC 4918 §9: what may not be read is answered as what is not there`(
        method: String,
        path: String,
        status: Int
    ) throws {
        try Self.withBooks([("", "writer"), ("hidden", "none")]) { server throws in
            let answer = try server.guest(
                method,
                Self.place + path,
                body: method == "PUT" || method == "POST" ? Self.card("a") : nil
            )

            #expect(answer.status == status)
        }
    }

    @Test func `RFC 6352 §6.3.1: an instance's writer makes no book under a name that is denied`()
        throws
    {
        try Self.withBooks([("", "writer"), ("hidden", "none")]) { server throws in
            let denied = try server.guest("MKCOL", "\(Self.place)hidden/")
            let free = try server.guest("MKCOL", "\(Self.place)free/")

            #expect(denied.status == 403)
            #expect(denied.text.contains("<C:addressbook-collection-location-ok>"))
            #expect(free.status == 201)
        }
    }

    @Test(arguments: guests)
    func `RFC 4918 §9.1: nothing that lists books names one that may not be read`(
        _ guest: [(path: String, role: String)]
    ) throws {
        try Self.withBooks(guest) { server throws in
            let dav = "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\""
            let prop = "<D:prop><D:getetag/><C:address-data/></D:prop>"
            let asked =
                ["/dav/", Self.place, "/dav/principals/me/"].flatMap { path in
                    ["0", "1", "infinity"].map { Self.propfind(path, $0) }
                }
                + [
                    Self.report(
                        Self.place,
                        "<C:addressbook-query \(dav)>\(prop)</C:addressbook-query>",
                        "infinity"
                    ),
                    Self.report(
                        "/dav/",
                        "<D:principal-match \(dav)><D:principal-property><D:owner/>"
                            + "</D:principal-property></D:principal-match>"
                    ),
                    Self.report(
                        Self.place,
                        "<D:expand-property \(dav)><D:property name=\"resourcetype\"/>"
                            + "</D:expand-property>",
                        "1"
                    ),
                ]
            let tell = { try asked.map { try Self.told($0, "{}", server) } }
            let before = try tell()
            let books = try server.guestBooks()

            try server.put("new", in: "\(Self.place)hidden/")
            _ = try server.proppatch(
                "\(Self.place)hidden/",
                "<D:set><D:prop><D:displayname>Other</D:displayname></D:prop></D:set>"
            )

            let after = try tell()
            #expect(books.contains("\(Self.place)shared/"))
            #expect(!books.contains("\(Self.place)hidden/"))
            #expect(before == after)
            #expect(!after.contains { $0.contains("hidden") || $0.contains("Other") })
            #expect(after.contains { $0.contains("shared/a.vcf") })
        }
    }

    @Test func `a name is hidden in each way of writing its characters`() throws {
        try withServer { server throws in
            try server.makeBook("caf%C3%A9")
            try server.put("a", in: "\(Self.place)caf%C3%A9/")
            try server.setGuest([("", "writer"), ("caf\u{E9}", "none")])

            for name in ["caf%C3%A9", "cafe%CC%81", "%63af%c3%a9"] {
                #expect(try server.guest("GET", "\(Self.place)\(name)/a.vcf").status == 404)
                #expect(try server.guest("DELETE", "\(Self.place)\(name)/").status == 404)
                #expect(try server.guest("MKCOL", "\(Self.place)\(name)/").status == 403)
            }
            #expect(try server.request("GET", "\(Self.place)caf%C3%A9/a.vcf").status == 200)
        }
    }
}
