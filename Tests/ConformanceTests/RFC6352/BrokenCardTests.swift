import Foundation
import TestSupport
import Testing
import WebDAV

/// Files that somebody has put among the cards with git: what is no card hides itself, and fails no
/// listing and no report.
struct BrokenCardTests {
    private static let names = ["alice", "bob", "zoe"]
    private static let junk: [(name: String, bytes: Data)] = [
        ("junk.vcf", Data("junk".utf8)), ("empty.vcf", Data()),
        ("cut.vcf", Data("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Cut".utf8)),
        ("binary.vcf", Data([0, 255, 254, 13, 10, 0])),
        ("two.vcf", Data((TestCard.text("A", uid: "x") + TestCard.text("B", uid: "y")).utf8)),
        ("back\\slash.vcf", Data(TestCard.text("Back", uid: "back").utf8)),
    ]

    /// A book with cards, among them files that are none: one was a card before.
    private static func withJunk(_ body: (TestServer, String) throws -> Void) throws {
        try withServer { server throws in
            for name in names + ["was"] { try server.put(name) }
            let token = try #require(Multistatus(server.sync("")).syncToken)
            try server.pushWithGit { clone in
                for (name, bytes) in junk {
                    try bytes.write(to: clone.appending(path: "default/\(name)"))
                }
                let odd = "cd '\(clone.path)/default' && cp alice.vcf \"$(printf '\\351.vcf')\""
                #expect(try Programs.run("/bin/sh", ["-c", odd]).status == 0)
                try Data("no more".utf8).write(to: clone.appending(path: "default/was.vcf"))
                try FileManager.default.createDirectory(
                    at: clone.appending(path: "default/folder.vcf"),
                    withIntermediateDirectories: true
                )
                try Data("x".utf8).write(to: clone.appending(path: "default/folder.vcf/x.vcf"))
                try FileManager.default.createSymbolicLink(
                    atPath: clone.appending(path: "default/link.vcf").path,
                    withDestinationPath: "alice.vcf"
                )
            }
            try body(server, token)
        }
    }

    @Test func `RFC 4918 §9.1: a listing has the cards, and not what is none`() throws {
        try Self.withJunk { server, _ throws in
            let listing = try server.propfind(TestServer.book, depth: "1", "<D:getetag/>")

            #expect(listing.cardNames == Self.names)
        }
    }

    @Test func `RFC 6352 §8.6: a query passes over what is no card`() throws {
        try Self.withJunk { server, _ throws in
            let absent = "<C:prop-filter name=\"TEL\"><C:is-not-defined/></C:prop-filter>"
            for filter in ["", "<C:filter>\(absent)</C:filter>"] {
                for properties in ["<D:getetag/>", "<C:address-data/>"] {
                    let answer = try Multistatus(server.query(filter, properties: properties))

                    #expect(answer.cardNames == Self.names)
                }
            }
        }
    }

    @Test func `RFC 6352 §8.7: a multiget tells 404 of what is no card, and gives the rest`() throws
    {
        try Self.withJunk { server, _ throws in
            let hrefs = ["alice", "junk", "was", "folder", "link", "zoe"].map {
                "\(TestServer.book)\($0).vcf"
            }

            let answer = try Multistatus(server.multiget(hrefs, properties: "<C:address-data/>"))

            #expect(answer.responses.map(\.href) == hrefs)
            #expect(
                answer.responses.map { $0.status == nil } == [true] + [false, false, false, false]
                    + [true]
            )
        }
    }

    @Test func `RFC 6578 §3.2: a sync tells of cards alone; one that broke is gone`() throws {
        try Self.withJunk { server, token throws in
            for limit in [nil, 1, 2] {
                var responses: [Multistatus.Response] = []
                for start in ["", token] {
                    var position = start
                    var hasMore = true
                    while hasMore {
                        let page = try Multistatus(server.sync(position, limit: limit))
                        position = try #require(page.syncToken)
                        hasMore = page.truncation != nil
                        responses += page.responses.filter { $0.href != TestServer.book }
                    }
                }
                let present = responses.filter { $0.status == nil }.map(\.href)
                #expect(present == Self.names.map { "\(TestServer.book)\($0).vcf" })
                let gone = responses.filter { $0.status != nil }.map(\.href)
                #expect(gone.contains("\(TestServer.book)was.vcf"))
                #expect(
                    !gone.contains {
                        $0.contains("alice") || $0.contains("%5C") || $0.contains("%EF")
                    }
                )
            }
        }
    }

    @Test func `RFC 6352 §8.7: a card that git has lost fails alone, as 500 of its address-data`()
        throws
    {
        try withServer(endsSound: false) { server throws in
            for name in Self.names { try server.put(name) }
            let blob = try server.git("default", "rev-parse", "main:default/bob.vcf").output
            server.stopBackend("default")
            try Self.lose(String(blob.prefix(40)), server)
            try server.startBackend("default")
            let hrefs = Self.names.map { "\(TestServer.book)\($0).vcf" }
            let data = "<D:getetag/><C:address-data/>"
            let filter = "<C:filter><C:prop-filter name=\"FN\"/></C:filter>"

            let answers = try [
                server.multiget(hrefs, properties: data), server.query(properties: data),
                server.sync("", properties: data),
            ]
            for answer in try answers.map(Multistatus.init) {
                #expect(answer.cardNames == Self.names)
                for response in answer.responses {
                    #expect(response.property(.dav("getetag")) != nil)
                    let isLost = response.href.hasSuffix("bob.vcf")
                    #expect((response.property(.carddav("address-data")) == nil) == isLost)
                    #expect((response.propstats.last?.status.contains(" 500 ") ?? false) == isLost)
                }
            }
            #expect(try Multistatus(server.query(filter)).cardNames == ["alice", "zoe"])
            #expect(try server.text(of: "backend-default.log").contains("a card is left out"))
        }
    }

    /// Takes one object out of the store, whatever pack it lies in.
    private static func lose(_ blob: String, _ server: TestServer) throws {
        let objects = server.store() + "/objects"
        let packs = try FileManager.default.contentsOfDirectory(atPath: objects + "/pack")
        for name in packs {
            let path = "\(objects)/pack/\(name)"
            if name.hasSuffix(".pack") {
                let moved = server.folder.appending(path: name).path
                try FileManager.default.moveItem(atPath: path, toPath: moved)
                let unpacked = try Programs.run(
                    "/bin/sh",
                    ["-c", "git -C '\(server.store())' unpack-objects -q < '\(moved)'"]
                )
                #expect(unpacked.status == 0, "\(unpacked.errors)")
            } else {
                try FileManager.default.removeItem(atPath: path)
            }
        }
        try FileManager.default.removeItem(
            atPath: "\(objects)/\(blob.prefix(2))/\(blob.dropFirst(2))"
        )
    }
}
