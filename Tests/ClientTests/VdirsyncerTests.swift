import Foundation
import TestSupport
import Testing
import WebDAV

/// vdirsyncer from PyPI, as `Tests/run` installs it.
struct VdirsyncerTests {
    /// A folder of cards on this side, paired with the server's address books.
    private struct Client {
        let folder: URL
        let configuration: URL

        init(_ server: TestServer, conflicts: String) throws {
            folder = server.folder.appending(path: "vdir-\(conflicts.prefix(1))")
            configuration = folder.appending(path: "config")
            try FileManager.default.createDirectory(
                at: folder.appending(path: "cards"),
                withIntermediateDirectories: true
            )
            let text = """
                [general]
                status_path = "\(folder.path)/status/"

                [pair contacts]
                a = "here"
                b = "there"
                collections = ["from b"]
                conflict_resolution = "\(conflicts)"
                metadata = ["displayname"]

                [storage here]
                type = "filesystem"
                path = "\(folder.path)/cards/"
                fileext = ".vcf"

                [storage there]
                type = "carddav"
                url = "http://localhost:\(server.port)/"
                username = "\(TestServer.writer.0)"
                password = "\(TestServer.writer.1)"
                """
            try Data(text.utf8).write(to: configuration)
        }

        /// The cards of the default book.
        var cards: URL { folder.appending(path: "cards/default") }

        @discardableResult
        func run(_ arguments: String...) throws -> Programs.Result {
            let program = URL(filePath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: ".venv/bin/vdirsyncer")
            let result = try Programs.run(
                program.path,
                ["-c", configuration.path] + arguments,
                input: "y\ny\ny\ny\n"
            )
            guard result.status == 0 else {
                throw Failed(description: "\(result.output)\(result.errors)")
            }
            return result
        }

        func write(_ name: String, _ card: String) throws {
            try Data(card.utf8).write(to: cards.appending(path: "\(name).vcf"))
        }

        func text(_ name: String) throws -> String {
            try String(contentsOf: cards.appending(path: "\(name).vcf"), encoding: .utf8)
        }

        func names() throws -> Set<String> {
            Set(
                try FileManager.default.contentsOfDirectory(atPath: cards.path)
                    .filter { $0.hasSuffix(".vcf") }
            )
        }
    }

    private struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    private static func path(_ name: String) -> String { "/dav/addressbooks/default/\(name).vcf" }

    @Test func `vdirsyncer: 300 contacts go both ways, edits and deletions follow`() throws {
        try withServer { server throws in
            let client = try Client(server, conflicts: "b wins")
            for number in 0..<150 {
                let put = try server.request(
                    "PUT",
                    Self.path("server.\(number)"),
                    body: TestCard.text("Server \(number)", uid: "server.\(number)")
                )
                try #require(put.status == 201)
            }
            try client.run("discover", "contacts")
            for number in 0..<150 {
                try client.write(
                    "client-\(number)",
                    TestCard.text("Клиент \(number)", uid: "client-\(number)")
                )
            }
            try client.run("sync")

            #expect(try client.names().count == 300)
            #expect(
                try server.propfind("/dav/addressbooks/default/", depth: "1", "<D:getetag/>")
                    .responses.count == 301
            )
            #expect(try client.text("server.7").contains("FN:Server 7"))
            #expect(try server.request("GET", Self.path("client-7")).text.contains("FN:Клиент 7"))

            try client.write("client-1", TestCard.text("Changed here", uid: "client-1"))
            _ = try server.request(
                "PUT",
                Self.path("server.1"),
                body: TestCard.text("Changed there", uid: "server.1")
            )
            try FileManager.default.removeItem(at: client.cards.appending(path: "client-2.vcf"))
            _ = try server.request("DELETE", Self.path("server.2"))
            try client.run("sync")

            #expect(try server.request("GET", Self.path("client-1")).text.contains("Changed here"))
            #expect(try client.text("server.1").contains("Changed there"))
            #expect(try server.request("GET", Self.path("client-2")).status == 404)
            #expect(try !client.names().contains("server.2.vcf"))
            #expect(try client.names().count == 298)
            let history = try server.git("default", "log", "--oneline").output
            #expect(history.split(separator: "\n").count == 1 + 300 + 4)
            let show = try server.git("default", "show", "--stat", "HEAD")
            #expect(show.status == 0)
        }
    }

    @Test(arguments: [("a wins", "Here"), ("b wins", "There")])
    func `vdirsyncer: a conflict ends as the user has it`(rule: String, winner: String) throws {
        try withServer { server throws in
            let client = try Client(server, conflicts: rule)
            _ = try server.request("PUT", Self.path("c"), body: TestCard.text("Before", uid: "c"))
            try client.run("discover", "contacts")
            try client.run("sync")
            try client.write("c", TestCard.text("Here", uid: "c"))
            _ = try server.request("PUT", Self.path("c"), body: TestCard.text("There", uid: "c"))

            try client.run("sync")

            #expect(try client.text("c").contains("FN:\(winner)"))
            #expect(try server.request("GET", Self.path("c")).text.contains("FN:\(winner)"))
            let log = try server.git("default", "log", "-p", "--", "default/c.vcf").output
            #expect(log.contains("+FN:There"))
        }
    }

    @Test func `vdirsyncer: a book's display name is synced`() throws {
        try withServer { server throws in
            let client = try Client(server, conflicts: "b wins")
            try client.run("discover", "contacts")
            try client.run("sync")
            let file = client.cards.appending(path: "displayname")
            try client.run("metasync")
            let before = try String(contentsOf: file, encoding: .utf8)
            try Data("Family".utf8).write(to: file)

            try client.run("metasync")

            let answer = try server.propfind("/dav/addressbooks/default/", "<D:displayname/>")
            #expect(before == "Contacts")
            #expect(answer.responses.first?.property(.dav("displayname"))?.text == "Family")
        }
    }

    @Test func `vdirsyncer: a collection that is only here is made there`() throws {
        try withServer { server throws in
            let client = try Client(server, conflicts: "b wins")
            let text = try String(contentsOf: client.configuration, encoding: .utf8)
                .replacing("[\"from b\"]", with: "[\"from a\", \"from b\"]")
            try Data(text.utf8).write(to: client.configuration)
            try FileManager.default.createDirectory(
                at: client.folder.appending(path: "cards/friends"),
                withIntermediateDirectories: true
            )

            try client.run("discover", "contacts")

            let home = try server.propfind("/dav/addressbooks/", depth: "1", "<D:displayname/>")
            #expect(home.responses.map(\.href).contains("/dav/addressbooks/friends/"))
        }
    }

    @Test func `vdirsyncer: a second sync that has nothing to tell writes nothing on either side`()
        throws
    {
        try withServer { server throws in
            let client = try Client(server, conflicts: "b wins")
            let put = try server.request(
                "PUT",
                Self.path("user@host"),
                body: TestCard.text("There", uid: "user@host")
            )
            try #require(put.status == 201)
            try client.run("discover", "contacts")
            try client.write("here", TestCard.text("Here", uid: "here"))
            try client.run("sync")
            try client.run("metasync")
            let commit = try server.git("default", "rev-parse", "HEAD").output
            let names = try client.names()

            try client.run("sync")
            try client.run("metasync")

            #expect(names.count == 2 && names.contains("here.vcf"))
            #expect(try client.names() == names)
            #expect(try server.git("default", "rev-parse", "HEAD").output == commit)
        }
    }
}
