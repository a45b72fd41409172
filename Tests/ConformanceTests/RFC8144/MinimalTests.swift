import TestSupport
import Testing
import WebDAV

struct MinimalTests {
    private static let book = "/dav/addressbooks/default/"

    private static func propfind(
        _ server: TestServer,
        _ fields: [String: String]
    ) throws -> Multistatus {
        try Multistatus(
            server.request(
                "PROPFIND",
                book,
                fields.merging(["Depth": "0"]) { $1 },
                body: """
                    <D:propfind xmlns:D="DAV:"><D:prop><D:displayname/><D:nonsense/></D:prop>\
                    </D:propfind>
                    """
            )
        )
    }

    @Test(arguments: [
        ["Prefer": "return=minimal"], ["Prefer": "wait=5, RETURN = \"minimal\" ; x=y"],
        ["Brief": "t"], ["Brief": "T", "Prefer": "respond-async"],
    ])
    func `RFC 8144 §2.1: minimal leaves out what is not there`(fields: [String: String]) throws {
        try withServer { server throws in
            let answer = try Self.propfind(server, fields)

            let propstats = answer.responses.first?.propstats ?? []
            #expect(propstats.map(\.status) == ["HTTP/1.1 200 OK"])
            #expect(propstats.first?.properties.map(\.name) == [.dav("displayname")])
            #expect(answer.answer["preference-applied"] == "return=minimal")
            #expect(answer.answer["vary"] == "Prefer, Brief")
        }
    }

    @Test(arguments: [
        [:], ["Prefer": "return=representation, return=minimal"], ["Brief": "f"],
        ["Prefer": "x=\"return=minimal, return=minimal\""],
    ])
    func `RFC 7240 §2: what is not preferred, or second, changes nothing`(fields: [String: String])
        throws
    {
        try withServer { server throws in
            let answer = try Self.propfind(server, fields)

            #expect(answer.responses.first?.missing == [.dav("nonsense")])
            #expect(answer.answer["preference-applied"] == nil)
            #expect(answer.answer["vary"] == "Prefer, Brief")
        }
    }

    @Test func `RFC 8144 §2.1: where nothing is found an empty 200 propstat stands for it`() throws
    {
        try withServer { server throws in
            let answer = try Multistatus(
                server.report(
                    Self.book,
                    """
                    <C:addressbook-multiget xmlns:D="DAV:" \
                    xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:none/></D:prop>\
                    <D:href>\(Self.book)a.vcf</D:href></C:addressbook-multiget>
                    """,
                    ["Prefer": "return=minimal"]
                )
            )
            try server.request("PUT", Self.book + "a.vcf", body: TestCard.text("A", uid: "1"))
            let found = try Multistatus(
                server.report(
                    Self.book,
                    """
                    <C:addressbook-multiget xmlns:D="DAV:" \
                    xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:none/></D:prop>\
                    <D:href>\(Self.book)a.vcf</D:href></C:addressbook-multiget>
                    """,
                    ["Prefer": "return=minimal"]
                )
            )

            #expect(answer.responses.first?.status == "HTTP/1.1 404 Not Found")
            #expect(found.responses.first?.propstats.map(\.status) == ["HTTP/1.1 200 OK"])
            #expect(found.responses.first?.propstats.first?.properties.isEmpty == true)
        }
    }

    @Test func `RFC 8144 §2.2: a minimal PROPPATCH says nothing of success, all of failure`() throws
    {
        try withServer { server throws in
            let prefer = ["Prefer": "return=minimal"]
            let done = try server.proppatching(
                Self.book,
                "<D:set><D:prop><D:displayname>N</D:displayname></D:prop></D:set>",
                prefer
            )
            let failed = try server.proppatch(
                Self.book,
                "<D:set><D:prop><D:getetag>N</D:getetag></D:prop></D:set>",
                prefer
            )

            #expect(done.status == 204)
            #expect(done.body.isEmpty)
            #expect(done["preference-applied"] == "return=minimal")
            #expect(failed.responses.first?.propstats.map(\.status) == ["HTTP/1.1 403 Forbidden"])
        }
    }

    @Test func `RFC 8144 §2.3: a minimal MKCOL answers 201 with an empty body`() throws {
        try withServer { server throws in
            let answer = try server.request(
                "MKCOL",
                "/dav/addressbooks/work/",
                ["Prefer": "return=minimal"],
                body: """
                    <D:mkcol xmlns:D="DAV:"><D:set><D:prop><D:displayname>W</D:displayname>\
                    </D:prop></D:set></D:mkcol>
                    """
            )

            #expect(answer.status == 201)
            #expect(answer["content-length"] == "0")
            #expect(answer["preference-applied"] == "return=minimal")
        }
    }

    @Test func `RFC 8144 §4: depth-noroot lists the members without the collection`() throws {
        try withServer { server throws in
            try server.request("PUT", Self.book + "a.vcf", body: TestCard.text("A", uid: "1"))
            let list = { (depth: String) in
                try Multistatus(
                    server.request(
                        "PROPFIND",
                        Self.book,
                        ["Depth": depth, "Prefer": "depth-noroot"]
                    )
                )
            }

            #expect(try list("1").responses.map(\.href) == [Self.book + "a.vcf"])
            #expect(try list("1").answer["preference-applied"] == "depth-noroot")
            #expect(try list("0").responses.map(\.href) == [Self.book])
            #expect(try list("0").answer["preference-applied"] == nil)
        }
    }

    @Test func `RFC 7240 §4.4: strict handling takes a missing Depth for what the RFC says`() throws
    {
        try withServer { server throws in
            let strict = ["Prefer": "handling=strict"]
            let missing = try server.request("PROPFIND", Self.book, strict)
            let lenient = try server.request("PROPFIND", Self.book, ["Prefer": "handling=lenient"])
            let given = try server.request(
                "PROPFIND",
                Self.book,
                strict.merging(["Depth": "0"]) { $1 }
            )
            let sync = try server.report(
                Self.book,
                """
                <D:sync-collection xmlns:D="DAV:"><D:sync-token/><D:sync-level>1</D:sync-level>\
                <D:prop><D:getetag/></D:prop></D:sync-collection>
                """,
                strict.merging(["Depth": "1"]) { $1 }
            )

            #expect(missing.status == 403)
            #expect(missing.text.contains("propfind-finite-depth"))
            #expect(lenient.status == 207)
            #expect(given.status == 207)
            #expect(given["preference-applied"] == "handling=strict")
            #expect(sync.status == 400)
        }
    }
}
