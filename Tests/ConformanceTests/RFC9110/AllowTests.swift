import TestSupport
import Testing

struct AllowTests {
    private static let reading = "OPTIONS, PROPFIND, PROPPATCH, REPORT"

    @Test(arguments: [
        ("/dav/", reading), ("/dav/principals/", reading), ("/dav/principals/me/", reading),
        ("/dav/addressbooks/", reading),
        (
            "/dav/addressbooks/default/",
            "OPTIONS, GET, HEAD, POST, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT"
        ),
        (
            "/dav/addressbooks/default/a.vcf",
            "OPTIONS, GET, HEAD, PUT, DELETE, COPY, MOVE, PROPFIND, PROPPATCH, REPORT"
        ),
        ("/dav/addressbooks/none/", "OPTIONS, MKCOL"),
        ("/dav/addressbooks/default/none.vcf", "OPTIONS, PUT"), ("/dav/elsewhere", "OPTIONS"),
    ])
    func `RFC 9110 §10.2.1: Allow names what works at a place, and the rest answers 405`(
        path: String,
        allow: String
    ) throws {
        try withServer { server throws in
            try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )

            let answer = try server.request("OPTIONS", path)

            #expect(answer.status == 200)
            #expect(answer["content-length"] == "0")
            #expect(answer["allow"] == allow)
            for method in ["LOCK", "UNLOCK", "PATCH"] {
                let refused = try server.request(method, path)
                #expect(refused.status == 405)
                #expect(refused["allow"] != nil)
            }
        }
    }

    @Test func `RFC 4918 §9.3.1: MKCOL over a book answers 405 with Allow`() throws {
        try withServer { server throws in
            let answer = try server.request("MKCOL", "/dav/addressbooks/default/")

            #expect(answer.status == 405)
            #expect(answer["allow"]?.contains("PROPFIND") == true)
            #expect(answer["allow"]?.contains("MKCOL") == false)
        }
    }

    @Test(arguments: ["/dav/", "/dav/addressbooks/", "/dav/principals/me/"])
    func `RFC 9110 §15.5.6: GET, PUT, COPY and MOVE of what is no book answer 405`(path: String)
        throws
    {
        try withServer { server throws in
            for method in ["GET", "HEAD", "PUT", "COPY", "MOVE", "MKCOL", "DELETE"] {
                let answer = try server.request(
                    method,
                    path,
                    ["Destination": "/dav/addressbooks/new/"]
                )

                #expect(answer.status == 405)
                #expect(answer["allow"] == Self.reading)
            }
        }
    }
}
