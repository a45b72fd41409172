import Foundation
import TestSupport
import Testing
import WebDAV

struct ConditionTests {
    private static let card = "/dav/addressbooks/default/a.vcf"
    private static let past = "Sun, 06 Nov 1994 08:49:37 GMT"

    @Test func `RFC 9110 §13.2.1: of 16 writers with the same If-Match exactly one wins`() throws {
        try withServer { server throws in
            var etag = try #require(
                server.request("PUT", Self.card, body: TestCard.text("0", uid: "1"))["etag"]
            )
            for round in 1...5 {
                let writers = try (0..<16).map { _ in try HTTPConnection(port: server.port) }
                for (number, writer) in writers.enumerated() {
                    try writer.send(
                        TestServer.head(
                            "PUT",
                            Self.card,
                            ["If-Match": etag],
                            TestCard.text("\(round)-\(number)", uid: "1"),
                            TestServer.writer,
                            "localhost"
                        )
                    )
                }

                let answers = try writers.map { try $0.readAnswer() }

                let winner = try #require(answers.firstIndex { $0.status == 204 })
                #expect(answers.count { $0.status == 204 } == 1)
                #expect(answers.count { $0.status == 412 } == 15)
                let read = try server.request("GET", Self.card)
                #expect(read.text.contains("FN:\(round)-\(winner)\r\n"))
                #expect(read["etag"] == answers[winner]["etag"])
                etag = try #require(read["etag"])
            }
        }
    }

    @Test func `RFC 9110 §13.2.1: of 16 writers with If-None-Match exactly one makes the card`()
        throws
    {
        try withServer { server throws in
            let writers = try (0..<16).map { _ in try HTTPConnection(port: server.port) }
            for writer in writers {
                try writer.send(
                    TestServer.head(
                        "PUT",
                        Self.card,
                        ["If-None-Match": "*"],
                        TestCard.text("A", uid: "1"),
                        TestServer.writer,
                        "localhost"
                    )
                )
            }

            let statuses = try writers.map { try $0.readAnswer().status }

            #expect(statuses.count { $0 == 201 } == 1)
            #expect(statuses.count { $0 == 412 } == 15)
        }
    }

    @Test func `RFC 9110 §13.1.3: If-Modified-Since answers 304 only without If-None-Match`() throws
    {
        try withServer { server throws in
            try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))
            let modified = try #require(server.request("GET", Self.card)["last-modified"])

            let status = { (fields: [String: String]) in
                try server.request("GET", Self.card, fields).status
            }
            #expect(try status(["If-Modified-Since": modified]) == 304)
            #expect(try status(["If-Modified-Since": Self.past]) == 200)
            #expect(try status(["If-Modified-Since": "yesterday"]) == 200)
            #expect(try status(["If-Modified-Since": modified, "If-None-Match": "\"x\""]) == 200)
        }
    }

    @Test(arguments: ["PUT", "DELETE"])
    func `RFC 9110 §13.1.4: If-Unmodified-Since guards a write, If-Match goes before it`(
        method: String
    ) throws {
        try withServer { server throws in
            let etag = try #require(
                server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))["etag"]
            )
            let modified = try #require(server.request("HEAD", Self.card)["last-modified"])
            let status = { (fields: [String: String]) in
                try server.request(
                    method,
                    Self.card,
                    fields,
                    body: method == "PUT" ? TestCard.text("A", uid: "1") : nil
                ).status
            }

            #expect(try status(["If-Unmodified-Since": Self.past]) == 412)
            #expect(try status(["If-Unmodified-Since": Self.past, "If-Match": "\"x\""]) == 412)
            #expect(try status(["If-Unmodified-Since": modified]) == 204)
            if method == "PUT" {
                #expect(try status(["If-Unmodified-Since": Self.past, "If-Match": etag]) == 204)
            }
        }
    }

    @Test func `RFC 9110 §13.1: DELETE, PROPPATCH and MKCOL of a book are held to conditions`()
        throws
    {
        try withServer { server throws in
            let book = "/dav/addressbooks/default/"
            let etag = try #require(server.request("HEAD", book)["etag"])
            let name = "<D:set><D:prop><D:displayname>N</D:displayname></D:prop></D:set>"

            let stale = try server.proppatching(book, name, ["If-Match": "\"x\""])
            let right = try server.proppatching(book, name, ["If-Match": etag])
            let old = try server.request("DELETE", book, ["If-Match": etag])
            let taken = try server.request("MKCOL", book, ["If-None-Match": "*"])
            let new = try server.request("MKCOL", "/dav/addressbooks/w/", ["If-None-Match": "*"])
            let current = try #require(server.request("HEAD", book)["etag"])
            let deleted = try server.request("DELETE", book, ["If-Match": current])

            #expect(
                [stale, right, old, taken, new, deleted].map(\.status) == [
                    412, 207, 412, 412, 201, 204,
                ]
            )
        }
    }

    @Test func `RFC 9110 §14.2: a Range is passed over, Accept-Ranges says so`() throws {
        try withServer { server throws in
            try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))

            let answer = try server.request("GET", Self.card, ["Range": "bytes=0-4"])

            #expect(answer.status == 200)
            #expect(answer.text == TestCard.text("A", uid: "1"))
            #expect(answer["accept-ranges"] == "none")
        }
    }

    @Test func `RFC 9110 §8.8.2: Last-Modified is what getlastmodified tells`() throws {
        try withServer { server throws in
            try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))

            let told = try server.propfind(Self.card, "<D:getlastmodified/>")

            let modified = try #require(server.request("GET", Self.card)["last-modified"])
            #expect(told.responses.first?.property(.dav("getlastmodified"))?.text == modified)
            #expect(try server.request("HEAD", Self.card)["last-modified"] == modified)
        }
    }

    @Test
    func `RFC 9110 §8.8.2.1: a date that only a walk over the history tells is left out of GET`()
        throws
    {
        try withServer { server throws in
            try server.put("a")
            server.stopBackend("default")
            try FileManager.default.removeItem(atPath: "\(server.store())/everlock/index")
            try server.startBackend("default")

            let before = try server.request("GET", Self.card)
            let told = try server.propfind(Self.card, "<D:getlastmodified/>")
            let after = try server.request("GET", Self.card)

            let modified = told.responses.first?.property(.dav("getlastmodified"))?.text
            #expect(before.status == 200)
            #expect(before["last-modified"] == nil)
            #expect(modified != nil)
            #expect(after["last-modified"] == modified)
        }
    }
}
