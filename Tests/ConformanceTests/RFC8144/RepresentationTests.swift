import TestSupport
import Testing

struct RepresentationTests {
    private static let card = "/dav/addressbooks/default/a.vcf"
    private static let prefer = ["Prefer": "return=representation"]

    @Test func `RFC 8144 §3.1: PUT gives the stored card back, with the UID that was put in`()
        throws
    {
        try withServer { server throws in
            let new = try server.request(
                "PUT",
                Self.card,
                Self.prefer,
                body: TestCard.text("A", uid: nil)
            )
            let changed = try server.request(
                "PUT",
                Self.card,
                Self.prefer,
                body: TestCard.text("B", uid: nil)
            )

            let read = try server.request("GET", Self.card)
            #expect(new.status == 201)
            #expect(new.text.contains("\r\nUID:"))
            #expect(changed.status == 200)
            #expect(changed.text == read.text)
            #expect(changed["etag"] == read["etag"])
            #expect(changed["content-type"] == "text/vcard; charset=utf-8")
            #expect(changed["content-location"] == Self.card)
            #expect(changed["preference-applied"] == "return=representation")
        }
    }

    @Test func `RFC 8144 §3.1: POST, COPY and MOVE give the card at its new place`() throws {
        try withServer { server throws in
            try server.request("MKCOL", "/dav/addressbooks/work/")
            let posted = try server.request(
                "POST",
                "/dav/addressbooks/default/",
                Self.prefer,
                body: TestCard.text("Ann", uid: "1")
            )
            let copied = try server.request(
                "COPY",
                "/dav/addressbooks/default/ann.vcf",
                Self.prefer.merging(["Destination": "/dav/addressbooks/work/b.vcf"]) { $1 }
            )
            let moved = try server.request(
                "MOVE",
                "/dav/addressbooks/work/b.vcf",
                Self.prefer.merging(["Destination": "/dav/addressbooks/work/c.vcf"]) { $1 }
            )

            let places = [
                "/dav/addressbooks/default/ann.vcf", "/dav/addressbooks/work/b.vcf",
                "/dav/addressbooks/work/c.vcf",
            ]
            for (answer, place) in zip([posted, copied, moved], places) {
                #expect(answer.status == 201)
                #expect(answer["content-location"] == place)
                #expect(answer.text == TestCard.text("Ann", uid: "1"))
            }
            #expect(posted["location"] == places[0])
        }
    }

    @Test(arguments: ["PUT", "DELETE", "MOVE"])
    func `RFC 8144 §3.2: a 412 has the card as it is now`(method: String) throws {
        try withServer { server throws in
            let put = try server.request("PUT", Self.card, body: TestCard.text("A", uid: "1"))

            let answer = try server.request(
                method,
                Self.card,
                Self.prefer.merging([
                    "If-Match": "\"x\"", "Destination": "/dav/addressbooks/default/b.vcf",
                ]) { $1 },
                body: method == "PUT" ? TestCard.text("B", uid: "1") : nil
            )
            let plain = try server.request(method, Self.card, ["If-Match": "\"x\""])
            let none = try server.request(
                "DELETE",
                "/dav/addressbooks/default/none.vcf",
                Self.prefer.merging(["If-Match": "*"]) { $1 }
            )

            #expect(answer.status == 412)
            #expect(answer.text == TestCard.text("A", uid: "1"))
            #expect(answer["etag"] == put["etag"])
            #expect(answer["content-location"] == Self.card)
            #expect(answer["preference-applied"] == "return=representation")
            #expect(plain.status == 412)
            #expect(plain["content-location"] == nil)
            #expect(none.status == 412)
            #expect(none["content-location"] == nil)
        }
    }
}
