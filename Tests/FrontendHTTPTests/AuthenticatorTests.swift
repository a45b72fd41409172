import Accounts
import Foundation
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// Credentials, and for how long they are remembered.
@Suite(.timeLimit(.minutes(10)))
struct AuthenticatorTests {
    private static func directory(_ users: [String: String]) throws -> UserDirectory {
        let text = users.sorted { $0.key < $1.key }
            .map { "[users.\($0.key)]\npassword = \"\($0.value)\"\n" }.joined()
        return try UserDirectory(
            UsersFile(bytes: Array(text.utf8), file: "users.toml"),
            path: "users.toml"
        )
    }

    private static let hash = TestHash.cheap("secret")
    private static let otherHash = TestHash.cheap("other")

    private static let lifetime: Duration = .seconds(300)

    private static func proof() throws -> CredentialCache.Proof {
        .password(try #require(PasswordHash(hash)))
    }

    @Test func `what was right is remembered for its time, for that user only`() throws {
        let directory = try Self.directory(["alice": Self.hash, "bob": Self.hash])
        let key = CredentialKey()
        let digest = key.digest("Basic alice")
        let now = Moment.now
        var cache = CredentialCache(lifetime: Self.lifetime)
        func user(_ digest: CredentialKey.Digest, after pause: Duration = .zero) -> String? {
            let then = Moment(instant: now.instant + pause, seconds: now.seconds)
            return cache.caller(of: digest, in: directory, now: then)?.caller.user.name
        }
        #expect(user(digest) == nil)

        cache.remember(digest, of: "alice", try Self.proof(), now: now)

        #expect(user(digest) == "alice")
        #expect(user(digest, after: Self.lifetime - .seconds(1)) == "alice")
        #expect(user(digest, after: Self.lifetime) == nil)
        #expect(user(key.digest("Basic bob")) == nil)
        #expect(user(CredentialKey().digest("Basic alice")) == nil)
    }

    @Test func `a changed password and a user who is gone are forgotten at once`() throws {
        let before = try Self.directory(["alice": Self.hash])
        let digest = CredentialKey().digest("Basic alice")
        var cache = CredentialCache(lifetime: Self.lifetime)
        cache.remember(digest, of: "alice", try Self.proof(), now: .now)

        let changed = try Self.directory(["alice": Self.otherHash])
        let gone = try Self.directory(["bob": Self.hash])

        #expect(cache.caller(of: digest, in: before, now: .now) != nil)
        #expect(cache.caller(of: digest, in: changed, now: .now) == nil)
        #expect(cache.caller(of: digest, in: gone, now: .now) == nil)
    }

    @Test func `without a lifetime nothing is remembered`() throws {
        let directory = try Self.directory(["alice": Self.hash])
        let digest = CredentialKey().digest("Basic alice")
        var cache = CredentialCache(lifetime: .zero)

        cache.remember(digest, of: "alice", try Self.proof(), now: .now)

        #expect(cache.caller(of: digest, in: directory, now: .now) == nil)
    }

    @Test func `a full memory forgets rather than grows`() throws {
        var table = RecentTable<Int, Int>(maximum: 10)
        for number in 0..<1_000 {
            table[number] = number
            #expect(table[0] == 0, "what is used stays")
            #expect(table.count <= 10)
        }

        #expect(table[1] == nil)
        #expect(table[999] == 999)
        table[999] = nil
        #expect(table[999] == nil)
    }

    @Test func `a changed users.toml holds for the next request of an open connection`() throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { _, _ in peer.answer(204, [], "") }
        }
        try withGateway(backend: script) { gateway throws in
            let connection = try gateway.connect()
            func status(_ path: String, _ user: (String, String)) throws -> Int {
                try connection.send(TestGateway.bytes("GET", path, user: user))
                return try connection.readAnswer().status
            }
            #expect(try status("/dav/", TestGateway.nemo) == 204)
            #expect(try status("/dav/", TestGateway.nemo) == 204)
            try Data("[users.nemo]\npassword = \"\(Self.otherHash)\"\n".utf8)
                .write(to: gateway.folder.appending(path: "users.toml"), options: .atomic)
            // No request looks meanwhile: it is the watch that brings it about.
            usleep(100_000)

            #expect(try status("/dav/", TestGateway.nemo) == 401)
            #expect(try status("/dav/", ("nemo", "other")) == 204)
            #expect(try status("/dav/", TestGateway.alice) == 401)
        }
    }

    @Test(arguments: [
        "Basic", "Basic ", "Basic !", "Basic YWxpY2U=", "Basic OnNlY3JldA==",
        "Basic YWxpY2U6c2VjcmV0 x", "Basic /zpzZWNyZXQ=",
        "Basic " + String(repeating: "YWFh", count: 400),
    ])
    func `RFC 7617 §2: malformed credentials are refused with the challenge, and count`(
        value: String
    ) throws {
        #expect(BasicCredentials(authorization: value) == nil)
        try withGateway { gateway throws in
            let answer = try gateway.request("GET", "/dav/", ["Authorization": value], user: nil)

            #expect(answer.status == 401)
            #expect(
                answer["www-authenticate"] == #"Basic realm="Everlock Contacts", charset="UTF-8""#
            )
            #expect(gateway.log.messages.contains("authentication failed from 127.0.0.1"))
        }
    }

    @Test(arguments: ["", "Digest username=alice", "Bearer YWxpY2U6c2VjcmV0", "Negotiate YWxp"])
    func `a scheme that is not taken is like no credentials, and never counts`(value: String) throws
    {
        try withGateway { gateway throws in
            for _ in 0..<12 {
                let answer = try gateway.request(
                    "GET",
                    "/dav/",
                    ["Authorization": value],
                    user: nil
                )
                #expect(answer.status == 401)
            }
            #expect(!gateway.log.messages.contains { $0.hasPrefix("authentication failed") })
        }
    }

    @Test(arguments: ["Basic YWxpY2U6czpjcmV0", "bAsIc  YWxpY2U6czpjcmV0"])
    func `RFC 7617 §2: a password may have a colon, and the scheme any case`(value: String) throws {
        let credentials = try #require(BasicCredentials(authorization: value))

        #expect(credentials.user == "alice")
        #expect(credentials.password == Array("s:cret".utf8))
        #expect(AuthorizationField(value, takesTokens: true) == .basic(credentials))
    }
}
