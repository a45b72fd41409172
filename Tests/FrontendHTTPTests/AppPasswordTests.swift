import Accounts
import Foundation
import Framing
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// Passwords of single devices, and throttling, through the gateway's sockets.
@Suite(.timeLimit(.minutes(10)))
struct AppPasswordTests {
    private static let answering: FakeBackend.Script = { peer, _ in
        peer.serve { head, _ in peer.answer(200, [], "\(head.user) \(head.role)") }
    }
    private static let password = "abcd-efgh-jkmn-pqrs-tuvw-xyz2-3456"

    private static func users(_ lines: String, expires: String? = nil) -> String {
        let hash = AppPasswordHash(of: Array(password.utf8)).text
        return """
            [users.alice]
            password = "\(TestHash.cheap("secret"))"
            \(lines)
            [users.alice.access]
            "http/contacts" = "writer"
            [users.alice.app_passwords.phone]
            name = "Alice's phone"
            hash = "\(hash)"
            \(expires.map { "expires = \"\($0)\"" } ?? "")

            """
    }

    private static func write(_ text: String, _ gateway: TestGateway) throws {
        try Data(text.utf8).write(
            to: gateway.folder.appending(path: "users.toml"),
            options: .atomic
        )
        gateway.authenticator.reload()
    }

    @Test(arguments: [
        Self.password, Self.password.uppercased(), Self.password.replacing("-", with: " "),
        Self.password.replacing("-", with: ""),
    ])
    func `an app password opens however a phone's keyboard spells it`(spelling: String) throws {
        try withGateway(backend: Self.answering) { gateway throws in
            try Self.write(Self.users(""), gateway)

            #expect(try gateway.request("GET", user: ("alice", spelling)).status == 200)
            #expect(try gateway.request("GET", user: ("bob", spelling)).status == 401)
        }
    }

    @Test func `a revoked one ends at once, remembered or not`() throws {
        try withGateway(backend: Self.answering) { gateway throws in
            try Self.write(Self.users(""), gateway)
            #expect(try gateway.request("GET", user: ("alice", Self.password)).status == 200)

            try Self.write("[users.alice]\npassword = \"\(TestHash.cheap("secret"))\"\n", gateway)

            #expect(try gateway.request("GET", user: ("alice", Self.password)).status == 401)
        }
    }

    @Test func `one that has expired opens nothing`() throws {
        try withGateway(backend: Self.answering) { gateway throws in
            let today = CalendarDay(secondsSince1970: time(nil))
            let yesterday = CalendarDay(daysSince1970: today.daysSince1970 - 1)
            try Self.write(Self.users("", expires: "\(today)"), gateway)
            #expect(try gateway.request("GET", user: ("alice", Self.password)).status == 200)

            try Self.write(Self.users("", expires: "\(yesterday)"), gateway)

            #expect(try gateway.request("GET", user: ("alice", Self.password)).status == 401)
        }
    }

    @Test func `where only app passwords are taken the user's own is wrong`() throws {
        try withGateway(backend: Self.answering) { gateway throws in
            try Self.write(Self.users(""), gateway)
            #expect(try gateway.request("GET").status == 200)

            try Self.write(Self.users("password_login = false"), gateway)

            #expect(try gateway.request("GET").status == 401)
            #expect(try gateway.request("GET", user: ("alice", Self.password)).status == 200)
        }
    }

    @Test func `the last use is recorded to the minute, and read again`() throws {
        try withGateway(backend: Self.answering) { gateway throws in
            try Self.write(Self.users(""), gateway)
            let path = gateway.folder.appending(path: LastUseFile.fileName).path
            let before = CalendarMinute(secondsSince1970: time(nil))
            #expect(try gateway.request("GET", user: ("alice", Self.password)).status == 200)
            #expect(!FileManager.default.fileExists(atPath: path), "no write for a request")

            gateway.authenticator.saveUses()

            let minute = try #require(try LastUseFile.load(path: path).minutes["alice"]?["phone"])
            #expect(minute >= before)
            try Self.write("", gateway)
            gateway.authenticator.saveUses()
            #expect(
                try LastUseFile.load(path: path).minutes["alice"] != nil,
                "nothing new to write"
            )
        }
    }

    @Test func `failures are throttled with 429, and what is right passes all the same`() throws {
        try withGateway(backend: Self.answering) { gateway throws in
            try Self.write(Self.users(""), gateway)
            #expect(try gateway.request("GET").status == 200)

            let answers = try (0..<6).map { number in
                try gateway.request("GET", user: ("alice", "wrong \(number)"))
            }

            #expect(answers.map(\.status) == [401, 401, 401, 401, 401, 429])
            #expect(answers.last?["retry-after"] == "1")
            // Remembered, an app password, and none at all.
            #expect(try gateway.request("GET").status == 200)
            #expect(try gateway.request("GET", user: ("alice", Self.password)).status == 200)
            #expect(try gateway.request("GET", user: nil).status == 401)
            let failures = gateway.log.messages.filter { $0.hasPrefix("authentication failed") }
            #expect(failures.count == 5)
        }
    }

    @Test func `who guesses does not learn from what is remembered`() throws {
        let settings = "[proxy]\ntrusted = [\"127.0.0.1\"]\n"
        try withGateway(settings: settings, backend: Self.answering) { gateway throws in
            func status(_ client: String, _ user: (String, String)) throws -> Int {
                let fields = ["X-Forwarded-For": client, "X-Forwarded-Proto": "https"]
                return try gateway.request("GET", "/dav/", fields, user: user).status
            }
            #expect(try status("203.0.113.7", TestGateway.alice) == 200)
            for number in 0..<5 {
                #expect(try status("198.51.100.9", ("alice", "wrong \(number)")) == 401)
            }

            #expect(try status("198.51.100.9", TestGateway.alice) == 429)
            #expect(try status("198.51.100.9", ("alice", "wrong")) == 429)
            #expect(try status("203.0.113.7", TestGateway.alice) == 200)
        }
    }

    @Test func `a wrong password and an unknown user are told apart by nothing, nor by time`()
        throws
    {
        let settings = "[throttle]\naddress_failures = 10000\nuser_failures = 10000\n"
        try withGateway(settings: settings) { gateway throws in
            let costly = try PasswordHash.make(Array("secret".utf8)).text
            try Self.write(
                """
                [users.alice]
                password = "\(costly)"
                [users.bob]
                password_login = false
                """,
                gateway
            )
            let names = ["alice", "nobody", "bob"]
            var times: [String: [Duration]] = [:]
            for number in 0..<15 {
                for name in names {
                    let start = ContinuousClock.now
                    let answer = try gateway.request("GET", user: (name, "wrong \(number)"))
                    times[name, default: []].append(start.duration(to: .now))
                    #expect(answer.status == 401)
                    let id = answer["x-request-id"] ?? ""
                    #expect(
                        answer.text == "log in with a user name and a password\nrequest \(id)\n"
                    )
                }
            }

            let medians = names.map { (times[$0] ?? []).sorted()[7] / .seconds(1) }
            for median in medians {
                #expect((0.6...1.67).contains(median / medians[0]), "\(medians)")
            }
        }
    }

    @Test func `credentials come over TLS, from this machine, or where the settings say so`() throws
    {
        try withGateway { gateway throws in
            let far = RequestOrigin(.test("203.0.113.7"), isSecure: false)
            #expect(!gateway.authenticator.takesCredentials(from: far))
            #expect(
                gateway.authenticator.takesCredentials(
                    from: RequestOrigin(.test("203.0.113.7"), isSecure: true)
                )
            )
            #expect(
                gateway.authenticator.takesCredentials(
                    from: RequestOrigin(.test("::1"), isSecure: false)
                )
            )

            let settings = try GatewaySettings(
                bytes: Array("[auth]\nplaintext = \"everywhere\"\n".utf8),
                file: "gateway.toml"
            )
            gateway.authenticator.use(try gateway.authenticator.prepare(settings))

            #expect(gateway.authenticator.takesCredentials(from: far))
        }
    }

    @Test(
        arguments: [
            ("http", "203.0.113.7", 403), ("https", "203.0.113.7", 200), (nil, "203.0.113.7", 403),
            ("http", "127.0.0.1", 200), ("http", "203.0.113.7, 127.0.0.1", 403),
        ] as [(String?, String, Int)]
    )
    func `behind a trusted proxy it is the client it names whose credentials need TLS`(
        scheme: String?,
        client: String,
        status: Int
    ) throws {
        let settings = "[proxy]\ntrusted = [\"127.0.0.1\"]\n"
        try withGateway(settings: settings, backend: Self.answering) { gateway throws in
            var fields = ["X-Forwarded-For": client]
            fields["X-Forwarded-Proto"] = scheme

            #expect(try gateway.request("GET", "/dav/", fields).status == status)
        }
    }

    @Test func `behind a trusted proxy it is the client it names whose failures are counted`()
        throws
    {
        let settings = "[proxy]\ntrusted = [\"127.0.0.1\"]\n"
        try withGateway(settings: settings, backend: Self.answering) { gateway throws in
            func status(_ client: String, _ password: String) throws -> Int {
                let fields = ["X-Forwarded-For": client, "X-Forwarded-Proto": "https"]
                return try gateway.request("GET", "/dav/", fields, user: ("alice", password)).status
            }
            for number in 0..<5 {
                #expect(try status("2001:db8::\(number + 1)", "wrong \(number)") == 401)
            }

            #expect(try status("2001:db8::9", "wrong") == 429)
            #expect(try status("2001:db8:0:1::1", "wrong") == 401)
            #expect(try status("203.0.113.7", "secret") == 200)
            #expect(gateway.log.messages.contains("authentication failed from 2001:db8::5"))
        }
    }
}
