import TestSupport
import Testing
import WebDAV

/// What happens between two reports, and what the second one tells of it: by the list of recent
/// changes, and once more by git alone, after a restart.
struct SyncHistoryTests {
    /// What a client with a token is told after some changes; `-` marks what is gone.
    private static func told(
        _ prepare: (TestServer) throws -> Void,
        _ change: (TestServer) throws -> Void
    ) throws -> [[String]] {
        try withServer { server throws in
            try prepare(server)
            let token = try #require(Multistatus(server.sync("")).syncToken)
            try change(server)
            let recent = try Multistatus(server.sync(token))
            server.stopBackend("default")
            try server.startBackend("default")
            let fromGit = try Multistatus(server.sync(token))
            #expect(recent.syncToken == fromGit.syncToken)
            return [recent, fromGit].map { answer in
                answer.responses.map { response in
                    let name = response.href.dropFirst(TestServer.book.count).dropLast(4)
                    let isGone = response.status == "HTTP/1.1 404 Not Found"
                    #expect(isGone == (response.property(.dav("getetag")) == nil))
                    return (isGone ? "-" : "") + name
                }
            }
        }
    }

    @Test
    func `RFC 6578 §3.5.1: a card deleted and made again is changed, even with the same bytes`()
        throws
    {
        let told = try Self.told { server throws in
            for name in ["a", "b"] { try server.put(name, "one") }
        } _: { server throws in
            for name in ["a", "b"] { try server.delete(name) }
            try server.put("a", "one")
            try server.put("b", "two")
        }

        #expect(told == [["a", "b"], ["a", "b"]])
    }

    @Test func `RFC 6578 §3.5.1: a change that was taken back is told: somebody may have seen it`()
        throws
    {
        let told = try Self.told { server throws in
            for name in ["a", "b"] { try server.put(name, "one") }
        } _: { server throws in
            try server.put("a", "two")
            try server.put("a", "one")
        }

        #expect(told == [["a"], ["a"]])
    }

    @Test func `RFC 6578 §3.5.2: a card that came and went is told as gone`() throws {
        let told = try Self.told { server throws in
            try server.put("a")
        } _: { server throws in
            try server.put("b")
            try server.delete("b")
        }

        #expect(told == [["-b"], ["-b"]])
    }

    @Test func `RFC 6578 §3.5: each card is told once, however often it changed`() throws {
        let told = try Self.told { server throws in
            for name in ["a", "b"] { try server.put(name) }
        } _: { server throws in
            for text in ["two", "three", "four"] { try server.put("b", text) }
            try server.delete("a")
            for text in ["two", "three"] { try server.put("c", text) }
        }

        #expect(told == [["-a", "b", "c"], ["-a", "b", "c"]])
    }

    @Test func `RFC 6578 §3.4: the first report tells nothing that is gone`() throws {
        try withServer { server throws in
            for name in ["a", "b", "c"] { try server.put(name) }
            try server.delete("b")

            for limit in [nil, 1] {
                var token = ""
                var responses: [Multistatus.Response] = []
                var hasMore = true
                while hasMore {
                    let page = try Multistatus(server.sync(token, limit: limit))
                    token = try #require(page.syncToken)
                    hasMore = page.truncation != nil
                    responses += page.responses.filter { $0.href != TestServer.book }
                }
                #expect(responses.map(\.status) == [nil, nil])
                #expect(responses.map(\.href).map { $0.suffix(5) } == ["a.vcf", "c.vcf"])
            }
        }
    }

    @Test func `RFC 6578 §4: properties of the book move its token, and change no card`() throws {
        try withServer { server throws in
            try server.put("a")
            let token = try #require(Multistatus(server.sync("")).syncToken)
            _ = try server.request(
                "PROPPATCH",
                TestServer.book,
                body: """
                    <D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>New\
                    </D:displayname></D:prop></D:set></D:propertyupdate>
                    """
            )

            let answer = try Multistatus(server.sync(token))

            #expect(answer.responses.isEmpty)
            #expect(answer.syncToken != token)
        }
    }
}
