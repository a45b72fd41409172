import Foundation
import TestSupport
import Testing
import WebDAV

struct CopyTests {
    private static let home = "/dav/addressbooks/"
    private static let card = "/dav/addressbooks/default/a.vcf"

    /// A server with the books `default`, which has the card `a.vcf`, and `work`.
    private static func withBooks(_ body: (TestServer) throws -> Void) throws {
        try withServer { server throws in
            try server.request("PUT", card, body: TestCard.text("A", uid: "1"))
            try server.request("MKCOL", "/dav/addressbooks/work/")
            try body(server)
        }
    }

    @Test(arguments: [
        "/dav/addressbooks/work/b.vcf", "http://localhost/dav/addressbooks/work/b.vcf",
        "https://localhost:443/dav/addressbooks/work/b.vcf",
        "http://alice@LOCALHOST/dav/addressbooks/work/%62.vcf",
    ])
    func `RFC 4918 §9.8.1: a card is copied to a path or a URL, byte for byte`(destination: String)
        throws
    {
        try Self.withBooks { server throws in
            let before = try server.git("default", "rev-list", "--count", "HEAD").output

            let copied = try server.request("COPY", Self.card, ["Destination": destination])

            let after = try server.git("default", "rev-list", "--count", "HEAD").output
            let copy = try server.request("GET", "/dav/addressbooks/work/b.vcf")
            #expect(copied.status == 201)
            #expect(copy.text == TestCard.text("A", uid: "1"))
            #expect(copied["etag"] == copy["etag"])
            #expect(try server.request("GET", Self.card).status == 200)
            #expect(Int(after.dropLast()) == Int(before.dropLast()).map { $0 + 1 })
        }
    }

    @Test func `RFC 4918 §9.8.4: Overwrite F refuses what T replaces with 204`() throws {
        try Self.withBooks { server throws in
            let target = "/dav/addressbooks/work/a.vcf"
            try server.request("PUT", target, body: TestCard.text("Old", uid: "1"))

            let refused = try server.request(
                "COPY",
                Self.card,
                ["Destination": target, "Overwrite": "F"]
            )
            let kept = try server.request("GET", target).text
            let replaced = try server.request("COPY", Self.card, ["Destination": target])
            let senseless = try server.request(
                "COPY",
                Self.card,
                ["Destination": target, "Overwrite": "maybe"]
            )

            #expect(refused.status == 412)
            #expect(kept.contains("FN:Old"))
            #expect(replaced.status == 204)
            #expect(try server.request("GET", target).text.contains("FN:A"))
            #expect(senseless.status == 400)
        }
    }

    @Test(arguments: [
        ("http://elsewhere.example/dav/addressbooks/work/b.vcf", 502),
        ("http://localhost:8081/dav/addressbooks/work/b.vcf", 502),
        ("ftp://localhost/dav/addressbooks/work/b.vcf", 502),
        ("/dav/addressbooks/none/b.vcf", 409), ("/dav/addressbooks/work/x/b.vcf", 409),
        ("/dav/addressbooks/default/a.vcf", 403), ("/dav/addressbooks/default/%61.vcf", 403),
        ("/dav/addressbooks/work/config.toml", 403), ("/dav/addressbooks/work/..", 400), ("", 400),
    ])
    func `RFC 4918 §9.8.5: a Destination that will not do is refused by its status`(
        destination: String,
        status: Int
    ) throws {
        try Self.withBooks { server throws in
            let before = try server.git("default", "rev-parse", "HEAD").output

            for method in ["COPY", "MOVE"] {
                let answer = try server.request(method, Self.card, ["Destination": destination])

                #expect(answer.status == status)
            }
            #expect(try server.request("COPY", Self.card).status == 400)
            #expect(try server.git("default", "rev-parse", "HEAD").output == before)
        }
    }

    @Test(arguments: ["/dav/addressbooks/new", "/dav/", "/dav/principals/me/b.vcf", "/elsewhere"])
    func `RFC 6352 §5.2: a card goes nowhere but into a book`(destination: String) throws {
        try Self.withBooks { server throws in
            let answer = try server.request("COPY", Self.card, ["Destination": destination])

            #expect(answer.status == 403)
            #expect(answer.text.contains("addressbook-collection-location-ok"))
        }
    }

    @Test func `RFC 6352 §6.3.2.1: a copy whose UID is taken is refused, the holder named`() throws
    {
        try Self.withBooks { server throws in
            try server.request(
                "PUT",
                "/dav/addressbooks/work/held.vcf",
                body: TestCard.text("B", uid: "urn:uuid:1")
            )
            try server.request(
                "PUT",
                "/dav/addressbooks/work/other.vcf",
                body: TestCard.text("C", uid: "2")
            )

            let inside = try server.request(
                "COPY",
                Self.card,
                ["Destination": "/dav/addressbooks/default/b.vcf"]
            )
            let across = try server.request(
                "MOVE",
                Self.card,
                ["Destination": "/dav/addressbooks/work/new.vcf"]
            )
            let over = try server.request(
                "COPY",
                "/dav/addressbooks/work/held.vcf",
                ["Destination": "/dav/addressbooks/work/other.vcf"]
            )

            for (answer, holder) in [
                (inside, Self.card), (across, "/dav/addressbooks/work/held.vcf"),
                (over, "/dav/addressbooks/work/other.vcf"),
            ] {
                #expect(answer.status == 403)
                #expect(
                    answer.text.contains(
                        "<C:no-uid-conflict><D:href>\(holder)</D:href></C:no-uid-conflict>"
                    )
                )
            }
        }
    }

    @Test func `RFC 4918 §9.8.3: a book is copied with its cards and properties, under a new id`()
        throws
    {
        try Self.withBooks { server throws in
            try server.request(
                "PROPPATCH",
                "/dav/addressbooks/default/",
                body: """
                    <D:propertyupdate xmlns:D="DAV:"><D:set><D:prop>\
                    <D:displayname>Mine</D:displayname><x:color xmlns:x="urn:x">red</x:color>\
                    </D:prop></D:set></D:propertyupdate>
                    """
            )

            let answer = try server.request(
                "COPY",
                "/dav/addressbooks/default/",
                ["Destination": "/dav/addressbooks/copy/"]
            )

            let copy = try server.propfind(
                "/dav/addressbooks/copy/",
                "<D:displayname/><x:color xmlns:x=\"urn:x\"/>"
            )
            let config = try server.git("default", "show", "HEAD:copy/config.toml").output
            let original = try server.git("default", "show", "HEAD:default/config.toml").output
            #expect(answer.status == 201)
            #expect(try server.request("GET", "/dav/addressbooks/copy/a.vcf").status == 200)
            #expect(copy.responses.first?.property(.dav("displayname"))?.text == "Mine")
            #expect(copy.responses.first?.property(QualifiedName("urn:x", "color"))?.text == "red")
            let lines = (config.split(separator: "\n"), original.split(separator: "\n"))
            #expect(lines.0.first != lines.1.first)
            #expect(lines.0.dropFirst() == lines.1.dropFirst())
        }
    }

    @Test func `RFC 4918 §9.8.3: Depth 0 copies a book without its cards, Depth 1 is refused`()
        throws
    {
        try Self.withBooks { server throws in
            let fields = ["Destination": "/dav/addressbooks/copy/"]

            let one = try server.request(
                "COPY",
                "/dav/addressbooks/default/",
                fields.merging(["Depth": "1"]) { $1 }
            )
            let zero = try server.request(
                "COPY",
                "/dav/addressbooks/default/",
                fields.merging(["Depth": "0"]) { $1 }
            )

            #expect(one.status == 400)
            #expect(zero.status == 201)
            #expect(try server.request("GET", "/dav/addressbooks/copy/").body.isEmpty)
        }
    }

    @Test func `RFC 4918 §9.8.4: a book that is copied over has the source's cards and no others`()
        throws
    {
        try Self.withBooks { server throws in
            try server.request(
                "PUT",
                "/dav/addressbooks/work/w.vcf",
                body: TestCard.text("W", uid: "w")
            )
            let token = try server.propfind("/dav/addressbooks/work/", "<D:sync-token/>")
                .responses.first?.property(.dav("sync-token"))?.text

            let answer = try server.request(
                "COPY",
                "/dav/addressbooks/default",
                ["Destination": "/dav/addressbooks/work"]
            )

            let sync = try server.sync("/dav/addressbooks/work/", since: token ?? "")
            #expect(answer.status == 204)
            #expect(try server.request("GET", "/dav/addressbooks/work/w.vcf").status == 404)
            #expect(try server.request("GET", "/dav/addressbooks/work/a.vcf").status == 200)
            #expect(sync.status == 403)
            #expect(sync.text.contains("valid-sync-token"))
        }
    }

    @Test(arguments: ["/dav/addressbooks/default/inner/", "/dav/", "/dav/addressbooks/", "/x/y/"])
    func `RFC 6352 §5.2: a book goes nowhere but into the home`(destination: String) throws {
        try Self.withBooks { server throws in
            for method in ["COPY", "MOVE"] {
                let answer = try server.request(
                    method,
                    "/dav/addressbooks/work/",
                    ["Destination": destination]
                )

                #expect(answer.status == 403)
                #expect(answer.text.contains("addressbook-collection-location-ok"))
            }
        }
    }

    @Test(arguments: ["COPY", "MOVE"])
    func `RFC 4918 §10.4: If-Match, If-None-Match and If hold for the source`(method: String) throws
    {
        try Self.withBooks { server throws in
            let target = ["Destination": "/dav/addressbooks/work/b.vcf"]
            let etag = try #require(server.request("HEAD", Self.card)["etag"])

            for condition in [
                ("If-Match", "\"x\""), ("If-None-Match", etag), ("If", "([\"x\"])"),
                ("If", "(<urn:uuid:a-lock>)"),
            ] {
                let answer = try server.request(
                    method,
                    Self.card,
                    target.merging([condition.0: condition.1]) { $1 }
                )

                #expect(answer.status == 412)
            }
            let done = try server.request(
                method,
                Self.card,
                target.merging(["If-Match": etag, "If": "(Not <DAV:no-lock> [\(etag)])"]) { $1 }
            )
            #expect(done.status == 201)
        }
    }

    @Test func `RFC 3744 §7.1.1: a reader copies and moves nothing`() throws {
        try Self.withBooks { server throws in
            for method in ["COPY", "MOVE", "POST"] {
                let answer = try server.request(
                    method,
                    method == "POST" ? "/dav/addressbooks/default/" : Self.card,
                    ["Destination": "/dav/addressbooks/work/b.vcf"],
                    user: TestServer.reader
                )

                #expect(answer.status == 403)
                #expect(answer.text.contains("need-privileges"))
            }
        }
    }

    @Test func `RFC 4918 §9.8: what is not there is not copied`() throws {
        try Self.withBooks { server throws in
            for (source, target) in [
                ("/dav/addressbooks/default/none.vcf", "/dav/addressbooks/work/b.vcf"),
                ("/dav/addressbooks/none/", "/dav/addressbooks/new/"),
            ] {
                for method in ["COPY", "MOVE"] {
                    let answer = try server.request(method, source, ["Destination": target])

                    #expect(answer.status == 404)
                }
            }
        }
    }

    @Test func `RFC 4918 §9.8: a file that somebody pushed and no URL can name stays behind`()
        throws
    {
        try withServer { server throws in
            try server.put("a")
            try server.pushWithGit { clone in
                let name = Array("\(clone.path)/default/M".utf8) + [0xFC, 0]
                let file = fopen(name.map { CChar(bitPattern: $0) }, "w")
                fputs("not to be named", file)
                fclose(file)
            }

            let answer = try server.request(
                "COPY",
                TestServer.book,
                ["Destination": "\(TestServer.home)copy/"]
            )

            #expect(answer.status == 201)
            #expect(try server.request("GET", "\(TestServer.home)copy/a.vcf").status == 200)
        }
    }
}
