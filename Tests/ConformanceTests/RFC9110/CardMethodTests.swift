import Foundation
import TestSupport
import Testing

struct CardMethodTests {
    private static let path = "/dav/addressbooks/default/alice.vcf"

    @Test func `RFC 6352 §6.3.2: a new card answers 201, a changed one 204, each with its ETag`()
        throws
    {
        try withServer { server throws in
            let first = try server.request("PUT", Self.path, body: TestCard.text("A", uid: "1"))
            let second = try server.request("PUT", Self.path, body: TestCard.text("B", uid: "1"))
            let read = try server.request("GET", Self.path)

            #expect(first.status == 201)
            #expect(second.status == 204)
            #expect(first["etag"] != second["etag"])
            #expect(read.status == 200)
            #expect(read["etag"] == second["etag"])
            #expect(read["content-type"] == "text/vcard; charset=utf-8")
            #expect(read.text == TestCard.text("B", uid: "1"))
        }
    }

    @Test func `RFC 6352 §6.3.2.3: bytes are kept as they came, whatever is in them`() throws {
        try withServer { server throws in
            let card =
                "BEGIN:VCARD\nversion:3.0\nFN;X-A=\"b:c\":Zo\n  ë\nitem1.X-ODD;TYPE=a,b:1\\,2\nUID:1\nEND:VCARD"
            let put = try server.request("PUT", Self.path, body: card)

            #expect(put.status == 201)
            #expect(try server.request("GET", Self.path).text == card)
            #expect(put["etag"] != nil)
        }
    }

    @Test func `RFC 6352 §6.3.2.3: a UID is put in where none is, and then no ETag is told`() throws
    {
        try withServer { server throws in
            let put = try server.request("PUT", Self.path, body: TestCard.text("A", uid: nil))
            let read = try server.request("GET", Self.path).text
            let again = try server.request("PUT", Self.path, body: TestCard.text("B", uid: nil))
            let readAgain = try server.request("GET", Self.path).text

            #expect(put.status == 201)
            #expect(put["etag"] == nil)
            let uid = try #require(read.split(separator: "\r\n").first { $0.hasPrefix("UID:") })
            #expect(uid.count == 40)
            #expect(again.status == 204)
            #expect(readAgain.contains(uid))
        }
    }

    @Test func `RFC 9110 §9.3.2: HEAD has the fields of GET and no body`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: TestCard.text("A", uid: "1"))

            let get = try server.request("GET", Self.path)
            let head = try server.request("HEAD", Self.path)

            #expect(head.status == 200)
            #expect(head["content-length"] == get["content-length"])
            #expect(head["etag"] == get["etag"])
            #expect(head.body.isEmpty)
        }
    }

    @Test func `RFC 9110 §13.1.2: a known ETag in If-None-Match answers 304`() throws {
        try withServer { server throws in
            let etag = try #require(
                server.request("PUT", Self.path, body: TestCard.text("A", uid: "1"))["etag"]
            )

            for value in [etag, "\"x\", \(etag)", "W/\(etag)", "*"] {
                #expect(
                    try server.request("GET", Self.path, ["If-None-Match": value]).status == 304
                )
            }
            #expect(try server.request("GET", Self.path, ["If-None-Match": "\"x\""]).status == 200)
        }
    }

    @Test func `RFC 9110 §13.1: PUT keeps to If-Match and If-None-Match`() throws {
        try withServer { server throws in
            let none = try server.request(
                "PUT",
                Self.path,
                ["If-Match": "*"],
                body: TestCard.text("A", uid: "1")
            )
            let new = try server.request(
                "PUT",
                Self.path,
                ["If-None-Match": "*"],
                body: TestCard.text("A", uid: "1")
            )
            let taken = try server.request(
                "PUT",
                Self.path,
                ["If-None-Match": "*"],
                body: TestCard.text("B", uid: "1")
            )
            let etag = try #require(new["etag"])
            let weak = try server.request(
                "PUT",
                Self.path,
                ["If-Match": "W/\(etag)"],
                body: TestCard.text("C", uid: "1")
            )
            let right = try server.request(
                "PUT",
                Self.path,
                ["If-Match": etag],
                body: TestCard.text("D", uid: "1")
            )
            let stale = try server.request(
                "PUT",
                Self.path,
                ["If-Match": etag],
                body: TestCard.text("E", uid: "1")
            )

            #expect(
                [none, new, taken, weak, right, stale].map(\.status) == [
                    412, 201, 412, 412, 204, 412,
                ]
            )
            #expect(try server.request("GET", Self.path).text.contains("FN:D"))
        }
    }

    @Test(arguments: ["text/vcard", "text/x-vcard; charset=utf-8", "text/directory", "TEXT/VCARD"])
    func `RFC 6352 §5.1: a card is taken as any type that clients use`(type: String) throws {
        try withServer { server throws in
            let answer = try server.request(
                "PUT",
                Self.path,
                ["Content-Type": type],
                body: TestCard.text("A", uid: "1")
            )

            #expect(answer.status == 201)
        }
    }

    @Test func `RFC 6352 §6.3.2.1: another media type is refused with 415`() throws {
        try withServer { server throws in
            let answer = try server.request(
                "PUT",
                Self.path,
                ["Content-Type": "text/calendar"],
                body: TestCard.text("A", uid: "1")
            )

            #expect(answer.status == 415)
            #expect(answer.text.contains("supported-address-data"))
        }
    }

    @Test(arguments: [
        "", "nonsense", "BEGIN:VCARD\r\nFN:x\r\n", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "BEGIN:VCARD\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:B\r\nEND:VCARD\r\n",
    ])
    func `RFC 6352 §6.3.2.1: what is no card is refused with valid-address-data`(body: String)
        throws
    {
        try withServer { server throws in
            let before = try server.git("default", "rev-parse", "HEAD").output
            let answer = try server.request("PUT", Self.path, body: body)

            #expect(answer.status == 403)
            #expect(answer.text.contains("valid-address-data"))
            #expect(try server.git("default", "rev-parse", "HEAD").output == before)
        }
    }

    @Test func `RFC 6352 §6.3.2.1: a taken UID is refused and the holder named`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: TestCard.text("A", uid: "urn:uuid:ABC"))

            let other = try server.request(
                "PUT",
                "/dav/addressbooks/default/b.vcf",
                body: TestCard.text("B", uid: "abc")
            )
            let renamed = try server.request(
                "PUT",
                Self.path,
                body: TestCard.text("A", uid: "other")
            )
            let same = try server.request("PUT", Self.path, body: TestCard.text("A2", uid: "abc"))

            #expect(other.status == 403)
            #expect(other.text.contains("no-uid-conflict"))
            #expect(other.text.contains("<D:href>\(Self.path)</D:href>"))
            #expect(renamed.status == 403)
            #expect(same.status == 204)
        }
    }

    @Test func `RFC 6352 §6.3.2.1: a card beyond max-resource-size is refused`() throws {
        try withServer { server throws in
            let note = String(repeating: "x", count: 10 * 1024 * 1024)
            let answer = try server.request(
                "PUT",
                Self.path,
                body: TestCard.text("A", uid: "1", "NOTE:\(note)")
            )

            #expect(answer.status == 413)
            #expect(answer.text.contains("max-resource-size"))
        }
    }

    @Test func `RFC 9110 §9.3.4: PUT below what is not there answers 409`() throws {
        try withServer { server throws in
            for path in ["/dav/addressbooks/none/a.vcf", "/dav/addressbooks/default/x/a.vcf"] {
                let answer = try server.request("PUT", path, body: TestCard.text("A", uid: "1"))
                #expect(answer.status == 409)
            }
        }
    }

    @Test func `RFC 9110 §9.3.4: PUT on a collection answers 405 with Allow`() throws {
        try withServer { server throws in
            let answer = try server.request(
                "PUT",
                "/dav/addressbooks/default/",
                body: TestCard.text("A", uid: "1")
            )

            #expect(answer.status == 405)
            #expect(answer["allow"]?.contains("PROPFIND") == true)
        }
    }

    @Test func `RFC 9110 §9.3.1: GET of a book gives all its cards`() throws {
        try withServer { server throws in
            _ = try server.request("PUT", Self.path, body: TestCard.text("A", uid: "1"))
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/b.vcf",
                body: TestCard.text("B", uid: "2")
            )

            let answer = try server.request("GET", "/dav/addressbooks/default/")

            #expect(answer.text == TestCard.text("A", uid: "1") + TestCard.text("B", uid: "2"))
        }
    }

    @Test(arguments: ["POST", "LOCK", "PATCH", "MKCALENDAR"])
    func `RFC 9110 §15.5.6: a method that is not there answers 405 with Allow`(method: String)
        throws
    {
        try withServer { server throws in
            let answer = try server.request(method, Self.path)

            #expect(answer.status == 405)
            #expect(answer["allow"]?.hasPrefix("OPTIONS, ") == true)
        }
    }

    @Test(arguments: [
        "/dav/", "/dav/principals/me/", "/dav/addressbooks/", "/dav/addressbooks/default/",
        "/dav/addressbooks/default/none.vcf",
    ])
    func `RFC 6352 §6.1: OPTIONS tells addressbook everywhere, with 200 and no body`(path: String)
        throws
    {
        try withServer { server throws in
            let answer = try server.request("OPTIONS", path)

            #expect(answer.status == 200)
            #expect(answer["content-length"] == "0")
            let classes = answer["dav"]?.components(separatedBy: ", ") ?? []
            #expect(classes == ["1", "3", "access-control", "addressbook", "extended-mkcol"])
        }
    }
}
