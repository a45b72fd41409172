import TestSupport
import Testing
import WebDAV

struct MoveTests {
    private static let card = "/dav/addressbooks/default/a.vcf"

    @Test(arguments: ["/dav/addressbooks/default/b.vcf", "/dav/addressbooks/work/a.vcf"])
    func `RFC 4918 §9.9: a moved card is there and no longer here, in one commit`(target: String)
        throws
    {
        try withServer { server throws in
            try server.request("MKCOL", "/dav/addressbooks/work/")
            let put = try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))
            let before = try server.git("default", "rev-parse", "HEAD").output

            let moved = try server.request("MOVE", Self.card, ["Destination": target])

            let parent = try server.git("default", "rev-parse", "HEAD~1").output
            #expect(moved.status == 201)
            #expect(moved["etag"] == put["etag"])
            #expect(try server.request("GET", Self.card).status == 404)
            #expect(try server.request("GET", target).text == TestCard.text("A", uid: "1"))
            #expect(parent == before)
        }
    }

    @Test func `RFC 6578 §3.5: a moved card is gone from one book and new in the other`() throws {
        try withServer { server throws in
            try server.request("MKCOL", "/dav/addressbooks/work/")
            try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))
            let tokens = try ["default", "work"].map {
                try server.token("/dav/addressbooks/\($0)/")
            }

            try server.request(
                "MOVE",
                Self.card,
                ["Destination": "/dav/addressbooks/work/a.vcf"]
            )

            let source = try Multistatus(
                server.sync("/dav/addressbooks/default/", since: tokens[0])
            )
            let target = try Multistatus(server.sync("/dav/addressbooks/work/", since: tokens[1]))
            #expect(source.responses.map(\.status) == ["HTTP/1.1 404 Not Found"])
            #expect(target.responses.map(\.href) == ["/dav/addressbooks/work/a.vcf"])
            #expect(target.responses.first?.property(.dav("getetag")) != nil)
        }
    }

    @Test func `RFC 4918 §9.9.3: a card moved over another replaces it only with Overwrite T`()
        throws
    {
        try withServer { server throws in
            let target = "/dav/addressbooks/work/a.vcf"
            try server.request("MKCOL", "/dav/addressbooks/work/")
            try server.request("PUT", Self.card, body: TestCard.text("New", uid: "1"))
            try server.request("PUT", target, body: TestCard.text("Old", uid: "1"))

            let refused = try server.request(
                "MOVE",
                Self.card,
                ["Destination": target, "Overwrite": "F"]
            )
            let moved = try server.request(
                "MOVE",
                Self.card,
                ["Destination": target, "Overwrite": "T"]
            )

            #expect(refused.status == 412)
            #expect(moved.status == 204)
            #expect(try server.request("GET", target).text.contains("FN:New"))
            #expect(try server.request("GET", Self.card).status == 404)
        }
    }

    @Test func `RFC 4918 §9.9.1: a moved book keeps its properties and cards`() throws {
        try withServer { server throws in
            try server.request("MKCOL", "/dav/addressbooks/work/")
            try server.request(
                "PUT",
                "/dav/addressbooks/work/a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            try server.request(
                "PROPPATCH",
                "/dav/addressbooks/work/",
                body: """
                    <D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>W</D:displayname>\
                    <x:y xmlns:x="urn:x">1</x:y></D:prop></D:set></D:propertyupdate>
                    """
            )
            let config = try server.git("default", "show", "HEAD:work/config.toml").output

            let moved = try server.request(
                "MOVE",
                "/dav/addressbooks/work/",
                ["Destination": "/dav/addressbooks/job/"]
            )

            let home = try server.propfind("/dav/addressbooks/", depth: "1", "<D:displayname/>")
            #expect(moved.status == 201)
            #expect(home["/dav/addressbooks/work/"] == nil)
            #expect(home["/dav/addressbooks/job/"]?.property(.dav("displayname"))?.text == "W")
            #expect(try server.request("GET", "/dav/addressbooks/job/a.vcf").status == 200)
            #expect(try server.git("default", "show", "HEAD:job/config.toml").output == config)
        }
    }

    @Test func `RFC 6578 §3.2: a token of the old name is invalid at the new, and holds on return`()
        throws
    {
        try withServer { server throws in
            try server.request("MKCOL", "/dav/addressbooks/work/")
            try server.request(
                "PUT",
                "/dav/addressbooks/work/a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            let old = try server.token("/dav/addressbooks/work/")
            try server.request(
                "MOVE",
                "/dav/addressbooks/work/",
                ["Destination": "/dav/addressbooks/job/"]
            )
            let moved = try server.sync("/dav/addressbooks/job/", since: old)
            let there = try server.token("/dav/addressbooks/job/")
            try server.request(
                "PUT",
                "/dav/addressbooks/job/b.vcf",
                body: TestCard.text("B", uid: "2")
            )
            try server.request(
                "MOVE",
                "/dav/addressbooks/job/",
                ["Destination": "/dav/addressbooks/work/"]
            )

            let back = try Multistatus(server.sync("/dav/addressbooks/work/", since: old))
            let foreign = try server.sync("/dav/addressbooks/work/", since: there)
            #expect(moved.status == 403)
            #expect(moved.text.contains("valid-sync-token"))
            // The book was away meanwhile, so that all its cards were touched.
            let names = ["a.vcf", "b.vcf"]
            #expect(back.responses.map(\.href) == names.map { "/dav/addressbooks/work/\($0)" })
            #expect(foreign.status == 403)
        }
    }

    @Test func `RFC 4918 §9.9.2: a book is moved with Depth infinity only`() throws {
        try withServer { server throws in
            for depth in ["0", "1"] {
                let answer = try server.request(
                    "MOVE",
                    "/dav/addressbooks/default/",
                    ["Destination": "/dav/addressbooks/new/", "Depth": depth]
                )

                #expect(answer.status == 400)
            }
        }
    }
}
