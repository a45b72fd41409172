import TestSupport
import Testing
import WebDAV

struct AddMemberTests {
    private static let book = "/dav/addressbooks/default/"

    @Test func `RFC 5995 §3.2.1: add-member tells where to post, on books only`() throws {
        try withServer { server throws in
            let told = try server.propfind(Self.book, "<D:add-member/>")
            let all = try Multistatus(server.request("PROPFIND", Self.book, ["Depth": "0"]))
            let home = try server.propfind("/dav/addressbooks/", "<D:add-member/>")

            let href = told.responses.first?.property(.dav("add-member"))?.first(.dav("href"))?.text
            #expect(href == Self.book + "?add-member")
            #expect(all.responses.first?.property(.dav("add-member")) == nil)
            #expect(home.responses.first?.missing == [.dav("add-member")])
        }
    }

    @Test(arguments: ["", "?add-member"])
    func `RFC 5995 §3.1: a posted card gets a readable name, told in Location`(query: String) throws
    {
        try withServer { server throws in
            let first = try server.request(
                "POST",
                Self.book + query,
                ["Content-Type": "text/vcard"],
                body: TestCard.text("Zoë Smith", uid: "1")
            )
            let second = try server.request(
                "POST",
                Self.book + query,
                body: TestCard.text("Zoë Smith", uid: "2")
            )

            #expect(first.status == 201)
            #expect(first["location"] == Self.book + "zoe-smith.vcf")
            #expect(second["location"] == Self.book + "zoe-smith-2.vcf")
            let read = try server.request("GET", Self.book + "zoe-smith.vcf")
            #expect(read.text == TestCard.text("Zoë Smith", uid: "1"))
            #expect(read["etag"] == first["etag"])
        }
    }

    @Test func `RFC 6352 §6.3.2.3: a posted card without a UID gets one, and no ETag is told`()
        throws
    {
        try withServer { server throws in
            let answer = try server.request(
                "POST",
                Self.book,
                body: TestCard.text("A", uid: nil)
            )

            #expect(answer.status == 201)
            #expect(answer["etag"] == nil)
            let location = try #require(answer["location"])
            #expect(try server.request("GET", location).text.contains("\r\nUID:"))
        }
    }

    @Test func `RFC 6352 §6.3.2.1: POST is held to the preconditions of PUT`() throws {
        try withServer { server throws in
            try server.request("PUT", Self.book + "a.vcf", body: TestCard.text("A", uid: "1"))

            let conflict = try server.request(
                "POST",
                Self.book,
                body: TestCard.text("B", uid: "1")
            )
            let noCard = try server.request("POST", Self.book, body: "nonsense")
            let type = try server.request(
                "POST",
                Self.book,
                ["Content-Type": "text/calendar"],
                body: TestCard.text("B", uid: "2")
            )

            #expect(conflict.status == 403)
            #expect(
                conflict.text.contains(
                    "<C:no-uid-conflict><D:href>\(Self.book)a.vcf</D:href></C:no-uid-conflict>"
                )
            )
            #expect(noCard.status == 403)
            #expect(noCard.text.contains("valid-address-data"))
            #expect(type.status == 415)
            #expect(type.text.contains("supported-address-data"))
        }
    }

    @Test func `RFC 9110 §13.1: conditions of a POST are of the book`() throws {
        try withServer { server throws in
            let etag = try #require(server.request("HEAD", Self.book)["etag"])

            let stale = try server.request(
                "POST",
                Self.book,
                ["If-Match": "\"x\""],
                body: TestCard.text("A", uid: "1")
            )
            let right = try server.request(
                "POST",
                Self.book,
                ["If-Match": etag],
                body: TestCard.text("A", uid: "1")
            )

            #expect(stale.status == 412)
            #expect(right.status == 201)
        }
    }

    @Test func `RFC 9110 §15.5.6: POST elsewhere answers 405 with Allow, or 404`() throws {
        try withServer { server throws in
            for path in ["/dav/", "/dav/addressbooks/", "/dav/principals/me/", Self.book + "a.vcf"]
            {
                let answer = try server.request("POST", path, body: TestCard.text("A", uid: "1"))

                #expect(answer.status == 405)
                #expect(answer["allow"]?.contains("POST") == false)
            }
            #expect(try server.request("POST", "/dav/addressbooks/none/", body: "").status == 404)
        }
    }
}
