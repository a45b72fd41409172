import TestSupport
import Testing

/// What litmus would test if it sent vCards, and made its collections where address books may be.
struct LitmusForBooksTests {
    private static let home = "/dav/addressbooks/"
    private static let book = "/dav/addressbooks/default/"

    @Test(arguments: ["res.vcf", "res-%e2%82%ac.vcf", "res"])
    func `litmus put_get, delete: what was put is read byte for byte, and is gone after DELETE`(
        name: String
    ) throws {
        try withServer { server throws in
            let card = TestCard.text("Litmus", uid: "l-1")
            let path = Self.book + name

            #expect(try server.request("PUT", path, body: card).status == 201)
            #expect(try server.request("GET", path).text == card)
            #expect(try server.request("DELETE", path).status == 204)
            #expect(try server.request("GET", path).status == 404)
            #expect(try server.request("DELETE", path).status == 404)
        }
    }

    @Test func `litmus put_no_parent, mkcol_no_parent: 409 where the collection above is missing`()
        throws
    {
        try withServer { server throws in
            let card = TestCard.text("Litmus", uid: "l-1")

            #expect(try server.request("PUT", "\(Self.home)none/a.vcf", body: card).status == 409)
            #expect(try server.request("MKCOL", "\(Self.home)none/deeper/").status == 409)
        }
    }

    @Test func `litmus mkcol, mkcol_again, delete_coll: a book is made once and goes as a whole`()
        throws
    {
        try withServer { server throws in
            let path = "\(Self.home)coll/"
            let card = TestCard.text("Litmus", uid: "l-1")

            #expect(try server.request("MKCOL", path).status == 201)
            #expect(try server.request("MKCOL", path).status == 405)
            #expect(try server.request("PUT", "\(path)a.vcf", body: card).status == 201)
            #expect(try server.request("DELETE", path).status == 204)
            #expect(try server.request("GET", "\(path)a.vcf").status == 404)
            #expect(try server.request("DELETE", path).status == 404)
        }
    }

    @Test func `litmus mkcol_over_plain: a card is not replaced by a collection`() throws {
        try withServer { server throws in
            let card = TestCard.text("Litmus", uid: "l-1")
            _ = try server.request("PUT", "\(Self.book)res", body: card)

            let answer = try server.request("MKCOL", "\(Self.book)res")

            #expect([403, 405].contains(answer.status))
            #expect(try server.request("GET", "\(Self.book)res").text == card)
        }
    }

    @Test func `litmus mkcol_with_body: a body that is no XML is refused with 415`() throws {
        try withServer { server throws in
            let answer = try server.request(
                "MKCOL",
                "\(Self.home)coll/",
                ["Content-Type": "xzy-foo/bar-512"],
                body: "afafafaf"
            )

            #expect(answer.status == 415)
            #expect(try server.request("PROPFIND", "\(Self.home)coll/").status == 404)
        }
    }

    @Test func `litmus delete_fragment: a target with a fragment removes nothing`() throws {
        try withServer { server throws in
            let path = "\(Self.home)frag/"
            _ = try server.request("MKCOL", path)

            let answer = try server.request("DELETE", "\(path)#ment")

            #expect(answer.status == 400)
            #expect(try server.request("PROPFIND", path, ["Depth": "0"]).status == 207)
        }
    }
}
