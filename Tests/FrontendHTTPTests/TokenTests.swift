import Access
import Foundation
import Framing
import Logging
import NIOCore
import NIOPosix
import Settings
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// Access tokens, from their claims to the answer.
@Suite(.timeLimit(.minutes(10)))
struct TokenTests {
    private static let answering: FakeBackend.Script = { peer, _ in
        peer.serve { head, _ in peer.answer(200, [], "\(head.user) \(head.role)") }
    }

    /// `gateway.toml` with one issuer.
    private static func settings(_ keys: String, _ more: String = "") -> String {
        """
        [oauth.scopes]
        "contacts.read" = "reader"
        "contacts.write" = "writer"
        [oauth.issuers.test]
        issuer = "\(TestIssuer.issuer)"
        audience = "\(TestIssuer.audience)"
        keys = "\(keys)"
        \(more)

        """
    }

    /// A gateway that takes the tokens of an issuer whose keys lie in a file.
    private static func withIssuer(
        _ issuer: TestIssuer,
        _ more: String = "",
        _ body: (TestGateway, String) throws -> Void
    ) throws {
        let path = "/tmp/evl-keys-\(UInt32.random(in: 0 ... .max)).json"
        try TestIssuer.keySet([issuer.webKey()]).write(to: URL(filePath: path))
        defer { unlink(path) }
        try withGateway(settings: settings(path, more), backend: answering) { gateway throws in
            try body(gateway, path)
        }
    }

    private static func ask(_ gateway: TestGateway, _ token: String) throws -> HTTPAnswer {
        try gateway.request("GET", "/dav/", ["Authorization": "Bearer \(token)"], user: nil)
    }

    @Test(arguments: ["RS256", "PS256", "ES256", "ES384", "EdDSA"])
    func `RFC 9068 §4: a token that is right opens what its scopes allow`(algorithm: String) throws
    {
        let issuer = try TestIssuer(algorithm)
        try Self.withIssuer(issuer) { gateway, _ throws in
            let token = try issuer.token(algorithm: algorithm)
            let reading = try issuer.token(["scope": "contacts.read"], algorithm: algorithm)

            // The second time it is remembered.
            for _ in 0..<2 {
                let answer = try Self.ask(gateway, token)
                #expect(answer.status == 200)
                #expect(answer.text == "alice writer")
            }
            #expect(try Self.ask(gateway, reading).text == "alice reader")
        }
    }

    /// Claims and headers that make a token one that is not taken.
    private static var wrong: [(claims: [String: Any], header: [String: Any])] {
        [
            (["exp": 1_000], [:]), (["exp": NSNull()], [:]), (["exp": "soon"], [:]),
            (["nbf": Date().timeIntervalSince1970 + 600], [:]),
            (["iat": Date().timeIntervalSince1970 + 600], [:]),
            (["iss": "https://evil.example.com/"], [:]), (["iss": NSNull()], [:]),
            (["aud": "https://other.example.com/"], [:]), (["aud": NSNull()], [:]),
            (["aud": []], [:]),
            (["sub": NSNull()], [:]), (["sub": "mallory"], [:]), (["sub": ""], [:]),
            ([:], ["typ": "JWT"]), ([:], ["typ": NSNull()]), ([:], ["crit": ["exp"]]),
            ([:], ["alg": "none"]), ([:], ["alg": "HS256"]), ([:], ["alg": "RS256"]),
            ([:], ["kid": "two"]), ([:], ["alg": NSNull()]),
        ]
    }

    @Test(arguments: wrong.indices)
    func `RFC 9068 §4: what is not right about a token is refused as RFC 6750 §3.1 says`(
        _ index: Int
    ) throws {
        let issuer = try TestIssuer()
        try Self.withIssuer(issuer) { gateway, _ throws in
            let (claims, header) = Self.wrong[index]

            let answer = try Self.ask(gateway, issuer.token(claims, header: header))

            #expect(answer.status == 401)
            let challenge = try #require(answer["www-authenticate"])
            #expect(
                challenge.hasPrefix("Bearer realm=\"Everlock Contacts\", error=\"invalid_token\"")
            )
        }
    }

    @Test func `RFC 7515 §3.1: a token that is torn, unsigned or signed by another is refused`()
        throws
    {
        let issuer = try TestIssuer()
        let forger = try TestIssuer()
        try Self.withIssuer(issuer, "") { gateway, _ throws in
            let token = try issuer.token()
            let parts = token.split(separator: ".").map(String.init)
            let others = [
                try forger.token(), "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1])",
                "\(token).\(parts[2])",
            ]
            for other in others {
                let answer = try Self.ask(gateway, other)
                #expect(answer.status == 401)
                #expect(answer["www-authenticate"]?.contains("invalid_token") == true)
            }
            #expect(
                gateway.log.messages.filter { $0.hasPrefix("authentication failed") }.count == 4
            )
            #expect(try Self.ask(gateway, token).status == 200)
        }
    }

    @Test func `RFC 6750 §3.1: a token whose scopes allow nothing gets insufficient_scope`() throws
    {
        let issuer = try TestIssuer()
        try Self.withIssuer(issuer) { gateway, _ throws in
            for scope in ["other", ""] {
                let answer = try Self.ask(gateway, issuer.token(["scope": scope]))

                #expect(answer.status == 403)
                #expect(answer["www-authenticate"]?.contains("insufficient_scope") == true)
            }
        }
    }

    @Test func `RFC 6750 §3: whoever brings nothing is asked for both, password first`() throws {
        try Self.withIssuer(try TestIssuer()) { gateway, _ throws in
            let answer = try gateway.request("GET", user: nil)

            #expect(answer.status == 401)
            let challenges = answer.fields.filter { $0.name == "www-authenticate" }.map(\.value)
            #expect(
                challenges == [
                    #"Basic realm="Everlock Contacts", charset="UTF-8""#,
                    #"Bearer realm="Everlock Contacts""#,
                ]
            )
        }
    }

    @Test func `claims of other names hold the user and the scopes where the settings say so`()
        throws
    {
        let issuer = try TestIssuer()
        let more = "user_claim = \"preferred_username\"\nscope_claim = \"roles\"\nany_type = true\n"
        try Self.withIssuer(issuer, more) { gateway, _ throws in
            let claims: [String: Any] = [
                "sub": "5f1c", "preferred_username": "alice", "roles": ["contacts.read"],
                "aud": ["other", TestIssuer.audience],
            ]

            let answer = try Self.ask(gateway, issuer.token(claims, header: ["typ": "JWT"]))

            #expect(answer.text == "alice reader")
        }
    }

    @Test func `a token is remembered no longer than it is valid`() throws {
        let issuer = try TestIssuer()
        let path = "/tmp/evl-keys-\(UInt32.random(in: 0 ... .max)).json"
        try TestIssuer.keySet([issuer.webKey()]).write(to: URL(filePath: path))
        defer { unlink(path) }
        let settings = try GatewaySettings(
            bytes: Array(Self.settings(path).utf8),
            file: "gateway.toml"
        )
        let users = try UsersFile(
            bytes: Array("[users.alice]\npassword_login = false\n".utf8),
            file: "users.toml"
        )
        let directory = try UserDirectory(users, path: "users.toml")
        var cache = CredentialCache(lifetime: settings.auth.remember)
        let digest = CredentialKey().digest("Bearer x")
        let now = Moment.now
        let proof = CredentialCache.Proof.token(.everything, expiry: now.seconds + 10, epoch: 0)
        cache.remember(digest, of: "alice", proof, now: now)

        let late = Moment(instant: now.instant, seconds: now.seconds + 10)
        #expect(cache.caller(of: digest, in: directory, now: now) != nil)
        #expect(cache.caller(of: digest, in: directory, now: late) == nil)
        cache.tokenEpoch += 1
        #expect(cache.caller(of: digest, in: directory, now: now) == nil)
    }

    @Test func `a token whose key goes while it is checked is not remembered`() throws {
        let old = try TestIssuer(id: "old")
        let new = try TestIssuer(id: "new")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let (loop, other) = (group.next(), group.next())
        try Self.withIssuer(old) { gateway, path throws in
            let authenticator = gateway.authenticator
            let token = try old.token(["jti": "2"])
            func verdict() -> PendingVerdict {
                authenticator.verdict(
                    authorization: "Bearer \(token)",
                    from: RequestOrigin(.test("127.0.0.1"), isSecure: false),
                    on: loop
                )
            }
            // Now the old key is known.
            #expect(try Self.ask(gateway, old.token()).status == 200)
            let (holding, letGo) = (Signal(), Signal())
            loop.execute {
                holding.raise()
                letGo.wait()
            }
            #expect(holding.wait())
            let first = verdict()
            // The one thread has checked it; what comes of it waits for the event loop.
            try authenticator.tokenPool.runIfActive(eventLoop: other) {}.wait()
            try TestIssuer.keySet([new.webKey()]).write(to: URL(filePath: path))
            let later = ContinuousClock.Instant.now + .seconds(5)
            let stale = authenticator.state.withLock { $0.tokens }?.staleKeys(now: later) ?? []
            for keys in stale { _ = keys.refresh(now: later, on: other) }
            letGo.raise()

            guard case .later(let result) = first, case .caller = try result.wait() else {
                Issue.record("a token was refused whose key was there")
                return
            }
            guard case .later(let result) = verdict(), case .badToken = try result.wait() else {
                Issue.record("a token was remembered whose key is gone")
                return
            }
        }
        try group.syncShutdownGracefully()
    }

    @Test func `a key that is new in the file is found, one that is gone opens nothing more`()
        throws
    {
        let old = try TestIssuer(id: "old")
        let new = try TestIssuer(id: "new")
        try Self.withIssuer(old) { gateway, path throws in
            #expect(try Self.ask(gateway, old.token()).status == 200)
            #expect(try Self.ask(gateway, new.token()).status == 401)
            let token = try old.token(["jti": "2"])
            #expect(try Self.ask(gateway, token).status == 200)

            try TestIssuer.keySet([new.webKey()]).write(to: URL(filePath: path))

            #expect(try Self.ask(gateway, new.token()).status == 200)
            #expect(try Self.ask(gateway, token).status == 401)
            try Data("no keys".utf8).write(to: URL(filePath: path))
            #expect(try Self.ask(gateway, old.token()).status == 401)
            #expect(try Self.ask(gateway, new.token(["jti": "3"])).status == 200)
        }
    }
}
