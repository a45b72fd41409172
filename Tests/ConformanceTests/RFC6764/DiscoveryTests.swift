import TestSupport
import Testing

struct DiscoveryTests {
    @Test(arguments: ["GET", "PROPFIND", "OPTIONS"])
    func `RFC 6764 §5: the well-known URI leads to the root, without credentials`(method: String)
        throws
    {
        try withServer { server throws in
            for path in ["/.well-known/carddav", "/"] {
                let answer = try server.request(method, path, user: nil)
                #expect(answer.status == 301)
                #expect(answer["location"] == "/dav/")
            }
        }
    }

    @Test func `RFC 6764 §5: a host that is not served has no well-known URI`() throws {
        try withServer(instances: [("default", "contacts.example.com")]) { server throws in
            let here = try server.request(
                "GET",
                "/.well-known/carddav",
                user: nil,
                host: "CONTACTS.example.com:8443"
            )
            let elsewhere = try server.request(
                "GET",
                "/.well-known/carddav",
                user: nil,
                host: "other"
            )

            #expect(here.status == 301)
            #expect(elsewhere.status == 421)
        }
    }
}
