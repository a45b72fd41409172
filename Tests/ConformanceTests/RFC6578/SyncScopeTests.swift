import TestSupport
import Testing
import WebDAV

/// How far the report reaches, and how it is limited.
struct SyncScopeTests {
    @Test(arguments: [["Depth": "0"], ["Depth": "1"], [:]])
    func `RFC 6578 §3.2: Depth 0 is answered, as are none and, for Thunderbird, 1`(
        fields: [String: String]
    ) throws {
        try withServer { server throws in
            try server.put("a")

            #expect(try Multistatus(server.sync("", fields)).cardNames == ["a"])
        }
    }

    @Test(arguments: ["infinity", "2", "-1", "none"])
    func `RFC 6578 §3.2: any other Depth is 400`(depth: String) throws {
        try withServer { server throws in
            #expect(try server.sync("", ["Depth": depth]).status == 400)
        }
    }

    @Test func `RFC 6578 §3.3: both levels mean the cards of a book, with tokens for each other`()
        throws
    {
        try withServer { server throws in
            try server.put("a")
            let first = try Multistatus(server.sync("", level: "infinite"))
            try server.put("b")

            let second = try Multistatus(server.sync(try #require(first.syncToken)))

            #expect(first.cardNames == ["a"])
            #expect(second.cardNames == ["b"])
            #expect(try server.sync("", level: "2").status == 400)
        }
    }

    @Test func `RFC 6578 §3.2: the home and a card refuse the report, and do not list it`() throws {
        try withServer { server throws in
            try server.put("a")

            for path in [TestServer.home, "\(TestServer.book)a.vcf"] {
                let answer = try server.sync("", of: path)
                let listed = try server.propfind(path, "<D:supported-report-set/>")

                #expect(answer.status == 403)
                #expect(answer.text.contains("<D:supported-report>"))
                #expect(!listed.answer.text.contains("sync-collection"))
                #expect(
                    try server.propfind(path, "<D:sync-token/>").responses[0].missing.count == 1
                )
            }
        }
    }

    @Test func `RFC 6578 §3.7: a limit that no page can keep is refused with 507`() throws {
        try withServer { server throws in
            try server.put("a")
            let token = try #require(Multistatus(server.sync("")).syncToken)

            let refused = try server.sync("", limit: 0)
            let empty = try Multistatus(server.sync(token, limit: 0))

            #expect(refused.status == 507)
            #expect(refused.text.contains("<D:number-of-matches-within-limits>"))
            #expect(empty.responses.isEmpty)
            #expect(empty.syncToken == token)
        }
    }

    @Test func `RFC 6578 §3.6: a limit that just suffices cuts nothing`() throws {
        try withServer { server throws in
            for name in ["a", "b"] { try server.put(name) }

            let answer = try Multistatus(server.sync("", limit: 2))

            #expect(answer.cardNames == ["a", "b"])
            #expect(answer.truncation == nil)
        }
    }

    @Test func `RFC 6352 §10.4: the report gives the cards themselves, whole or in part`() throws {
        try withServer { server throws in
            try server.put("a", "Alice", "EMAIL:a@example.com")

            let whole = try Multistatus(server.sync("", properties: "<C:address-data/>"))
            let part = try Multistatus(
                server.sync(
                    "",
                    properties: "<C:address-data><C:prop name=\"EMAIL\"/></C:address-data>"
                )
            )

            let name = QualifiedName.carddav("address-data")
            #expect(whole.responses[0].property(name)?.text.contains("FN:Alice") == true)
            #expect(part.responses[0].property(name)?.text.contains("EMAIL:a@") == true)
            #expect(whole.responses[0].property(name)?.text.contains("\r\nN:") == true)
            #expect(part.responses[0].property(name)?.text.contains("\r\nN:") == false)
        }
    }
}
