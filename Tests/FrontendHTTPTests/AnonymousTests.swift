import Foundation
import Framing
import TestSupport
import Testing

@testable import FrontendHTTP

/// Requests without credentials where a rule lets somebody read.
@Suite(.timeLimit(.minutes(10)))
struct AnonymousTests {
    private static let answering: FakeBackend.Script = { peer, _ in
        peer.serve { head, _ in
            let grants = head.grants.map { "\($0.path)=\($0.role)" }.joined(separator: ",")
            peer.answer(200, [], "[\(head.user)] \(head.role) \(grants)")
        }
    }

    private static func withClub(_ body: (TestGateway) throws -> Void) throws {
        try withGateway(backend: answering) { gateway throws in
            let users = gateway.folder.appending(path: "users.toml")
            let text = try String(contentsOf: users, encoding: .utf8)
            try Data(
                "\(text)\n[anonymous.access]\n\"http/contacts/default/club é\" = \"reader\"\n".utf8
            ).write(to: users)
            gateway.authenticator.reload()
            try body(gateway)
        }
    }

    private static let club = "/dav/addressbooks/club%20%C3%A9/"

    @Test(arguments: ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"])
    func `reading a book that a rule opens needs no credentials`(method: String) throws {
        try Self.withClub { gateway throws in
            for path in [Self.club, "/dav/addressbooks/club%20%c3%a9", "\(Self.club)a.vcf?x"] {
                let answer = try gateway.request(method, path, user: nil)

                #expect(answer.status == 200)
                #expect(method == "HEAD" || answer.text == "[] none club é=reader")
            }
        }
    }

    @Test(arguments: [
        ("PUT", club + "a.vcf"), ("DELETE", club), ("PROPPATCH", club), ("COPY", club + "a.vcf"),
        ("PROPFIND", "/dav/"), ("PROPFIND", "/dav/addressbooks/"), ("GET", "/dav/principals/me/"),
        ("GET", "/dav/addressbooks/private/"), ("GET", "/dav/addressbooks/club%20%C3%A9x/"),
        ("OPTIONS", "/dav/addressbooks//" + "club%20%C3%A9/"),
    ])
    func `writing, discovery and any other book ask for them`(method: String, path: String) throws {
        try Self.withClub { gateway throws in
            let answer = try gateway.request(method, path, user: nil)

            #expect(answer.status == 401)
            #expect(answer["www-authenticate"]?.hasPrefix("Basic ") == true)
        }
    }

    @Test func `wrong credentials do not fall back to none`() throws {
        try Self.withClub { gateway throws in
            #expect(try gateway.request("GET", Self.club, user: ("alice", "wrong")).status == 401)
        }
    }

    @Test func `a client that has logged in is asked again on each connection, as Apple's expects`()
        throws
    {
        try Self.withClub { gateway throws in
            let apple = ["User-Agent": "iOS/18.0 dataaccessd/1.0"]
            #expect(try gateway.request("PROPFIND", Self.club, apple, user: nil).status == 200)

            let answer = try gateway.request("PROPFIND", Self.club, apple)

            #expect(answer.text.hasPrefix("[alice] writer"))
            #expect(try gateway.request("PROPFIND", Self.club, apple, user: nil).status == 401)
            let other = ["User-Agent": "curl/8"]
            #expect(try gateway.request("PROPFIND", Self.club, other, user: nil).status == 200)
        }
    }
}
