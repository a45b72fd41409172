import Foundation
import TestSupport
import Testing

/// What an operator's program asks of a running backend.
struct OperatorTests {
    private static let book = "/dav/addressbooks/default/"

    /// The members of a status.
    private struct Status: Decodable {
        let instance: String
        let pid: Int32
        let version: String
        let started: String
        let requests: Int
        let failed: Int
        let connections: Int
        let books: Int
        let cards: Int
        let lastCommit: String?
        let lastCommitTime: String?
        let residentBytes: Int
        let idleSeconds: Int
    }

    private static func ask(_ target: String, _ server: TestServer) throws -> OperatorCall {
        let socket = server.folder.appending(path: "run/default.sock").path
        return try OperatorCall(target, of: "default", at: socket)
    }

    private static func status(_ server: TestServer) throws -> Status {
        let answer = try ask("operator:status", server)
        #expect(answer.status == 200)
        #expect(answer.type == "application/json")
        return try JSONDecoder().decode(Status.self, from: Data(answer.text.utf8))
    }

    @Test func `the status counts requests, cards and books as they come`() throws {
        try withServer { server throws in
            let before = try Self.status(server)
            for name in ["a", "b", "c"] {
                let card = TestCard.text(name, uid: name)
                _ = try server.request("PUT", "\(Self.book)\(name).vcf", body: card)
            }
            _ = try server.request("DELETE", "\(Self.book)c.vcf")
            _ = try server.request("GET", "\(Self.book)missing.vcf")
            let head = try server.git("default", "rev-parse", "HEAD").output
            let after = try Self.status(server)

            #expect(before.instance == "default")
            #expect(before.pid == server.backendID("default"))
            #expect(before.version.split(separator: ".").count == 3)
            #expect((before.requests, before.books, before.cards) == (0, 1, 0))
            #expect((after.requests, after.failed) == (5, 0))
            #expect((after.books, after.cards) == (1, 2))
            #expect(after.connections >= 1)
            #expect("\(after.lastCommit ?? "")\n" == head)
            #expect(after.residentBytes > 1 << 20)
            #expect(after.idleSeconds >= 0)
            for date in [after.started, after.lastCommitTime] {
                #expect(try Date(date ?? "", strategy: .iso8601) > .now - 3_600)
            }
        }
    }

    @Test func `files that are no cards are not counted as such`() throws {
        try withServer { server throws in
            server.stopBackend("default")
            let clone = server.folder.appending(path: "clone").path
            let identity = ["-c", "user.name=Pat", "-c", "user.email=pat@example.com", "-C", clone]
            try Programs.run("/usr/bin/git", ["clone", "-q", server.store(), clone])
            try Data("no card\n".utf8).write(to: URL(filePath: "\(clone)/default/notes.txt"))
            try Data(TestCard.text("B", uid: "2").utf8)
                .write(to: URL(filePath: "\(clone)/default/b.vcf"))
            try Programs.run("/usr/bin/git", identity + ["add", "."])
            try Programs.run("/usr/bin/git", identity + ["commit", "-qm", "By hand"])
            try Programs.run("/usr/bin/git", identity + ["push", "-q"])
            try server.startBackend("default")

            #expect(try Self.status(server).cards == 1)
        }
    }

    @Test func `a client cannot name what only an operator may ask`() throws {
        try withServer { server throws in
            #expect(try server.request("GET", "operator:status").status == 400)
            #expect(try server.request("POST", "operator:checkpoint").status == 400)
        }
    }

    @Test func `what no operator asks is answered with 400`() throws {
        try withServer { server throws in
            #expect(try Self.ask("operator:nothing", server).status == 400)
        }
    }
}
