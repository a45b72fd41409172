import TestSupport
import Testing
import WebDAV

struct MeCardTests {
    private static let home = "/dav/addressbooks/"
    private static let principal = "/dav/principals/me/"
    private static let card = "/dav/addressbooks/default/alice%20smith.vcf"

    private static func fill(_ server: TestServer) throws {
        for path in [card, "/dav/addressbooks/default/bob.vcf"] {
            _ = try server.request("PUT", path, body: TestCard.text("A", uid: path))
        }
    }

    private static func update(
        _ server: TestServer,
        _ path: String,
        _ steps: String,
        user: (String, String) = TestServer.writer
    ) throws -> HTTPAnswer {
        try server.request(
            "PROPPATCH",
            path,
            body: """
                <D:propertyupdate xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav" \
                xmlns:CS="http://calendarserver.org/ns/">\(steps)</D:propertyupdate>
                """,
            user: user
        )
    }

    private static func set(_ href: String) -> String {
        "<D:set><D:prop><CS:me-card><D:href>\(href)</D:href></CS:me-card></D:prop></D:set>"
    }

    private static let remove = "<D:remove><D:prop><CS:me-card/></D:prop></D:remove>"

    private static func status(_ answer: HTTPAnswer) throws -> [String] {
        try Multistatus(answer).responses.first?.propstats.map(\.status) ?? []
    }

    private static func meCard(
        _ server: TestServer,
        user: (String, String) = TestServer.writer
    ) throws -> String? {
        try server.propfind(home, "<CS:me-card/>", user: user).responses.first?
            .property(.calendarServer("me-card"))?.first(.dav("href"))?.text
    }

    private static func address(_ server: TestServer) throws -> String? {
        try server.propfind(principal, "<C:principal-address/>").responses.first?
            .property(.carddav("principal-address"))?.first(.dav("href"))?.text
    }

    @Test func `CalendarServer me-card is set on the home, and outlives a kill`() throws {
        try withServer { server throws in
            try Self.fill(server)
            #expect(try Self.meCard(server) == nil)

            let answer = try Self.update(server, Self.home, Self.set(Self.card))
            server.stopBackend("default", 9)
            try server.startBackend("default")

            #expect(try Self.status(answer) == ["HTTP/1.1 200 OK"])
            #expect(try Self.meCard(server) == Self.card)
            let log = try server.git("default", "log", "-1", "--format=%an %s")
            #expect(log.output == "alice PROPPATCH me-card default/alice smith.vcf\n")
        }
    }

    @Test func `RFC 6352 §7.1.2: principal-address is the same card, and can be set as well`()
        throws
    {
        try withServer { server throws in
            try Self.fill(server)
            _ = try Self.update(server, Self.home, Self.set(Self.card))
            #expect(try Self.address(server) == Self.card)

            let answer = try Self.update(
                server,
                Self.principal,
                """
                <D:set><D:prop><C:principal-address><D:href>\
                http://alice@localhost/dav/addressbooks/default/bob.vcf</D:href>\
                </C:principal-address></D:prop></D:set>
                """
            )

            #expect(try Self.status(answer) == ["HTTP/1.1 200 OK"])
            #expect(try Self.address(server) == "/dav/addressbooks/default/bob.vcf")
            #expect(try Self.meCard(server) == "/dav/addressbooks/default/bob.vcf")
        }
    }

    @Test func `CalendarServer me-card of another book takes the place of the one before`() throws {
        try withServer { server throws in
            try Self.fill(server)
            _ = try server.request("MKCOL", "/dav/addressbooks/work/")
            let other = "/dav/addressbooks/work/me.vcf"
            _ = try server.request("PUT", other, body: TestCard.text("A", uid: "1"))

            _ = try Self.update(server, Self.home, Self.set(Self.card))
            _ = try Self.update(server, Self.home, Self.set(other))
            #expect(try Self.meCard(server) == other)
            _ = try server.request("DELETE", "/dav/addressbooks/work/")

            #expect(try Self.meCard(server) == nil)
        }
    }

    @Test func `CalendarServer me-card is not there once its card is gone`() throws {
        try withServer { server throws in
            try Self.fill(server)
            _ = try Self.update(server, Self.home, Self.set(Self.card))

            _ = try server.request("DELETE", Self.card)

            #expect(try Self.meCard(server) == nil)
            #expect(try Self.address(server) == nil)
        }
    }

    @Test func `CalendarServer me-card is removed, by the last step that names it`() throws {
        try withServer { server throws in
            try Self.fill(server)
            _ = try Self.update(server, Self.home, Self.set(Self.card))

            let answer = try Self.update(server, Self.home, Self.set(Self.card) + Self.remove)

            #expect(try Self.status(answer) == ["HTTP/1.1 200 OK"])
            #expect(try Self.meCard(server) == nil)
        }
    }

    @Test func `CalendarServer me-card is each user's own, and a reader sets none`() throws {
        try withServer { server throws in
            try Self.fill(server)
            _ = try Self.update(server, Self.home, Self.set(Self.card))

            let answer = try Self.update(
                server,
                Self.home,
                Self.set(Self.card),
                user: TestServer.reader
            )

            #expect(answer.status == 403)
            #expect(answer.text.contains("need-privileges"))
            #expect(try Self.meCard(server, user: TestServer.reader) == nil)
        }
    }

    @Test(arguments: [
        "/dav/addressbooks/default/none.vcf", "/dav/addressbooks/none/a.vcf",
        "/dav/addressbooks/default/", "http://elsewhere/", "", "nonsense", "/dav/%00",
        "/dav/addressbooks/default/config.toml",
    ])
    func `RFC 4918 §9.2.1: an href that is no card of the home is refused with 409`(
        href: String
    ) throws {
        try withServer { server throws in
            try Self.fill(server)
            _ = try Self.update(server, Self.home, Self.set(Self.card))

            let answer = try Self.update(server, Self.home, Self.set(href))

            #expect(try Self.status(answer) == ["HTTP/1.1 409 Conflict"])
            #expect(try Self.meCard(server) == Self.card)
        }
    }

    @Test func `RFC 4918 §9.2: me-card beside another property changes nothing`() throws {
        try withServer { server throws in
            try Self.fill(server)

            let answer = try Self.update(
                server,
                Self.home,
                Self.set(Self.card)
                    + "<D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set>"
            )

            #expect(
                try Self.status(answer) == [
                    "HTTP/1.1 424 Failed Dependency", "HTTP/1.1 403 Forbidden",
                ]
            )
            #expect(try Self.meCard(server) == nil)
        }
    }

    @Test func `RFC 6578 §3.2: setting me-card tells no card as changed`() throws {
        try withServer { server throws in
            try Self.fill(server)
            let book = "/dav/addressbooks/default/"
            let sync = { (token: String) in
                try Multistatus(
                    server.report(
                        book,
                        """
                        <D:sync-collection xmlns:D="DAV:"><D:sync-token>\(token)</D:sync-token>\
                        <D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>\
                        </D:sync-collection>
                        """,
                        ["Depth": "0"]
                    )
                )
            }
            let before = try #require(try sync("").syncToken)
            _ = try Self.update(server, Self.home, Self.set(Self.card))

            #expect(try sync(before).responses.isEmpty)
        }
    }
}
