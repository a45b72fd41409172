import Foundation
import TestSupport
import Testing

/// SyncEvolution from Debian: its CardDAV backend by the command line, without its daemon.
struct SyncEvolutionTests {
    private struct Device {
        let server: TestServer
        let home: URL

        init(_ server: TestServer) {
            self.server = server
            home = server.folder.appending(path: "syncevolution")
        }

        func run(_ arguments: [String], on item: [String] = []) throws -> String {
            let url = "http://127.0.0.1:\(server.port)/"
            let settings = [
                "--daemon=no", "backend=carddav", "username=\(TestServer.writer.0)",
                "password=\(TestServer.writer.1)", "syncURL=\(url)",
            ]
            let book = "database=\(url)dav/addressbooks/default/"
            return try Client.run(
                "/usr/bin/syncevolution",
                arguments + settings + (arguments == ["--print-databases"] ? [] : [book])
                    + (item.isEmpty ? [] : ["@none", "contacts"] + item),
                home: home
            )
        }

        func items() throws -> [String] {
            try run(["--print-items"]).split(separator: "\n").map(String.init)
                .filter { !$0.hasPrefix("[") }
        }

        func card(_ name: String) throws -> String {
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            let file = home.appending(path: "card.vcf")
            try Data(TestCard.text(name, uid: "se-1").utf8).write(to: file)
            return file.path
        }
    }

    @Test func `SyncEvolution finds the books from the host alone, default marked as first`() throws
    {
        try withServer { server throws in
            _ = try server.request("MKCOL", "/dav/addressbooks/aaa/")

            let output = try Device(server).run(["--print-databases"])

            let root = "http://127.0.0.1:\(server.port)/dav/addressbooks"
            #expect(output.contains("(\(root)/default/) <default>"))
            #expect(output.contains("(\(root)/aaa/)"))
        }
    }

    @Test func `SyncEvolution imports, lists, exports, updates and deletes a card`() throws {
        try withServer { server throws in
            let device = Device(server)
            // It creates by POST to `add-member`, so that the server chooses the name.
            let path = "/dav/addressbooks/default/one.vcf"

            _ = try device.run(["--import", device.card("One")])
            let items = try device.items()
            let exported = try device.run(["--export", "-"])
            _ = try device.run(["--update", device.card("Two")], on: ["one%2evcf"])
            let updated = try server.request("GET", path).text
            _ = try device.run(["--delete-items"], on: ["one%2evcf"])

            #expect(items == ["one%2evcf"])
            #expect(exported.contains("FN:One"))
            #expect(updated.contains("FN:Two"))
            #expect(try server.request("GET", path).status == 404)
            #expect(try device.items().isEmpty)
        }
    }
}
