import TestSupport
import Testing

/// RFC 4918 §10.4.
struct IfHeaderTests {
    private static let card = "/dav/addressbooks/default/a.vcf"
    private static let other = "/dav/addressbooks/default/b.vcf"

    /// Runs a test with the ETags of the two cards.
    private static func withCards(
        _ body: (TestServer, _ etag: String, _ other: String) throws -> Void
    ) throws {
        try withServer { server throws in
            let first = try server.request("PUT", card, body: TestCard.text("A", uid: "1"))
            let second = try server.request("PUT", other, body: TestCard.text("B", uid: "2"))
            try body(server, #require(first["etag"]), #require(second["etag"]))
        }
    }

    @Test func `RFC 4918 §10.4.1: a write goes on where one list holds as a whole`() throws {
        try Self.withCards { server, etag, other throws in
            for value in [
                "([\(etag)])", "(Not [\"x\"])", "([\"x\"]) ([\(etag)])", "(Not <DAV:no-lock>)",
                "([\(etag)] Not <urn:uuid:lock>)", "<\(Self.card)> ([\(etag)])",
                "<http://localhost\(Self.other)> ([\(other)])",
                "<\(Self.other)> ([\"x\"]) <\(Self.card)> ([\(etag)])",
            ] {
                let answer = try server.request(
                    "PUT",
                    Self.card,
                    ["If": value],
                    body: TestCard.text("A", uid: "1")
                )

                #expect(answer.status == 204, "\(value)")
            }
        }
    }

    @Test(arguments: ["PUT", "DELETE", "PROPPATCH", "GET", "PROPFIND", "REPORT"])
    func `RFC 4918 §10.4.1: any method is refused with 412 where no list holds`(method: String)
        throws
    {
        try Self.withCards { server, etag, other throws in
            for value in [
                "([\"x\"])", "(<urn:uuid:lock>)", "(<urn:uuid:lock> [\(etag)])",
                "([\(etag)] [\"x\"])", "(Not [\(etag)])", "([W/\(etag)])",
                "<\(Self.other)> ([\(etag)])", "<http://elsewhere\(Self.card)> ([\(etag)])",
                "<\(Self.card)x> ([\(etag)])",
            ] {
                let answer = try server.request(
                    method,
                    Self.card,
                    ["If": value],
                    body: method == "PUT" ? TestCard.text("A", uid: "1") : nil
                )

                #expect(answer.status == 412, "\(value)")
            }
        }
    }

    @Test(arguments: [
        "", "()", "(", "\"x\"", "([\"x\"]", "([x])", "(x)", "<a>", "<a> <b> ([\"x\"])",
        "([\"x\"]) <a> ([\"x\"])", "(Not)", "(<>)", "([W\"x\"])",
    ])
    func `RFC 4918 §10.4.2: what is no If header is refused with 400`(value: String) throws {
        try Self.withCards { server, _, _ throws in
            let answer = try server.request("DELETE", Self.card, ["If": value])

            #expect(answer.status == 400)
            #expect(try server.request("GET", Self.card).status == 200)
        }
    }
}
