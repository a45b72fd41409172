import Foundation
import TestSupport
import Testing
import WebDAV

/// Tokens that are none of this book's, or not any more.
struct SyncTokenTests {
    private static let thunderbird =
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0"

    private static func expectInvalid(_ answer: HTTPAnswer, status: Int = 403) {
        #expect(answer.status == status)
        #expect(answer.text.contains("<D:valid-sync-token>"))
        #expect(answer["content-type"] == "application/xml; charset=utf-8")
    }

    private static func token(_ server: TestServer) throws -> String {
        try #require(Multistatus(server.sync("")).syncToken)
    }

    @Test(arguments: ["nonsense", "everlock-sync:0000000000000000000000000000000000000000"])
    func `Thunderbird: a token that is not valid is 400, from which alone it recovers`(
        token: String
    ) throws {
        try withServer { server throws in
            for (agent, status) in [
                (Self.thunderbird, 400), ("DAVx5/4.4", 403), ("Thunderbird CardBook/97", 403),
            ] {
                let answer = try server.sync(token, ["Depth": "1", "User-Agent": agent])

                Self.expectInvalid(answer, status: status)
            }
        }
    }

    @Test func `RFC 6578 §3.2: what is no walk of this server's is refused, in every part`() throws
    {
        try withServer { server throws in
            for name in ["a", "b", "c"] { try server.put(name) }
            let page = try Multistatus(server.sync("", limit: 1)).syncToken ?? ""
            let whole = try Self.token(server)
            let zeros = String(repeating: "0", count: 40)
            let commit = String(whole.suffix(40))
            #expect(page.hasPrefix(whole))

            for token in [
                page + "0", page + "/", page.replacing(commit, with: zeros), whole + "/",
                "\(whole)/\(zeros)/61", "everlock-sync:\(zeros)/\(zeros)/61",
                whole.replacing("everlock-sync:", with: "sync:"), "\(whole)/\(commit)/zz",
            ] {
                Self.expectInvalid(try server.sync(token))
            }
        }
    }

    @Test func `RFC 6578 §3.2: the commit of another book, known to git, is refused`() throws {
        try withServer { server throws in
            try server.put("a")
            try server.makeBook("other")
            let other = try Multistatus(server.sync("", of: "\(TestServer.home)other/"))
            let token = try #require(other.syncToken)
            try server.put("b")
            Self.expectInvalid(try server.sync(token))

            server.stopBackend("default")
            try server.startBackend("default")

            Self.expectInvalid(try server.sync(token))
        }
    }

    @Test func `RFC 6578 §3.2: a backup that was put back does not know what came after it`() throws
    {
        try withServer { server throws in
            for name in ["a", "b"] { try server.put(name) }
            let old = try Self.token(server)
            server.stopBackend("default")
            let backup = server.store() + "-backup"
            try FileManager.default.copyItem(atPath: server.store(), toPath: backup)
            try server.startBackend("default")
            try server.put("c")
            let lost = try Self.token(server)
            let lostPage = try #require(Multistatus(server.sync("", limit: 1)).syncToken)

            server.stopBackend("default")
            try FileManager.default.removeItem(atPath: server.store())
            try FileManager.default.moveItem(atPath: backup, toPath: server.store())
            try server.startBackend("default")

            for isChanged in [false, true] {
                if isChanged { try server.put("d") }
                Self.expectInvalid(try server.sync(lost))
                Self.expectInvalid(try server.sync(lostPage))
                #expect(try Multistatus(server.sync(old)).cardNames == (isChanged ? ["d"] : []))
            }
        }
    }

    @Test(arguments: [false, true])
    func `RFC 6578 §3.2: a branch put back with git, running or not, does not know what came after`(
        isRunning: Bool
    ) throws {
        try withServer { server throws in
            try server.put("a")
            let old = try Self.token(server)
            try server.put("b")
            let lost = try Self.token(server)
            try server.put("c")
            // Its commits are looked at, so that a memory of them could be wrong afterwards.
            #expect(try Multistatus(server.sync(lost)).cardNames == ["c"])
            _ = try server.git("default", "log")
            if !isRunning { server.stopBackend("default") }

            let moved = try Programs.run(
                "/usr/bin/git",
                ["-C", server.store(), "update-ref", "refs/heads/main", String(old.suffix(40))]
            )
            #expect(moved.status == 0)
            if !isRunning { try server.startBackend("default") }

            for isChanged in [false, true] {
                if isChanged { try server.put("d") }
                Self.expectInvalid(try server.sync(lost))
                #expect(try Multistatus(server.sync(old)).cardNames == (isChanged ? ["d"] : []))
            }
        }
    }

    @Test func `RFC 6578 §3.2: a walk through a book does not go on in one made anew`() throws {
        try withServer { server throws in
            for name in ["a", "b", "c"] { try server.put(name) }
            let first = try Self.token(server)
            for name in ["a", "b"] { try server.put(name, "two") }
            let initial = try #require(Multistatus(server.sync("", limit: 1)).syncToken)
            let later = try #require(Multistatus(server.sync(first, limit: 1)).syncToken)

            _ = try server.request("DELETE", TestServer.book)
            #expect(try server.sync(first).status == 404)
            try server.makeBook("default")
            for name in ["a", "b", "c"] { try server.put(name) }

            for token in [first, initial, later] { Self.expectInvalid(try server.sync(token)) }
        }
    }

    @Test func `RFC 6578 §3.2: tokens stay valid when git has repacked the store`() throws {
        try withServer { server throws in
            try server.put("a")
            let token = try Self.token(server)
            try server.put("b")
            _ = try server.git("default", "gc", "-q", "--prune=now")
            server.stopBackend("default")
            try server.startBackend("default")

            #expect(try Multistatus(server.sync(token)).cardNames == ["b"])
        }
    }
}
