import Foundation
import TestSupport
import Testing
import WebDAV

/// Queries of a book that changes between them: each is answered as the book stands.
struct QueryAfterChangeTests {
    private static let book = "/dav/addressbooks/default/"

    /// The names of the cards in which one of the properties that a search looks at has a text.
    private static func search(_ server: TestServer, _ text: String) throws -> String {
        let conditions = ["FN", "N", "NICKNAME", "EMAIL", "TEL", "ORG"].map {
            "<C:prop-filter name=\"\($0)\"><C:text-match>\(text)</C:text-match></C:prop-filter>"
        }
        let answer = try server.report(
            book,
            """
            <C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">\
            <D:prop><C:address-data/></D:prop><C:filter test="anyof">\(conditions.joined())\
            </C:filter></C:addressbook-query>
            """
        )
        return try Multistatus(answer).responses.map { response in
            let card = response.property(.carddav("address-data"))?.text.lowercased() ?? ""
            #expect(card.contains(text.lowercased()))
            return String(response.href.dropFirst(book.count).dropLast(4))
        }
        .joined(separator: " ")
    }

    private static func put(_ server: TestServer, _ name: String, _ lines: String...) throws {
        let more = lines.map { "\($0)\r\n" }.joined()
        let card = TestCard.text(name, uid: name)
            .replacing("END:VCARD", with: "\(more)END:VCARD")
        let answer = try server.request("PUT", "\(book)\(name).vcf", body: card)
        #expect([201, 204].contains(answer.status))
    }

    @Test func `RFC 6352 §8.6: a query sees each new card, edit, renaming and deletion`() throws {
        try withServer { server throws in
            #expect(try Self.search(server, "berlin") == "")
            try Self.put(server, "carol", "ORG:Zoo Berlin")
            try Self.put(server, "alice", "EMAIL:alice@berlin.example")
            try Self.put(server, "bob", "TEL:123")
            #expect(try Self.search(server, "Berlin") == "alice carol")

            try Self.put(server, "bob", "NICKNAME:Berliner")
            try Self.put(server, "alice", "TEL:123")
            #expect(try Self.search(server, "Berlin") == "bob carol")
            #expect(try Self.search(server, "123") == "alice")

            let deletion = try server.request("DELETE", "\(Self.book)bob.vcf")
            #expect(deletion.status == 204)
            #expect(try Self.search(server, "Berlin") == "carol")
        }
    }

    @Test func `RFC 6352 §8.6: a query sees what somebody committed with git`() throws {
        try withServer { server throws in
            for name in ["alice", "bob", "carol"] { try Self.put(server, name, "ORG:Berlin") }
            #expect(try Self.search(server, "berlin") == "alice bob carol")
            // What was stored may reach git's own files a little later.
            try eventually {
                try server.git("default", "ls-tree", "--name-only", "main:default").output
                    .contains("carol.vcf")
            }
            let clone = server.folder.appending(path: "clone").path
            func git(_ arguments: String...) throws {
                let identity = ["-c", "user.name=Pat", "-c", "user.email=pat@example.com"]
                let done = try Programs.run(
                    "/usr/bin/git",
                    ["-C", clone] + identity + arguments
                )
                #expect(done.status == 0, "\(done.errors)")
            }
            try Programs.run("/usr/bin/git", ["clone", "-q", server.store(), clone])
            try git("mv", "default/alice.vcf", "default/zoe.vcf")
            try git("rm", "-q", "default/bob.vcf")
            try Data("junk with berlin in it".utf8)
                .write(to: URL(filePath: "\(clone)/default/junk.vcf"))
            try git("add", ".")
            try git("commit", "-qm", "By hand")
            try git("push", "-q")

            // What others commit is taken in with the next write.
            try Self.put(server, "dave", "ORG:East Berlin")

            #expect(try Self.search(server, "berlin") == "carol dave zoe")
        }
    }
}
