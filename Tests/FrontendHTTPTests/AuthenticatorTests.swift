import Foundation
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// Credentials, and for how long they are remembered.
@Suite(.timeLimit(.minutes(1)))
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

    @Test func `what was right is remembered for its time, for that user only`() throws {
        let directory = try Self.directory(["alice": Self.hash, "bob": Self.hash])
        let alice = try #require(directory["alice"])
        let key = CredentialKey()
        let digest = key.digest("Basic alice")
        let now = ContinuousClock.now
        var cache = CredentialCache()
        #expect(cache.user(of: digest, in: directory, now: now) == nil)

        cache.remember(digest, of: alice, now: now)

        let end = now + CredentialCache.lifetime
        #expect(cache.user(of: digest, in: directory, now: now)?.name == "alice")
        #expect(cache.user(of: digest, in: directory, now: end - .seconds(1))?.name == "alice")
        #expect(cache.user(of: digest, in: directory, now: end) == nil)
        #expect(cache.user(of: key.digest("Basic bob"), in: directory, now: now) == nil)
        #expect(
            cache.user(of: CredentialKey().digest("Basic alice"), in: directory, now: now) == nil
        )
    }

    @Test func `a changed password and a user who is gone are forgotten at once`() throws {
        let before = try Self.directory(["alice": Self.hash])
        let digest = CredentialKey().digest("Basic alice")
        var cache = CredentialCache()
        cache.remember(digest, of: try #require(before["alice"]), now: .now)

        let changed = try Self.directory(["alice": Self.otherHash])
        let gone = try Self.directory(["bob": Self.hash])

        #expect(cache.user(of: digest, in: before, now: .now) != nil)
        #expect(cache.user(of: digest, in: changed, now: .now) == nil)
        #expect(cache.user(of: digest, in: gone, now: .now) == nil)
    }

    @Test func `a full memory forgets rather than grows`() throws {
        let directory = try Self.directory(["alice": Self.hash])
        let alice = try #require(directory["alice"])
        let key = CredentialKey()
        let first = key.digest("0")
        let now = ContinuousClock.now
        var cache = CredentialCache()
        for number in 0..<CredentialCache.maximumEntries {
            cache.remember(key.digest("\(number)"), of: alice, now: now)
        }
        #expect(cache.user(of: first, in: directory, now: now) != nil)

        cache.remember(key.digest("one more"), of: alice, now: now)

        #expect(cache.user(of: first, in: directory, now: now) == nil)
        #expect(cache.user(of: key.digest("one more"), in: directory, now: now) != nil)
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
                .write(to: gateway.folder.appending(path: "users.toml"))
            gateway.authenticator.reload()

            #expect(try status("/dav/", TestGateway.nemo) == 401)
            #expect(try status("/dav/", ("nemo", "other")) == 204)
            #expect(try status("/dav/", TestGateway.alice) == 401)
        }
    }

    @Test(arguments: [
        "", "Basic", "Basic ", "Basic !", "Basic YWxpY2U=", "Basic OnNlY3JldA==",
        "Bearer YWxpY2U6c2VjcmV0", "Basic YWxpY2U6c2VjcmV0 x", "Basic /zpzZWNyZXQ=",
    ])
    func `RFC 7617 §2: what are no credentials is refused with the challenge`(value: String) throws
    {
        #expect(BasicCredentials(authorization: value) == nil)
        try withGateway { gateway throws in
            let answer = try gateway.request(
                "GET",
                "/dav/",
                ["Authorization": value],
                user: nil
            )

            #expect(answer.status == 401)
            #expect(
                answer["www-authenticate"] == #"Basic realm="Everlock Contacts", charset="UTF-8""#
            )
        }
    }

    @Test(arguments: ["Basic YWxpY2U6czpjcmV0", "bAsIc  YWxpY2U6czpjcmV0"])
    func `RFC 7617 §2: a password may have a colon, and the scheme any case`(value: String) throws {
        let credentials = try #require(BasicCredentials(authorization: value))

        #expect(credentials.user == "alice")
        #expect(credentials.password == Array("s:cret".utf8))
    }
}
