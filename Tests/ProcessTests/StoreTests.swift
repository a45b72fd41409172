import Foundation
import TestSupport
import Testing
import WebDAV

struct StoreTests {
    private static let book = "/dav/addressbooks/default/"

    @Test func `every write is one commit that names the user, the method and the client`() throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "\(Self.book)a.vcf",
                ["User-Agent": "Tester/1.0 (Zoë)"],
                body: TestCard.text("A", uid: "1")
            )

            let log = try server.git("default", "log", "-1", "--format=%an%n%s%n%(trailers)").output
            let lines = log.split(separator: "\n")

            #expect(lines.first == "alice")
            #expect(lines.dropFirst().first == "PUT default/a.vcf")
            #expect(lines.contains { $0.hasPrefix("User-Agent: Tester/1.0 (Zoë)") })
            #expect(lines.contains { $0.hasPrefix("Request-ID: ") })
            #expect(
                try server.git("default", "show", "HEAD:default/a.vcf").output
                    == TestCard.text("A", uid: "1")
            )
        }
    }

    @Test func `the same bytes again make no commit`() throws {
        try withServer { server throws in
            let card = TestCard.text("A", uid: "1")
            _ = try server.request("PUT", "\(Self.book)a.vcf", body: card)
            let before = try server.git("default", "rev-parse", "HEAD").output

            #expect(try server.request("PUT", "\(Self.book)a.vcf", body: card).status == 204)
            #expect(try server.git("default", "rev-parse", "HEAD").output == before)
        }
    }

    @Test func `ETag, ctag and token are the ids that git has`() throws {
        try withServer { server throws in
            let put = try server.request(
                "PUT",
                "\(Self.book)a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            let answer = try server.propfind(Self.book, "<CS:getctag/>")

            let blob = try server.git("default", "rev-parse", "HEAD:default/a.vcf").output
            let tree = try server.git("default", "rev-parse", "HEAD:default").output
            #expect(put["etag"] == "\"\(blob.prefix(40))\"")
            #expect(
                answer.responses.first?.property(.calendarServer("getctag"))?.text
                    == String(tree.prefix(40))
            )
        }
    }

    @Test func `contactsctl imports with readable names, exports, and verifies`() throws {
        try withServer { server throws in
            server.stopBackend("default")
            let file = server.folder.appending(path: "cards.vcf").path
            let cards = ["Zoë Ångström", "Zoë Ångström", "Иван Петров", "田中"].enumerated()
                .map { TestCard.text($0.element, uid: "u\($0.offset)") }
            try Data((cards.joined() + "BEGIN:VCARD\r\nEND:VCARD\r\n").utf8).write(
                to: URL(filePath: file)
            )

            let imported = try server.control("import", "default", "default", file)
            let again = try server.control("import", "default", "default", file)
            let names = try server.git("default", "ls-tree", "--name-only", "HEAD:default").output
            let exported = try server.control("export", "default", "default")
            let verified = try server.control("verify", "default")

            #expect(imported.output == "4 added, 0 updated, 0 unchanged, 1 refused\n")
            #expect(imported.errors.contains("cards.vcf:25: there is no property"))
            #expect(again.output == "0 added, 0 updated, 4 unchanged, 1 refused\n")
            #expect(
                names
                    == "config.toml\nivan-petrov.vcf\nu3.vcf\nzoe-angstrom-2.vcf\nzoe-angstrom.vcf\n"
            )
            #expect(exported.output.components(separatedBy: "BEGIN:VCARD").count == 5)
            #expect(verified.status == 0)
            #expect(verified.output.hasSuffix(", 4 cards, 0 problems\n"))
            try server.startBackend("default")
        }
    }

    @Test func `a checkpoint that git does not get says so, and the next one makes up for it`()
        throws
    {
        try withServer { server throws in
            try server.request("PUT", "\(Self.book)a.vcf", body: TestCard.text("A", uid: "1"))
            server.stopBackend("default", SIGKILL)
            let obstacle = "\(server.store())/refs/heads/main.lock"
            try FileManager.default.createDirectory(
                atPath: obstacle,
                withIntermediateDirectories: false
            )

            let failed = try server.control("checkpoint", "default")
            try FileManager.default.removeItem(atPath: obstacle)
            let done = try server.control("checkpoint", "default")

            #expect(failed.status == 1)
            #expect(failed.errors.contains("main.lock"))
            #expect(done.status == 0)
            #expect(try server.git("default", "show", "HEAD:default/a.vcf").status == 0)
            try server.startBackend("default")
        }
    }

    @Test func `contactsctl leaves a store alone whose backend it cannot find, and says how`()
        throws
    {
        try withServer { server throws in
            let places = ["--config", server.folder.path, "--state", server.folder.path]
            let answer = try Programs.run(
                "contactsctl",
                ["checkpoint", "default"] + places + ["--runtime", "/nonexistent"]
            )

            #expect(answer.status == 1)
            #expect(answer.errors.contains("in use by process \(server.backendID("default"))"))
            #expect(answer.errors.contains("name the folder of its socket with --runtime"))
        }
    }

    @Test func `commits that somebody made with git are served after the next write`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", "\(Self.book)a.vcf", body: TestCard.text("A", uid: "1"))
            let clone = server.folder.appending(path: "clone").path
            let identity = ["-c", "user.name=Pat", "-c", "user.email=pat@example.com", "-C", clone]
            try Programs.run("/usr/bin/git", ["clone", "-q", server.store(), clone])
            try Data(TestCard.text("B", uid: "2").utf8)
                .write(to: URL(filePath: "\(clone)/default/b.vcf"))
            try Programs.run("/usr/bin/git", identity + ["add", "."])
            try Programs.run("/usr/bin/git", identity + ["commit", "-qm", "By hand"])
            let pushed = try Programs.run("/usr/bin/git", identity + ["push", "-q"])

            let put = try server.request(
                "PUT",
                "\(Self.book)c.vcf",
                body: TestCard.text("C", uid: "3")
            )

            #expect(pushed.status == 0)
            #expect(put.status == 201)
            #expect(try server.request("GET", "\(Self.book)b.vcf").status == 200)
        }
    }
}
