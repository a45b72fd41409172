import TestSupport
import Testing
import WebDAV

struct SyncCollectionTests {
    private static let book = "/dav/addressbooks/default/"

    private static func sync(
        _ server: TestServer,
        _ token: String,
        limit: Int? = nil,
        book: String = Self.book,
        depth: String = "0"
    ) throws -> HTTPAnswer {
        let limit = limit.map { "<D:limit><D:nresults>\($0)</D:nresults></D:limit>" } ?? ""
        return try server.report(
            book,
            """
            <D:sync-collection xmlns:D="DAV:"><D:sync-token>\(token)</D:sync-token>\
            <D:sync-level>1</D:sync-level>\(limit)<D:prop><D:getetag/></D:prop></D:sync-collection>
            """,
            ["Depth": depth]
        )
    }

    private static func put(_ server: TestServer, _ name: String, _ text: String) throws {
        let answer = try server.request(
            "PUT",
            "\(book)\(name).vcf",
            body: TestCard.text(text, uid: name)
        )
        guard (200..<300).contains(answer.status) else { throw HTTPTrouble.malformed(answer.text) }
    }

    @Test func `RFC 6578 §3.4: changes since a token are told once, deletions as 404`() throws {
        try withServer { server throws in
            for name in ["a", "b", "c"] { try Self.put(server, name, "one") }
            let first = try Multistatus(Self.sync(server, ""))
            let token = try #require(first.syncToken)
            try Self.put(server, "b", "two")
            try Self.put(server, "d", "one")
            _ = try server.request("DELETE", "\(Self.book)a.vcf")

            let second = try Multistatus(Self.sync(server, token))
            let third = try Multistatus(Self.sync(server, try #require(second.syncToken)))

            #expect(first.responses.map(\.href) == ["a", "b", "c"].map { "\(Self.book)\($0).vcf" })
            #expect(
                second.responses.map(\.href) == ["a", "b", "d"].map { "\(Self.book)\($0).vcf" }
            )
            #expect(second.responses[0].status == "HTTP/1.1 404 Not Found")
            #expect(second.responses[1].property(.dav("getetag")) != nil)
            #expect(third.responses.isEmpty)
            #expect(third.syncToken == second.syncToken)
        }
    }

    @Test func `RFC 6578 §4: the token is a URI with the commit that changed the book last`() throws
    {
        try withServer { server throws in
            try Self.put(server, "a", "one")
            let token = try #require(Multistatus(Self.sync(server, "")).syncToken)
            _ = try server.request("MKCOL", "/dav/addressbooks/other/")
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/other/x.vcf",
                body: TestCard.text("X", uid: "x")
            )

            let property = try server.propfind(Self.book, "<D:sync-token/>")
                .responses.first?.property(.dav("sync-token"))?.text
            let commit = try server.git("default", "log", "-1", "--format=%H", "--", "default")
                .output

            #expect(property == token)
            #expect(token == "everlock-sync:" + commit.prefix(40))
        }
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func `RFC 6578 §3.6: pages miss nothing and repeat nothing while writers go on`(limit: Int)
        throws
    {
        try withServer { server throws in
            for number in 10..<20 { try Self.put(server, "c\(number)", "one") }
            var seen: [String] = []
            var token = ""
            var isFirstPage = true
            while true {
                let page = try Multistatus(Self.sync(server, token, limit: limit))
                let rest = page.responses.filter { $0.href == Self.book }
                seen += page.responses.filter { $0.href != Self.book }.map(\.href)
                token = try #require(page.syncToken)
                if isFirstPage {
                    try Self.put(server, "c10", "two")
                    try Self.put(server, "c195", "new")
                    _ = try server.request("DELETE", "\(Self.book)c19.vcf")
                    isFirstPage = false
                }
                if rest.isEmpty { break }
                #expect(rest.first?.status == "HTTP/1.1 507 Insufficient Storage")
                #expect(rest.first?.error?.first(.dav("number-of-matches-within-limits")) != nil)
            }
            let after = try Multistatus(Self.sync(server, token))

            #expect(seen == (10..<20).map { "\(Self.book)c\($0).vcf" })
            #expect(
                Set(after.responses.map(\.href))
                    == Set(["c10", "c195", "c19"].map { "\(Self.book)\($0).vcf" })
            )
        }
    }

    @Test(arguments: [
        "nonsense", "everlock-sync:", "everlock-sync:0000000000000000000000000000000000000000",
        "everlock-sync:xyz", "http://sabre.io/ns/sync/1", "0A1B2C3D-0000-0000-0000-000000000000",
    ])
    func `RFC 6578 §3.2: an unknown token is refused with valid-sync-token`(token: String) throws {
        try withServer { server throws in
            let answer = try Self.sync(server, token)

            #expect(answer.status == 403)
            #expect(answer.text.contains("<D:valid-sync-token>"))
        }
    }

    @Test func `RFC 6578 §3.2: the token of another book is refused`() throws {
        try withServer { server throws in
            try Self.put(server, "a", "one")
            _ = try server.request("MKCOL", "/dav/addressbooks/other/")
            let other = try #require(
                Multistatus(Self.sync(server, "", book: "/dav/addressbooks/other/")).syncToken
            )
            try Self.put(server, "b", "one")

            #expect(try Self.sync(server, other).status == 403)
        }
    }

    @Test func `RFC 6578 §3.2: a book made anew under an old name does not take the old tokens`()
        throws
    {
        try withServer { server throws in
            try Self.put(server, "a", "one")
            let token = try #require(Multistatus(Self.sync(server, "")).syncToken)
            _ = try server.request("DELETE", Self.book)
            _ = try server.request("MKCOL", Self.book)
            try Self.put(server, "b", "one")

            #expect(try Self.sync(server, token).status == 403)
        }
    }

    @Test func `RFC 6578 §3.2: a token outlives the backend, and any number of commits`() throws {
        try withServer { server throws in
            try Self.put(server, "a", "one")
            let token = try #require(Multistatus(Self.sync(server, "")).syncToken)
            for number in 0..<30 { try Self.put(server, "b", "\(number)") }
            server.stopBackend("default")
            try server.startBackend("default")

            let answer = try Multistatus(Self.sync(server, token))

            #expect(answer.responses.map(\.href) == ["\(Self.book)b.vcf"])
        }
    }

    @Test func `Thunderbird: sync-collection with Depth 1 and address-data is answered`() throws {
        try withServer { server throws in
            try Self.put(server, "a", "one")

            let answer = try Multistatus(
                server.report(
                    Self.book,
                    """
                    <sync-collection xmlns="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav">\
                    <sync-token/><sync-level>1</sync-level><prop><getetag/><card:address-data/></prop>\
                    </sync-collection>
                    """,
                    ["Depth": "1"]
                )
            )

            #expect(
                answer.responses.first?.property(.carddav("address-data"))?.text
                    == TestCard.text("one", uid: "a")
            )
        }
    }
}
