import Foundation
import Framing
import TestSupport
import Testing

@testable import FrontendHTTP

/// Passwords that PAM checks, through the gateway's sockets and real modules of PAM.
@Suite(.timeLimit(.minutes(10)))
struct PAMTests {
    private static let answering: FakeBackend.Script = { peer, _ in
        peer.serve { head, _ in peer.answer(200, [], "\(head.user) \(head.role)") }
    }

    private static func user(_ name: String) -> String {
        """
        [users.\(name)]
        password = "pam"
        [users.\(name).access]
        "http/contacts" = "reader"

        """
    }

    /// A gateway with alice, who has a hash, and bob, whose password PAM checks: `right`, for whoever
    /// asks with it.
    private func withService(
        _ lines: String? = nil,
        times: GatewayTimes = TestGateway.times,
        _ body: (TestGateway, PAMFolder) throws -> Void
    ) throws {
        let pam = try PAMFolder(lines)
        defer { pam.remove() }
        let settings = "[pam]\nservice = \"test\"\nfolder = \"\(pam.folder.path)\"\n"
        try withGateway(times: times, settings: settings, backend: Self.answering) {
            gateway throws in
            try gateway.addUsers(Self.user("bob"))
            try body(gateway, pam)
        }
    }

    @Test func `a password is right where PAM says so, and the account may be used`() throws {
        try withService { gateway, pam throws in
            #expect(try gateway.request("GET", user: ("bob", "right")).text == "bob reader")
            #expect(try gateway.request("GET", user: ("bob", "wrong")).status == 401)
            #expect(try gateway.request("GET").text == "alice writer")
            #expect(
                pam.calls == [
                    "auth test bob 127.0.0.1 none right", "account test bob 127.0.0.1 none",
                    "auth test bob 127.0.0.1 none wrong",
                ]
            )
            #expect(gateway.log.messages.contains("authentication failed from 127.0.0.1"))
        }
    }

    @Test func `an account that may not be used opens nothing, and the log says why`() throws {
        let lines = "auth required pam_permit.so\naccount required pam_debug.so acct=acct_expired\n"
        try withService(lines) { gateway, _ throws in
            #expect(try gateway.request("GET", user: ("bob", "right")).status == 401)
            #expect(
                gateway.log.entries.contains {
                    $0.hasPrefix("warning authentication failed") && $0.contains("reason=PAM: ")
                }
            )
        }
    }

    @Test func `what PAM has said is remembered until users.toml is another`() throws {
        try withService { gateway, pam throws in
            for _ in 0..<3 {
                #expect(try gateway.request("GET", user: ("bob", "right")).status == 200)
            }
            #expect(pam.calls.count { $0.hasPrefix("auth") } == 1)

            try gateway.addUsers(Self.user("carol"))

            #expect(try gateway.request("GET", user: ("bob", "right")).status == 200)
            #expect(pam.calls.count { $0.hasPrefix("auth") } == 2)
        }
    }

    @Test func `who may not log in with a password is not let in by PAM`() throws {
        try withService("auth required pam_permit.so\naccount required pam_permit.so\n") {
            gateway,
            _ throws in
            try gateway.addUsers("[users.dora]\npassword = \"pam\"\npassword_login = false\n")
            try gateway.addUsers(Self.user("eve") + Self.user("frank") + Self.user("grace"))

            #expect(try gateway.request("GET", user: ("bob", "any")).status == 200)
            #expect(try gateway.request("GET", user: ("dora", "any")).status == 401)
            #expect(try gateway.request("GET", user: ("stranger", "any")).status == 401)
            #expect(try gateway.request("GET", user: ("alice", "any")).status == 401)
            #expect(try gateway.request("GET", user: ("bob", "")).status == 401)
            let long = String(repeating: "x", count: PAMService.maximumPasswordBytes + 1)
            #expect(try gateway.request("GET", user: ("bob", long)).status == 401)
        }
    }

    @Test
    func `where PAM knows most users it is asked for unknown ones, never with their password`()
        throws
    {
        try withService { gateway, pam throws in
            #expect(try gateway.request("GET", user: ("stranger", "right")).status == 401)
            #expect(pam.calls == [])

            try gateway.addUsers(Self.user("eve") + Self.user("frank"))

            #expect(try gateway.request("GET", user: ("stranger", "right")).status == 401)
            #expect(pam.calls.count == 1)
            #expect(pam.calls[0].hasPrefix("auth test stranger 127.0.0.1 none "))
            #expect(!pam.calls[0].contains("right"))
        }
    }

    @Test func `failures wait as all do`() throws {
        try withService { gateway, pam throws in
            let answers = try (0..<6).map { number in
                try gateway.request("GET", user: ("bob", "wrong \(number)")).status
            }

            #expect(answers == [401, 401, 401, 401, 401, 429])
            #expect(pam.calls.count == 5)
        }
    }

    @Test func `a PAM that hangs holds up nobody whose password it does not check`() throws {
        try withService { gateway, pam throws in
            try pam.hold()
            // The gateway cannot end before PAM does, whatever fails here; it mostly has been let go.
            defer { try? pam.letGo() }
            let hanging = try (0..<PasswordChecks.maximumOfNetwork).map { number in
                let connection = try gateway.connect()
                try connection.send(TestGateway.bytes("GET", user: ("bob", "right \(number)")))
                return connection
            }
            try eventually { pam.calls.count == Authenticator.pamThreads }

            #expect(try gateway.request("GET").text == "alice writer")
            #expect(try gateway.request("GET", user: ("bob", "more")).status == 503)

            try pam.letGo()
            for connection in hanging { #expect(try connection.readAnswer().status == 401) }
        }
    }

    @Test func `whoever waits for a PAM that hangs is answered in time`() throws {
        try withService(times: TestGateway.quickTimes) { gateway, pam throws in
            try pam.hold()
            defer { try? pam.letGo() }

            let answer = try gateway.request("GET", user: ("bob", "right"))

            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "30")
            #expect(answer.text.contains("log-ins cannot be checked just now"))
        }
    }

    @Test func `no more wait for PAM than have a place, and the others are told at once`() throws {
        try withService { gateway, pam throws in
            try pam.hold()
            defer { try? pam.letGo() }
            // The same credentials are asked with once, however many wait, so that one address can
            // have as many wait.
            let waiting = try (0..<Authenticator.maximumWaitingForPAM).map { number in
                let connection = try gateway.connect()
                let password = number.isMultiple(of: 2) ? "right" : "wrong"
                try connection.send(TestGateway.bytes("GET", user: ("bob", password)))
                return connection
            }
            try eventually { gateway.authenticator.waitingForPAM == waiting.count }

            let answer = try gateway.request("GET", user: ("bob", "right"))

            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "5")
            try eventually { pam.calls.count == 2 }
            try pam.letGo()
            for (number, connection) in waiting.enumerated() {
                let status = try connection.readAnswer().status
                #expect(status == (number.isMultiple(of: 2) ? 200 : 401))
            }
            #expect(pam.calls.count { $0.hasPrefix("auth") } == 2)
        }
    }

    @Test(arguments: [
        "auth required pam_debug.so auth=authinfo_unavail\naccount required pam_permit.so\n",
        "auth required pam_there_is_none.so\naccount required pam_permit.so\n",
    ])
    func `where PAM cannot say, nobody is told to have a wrong password`(lines: String) throws {
        try withService(lines) { gateway, _ throws in
            let answers = try (0..<8).map { number in
                try gateway.request("GET", user: ("bob", "right \(number)"))
            }

            #expect(answers.allSatisfy { $0.status == 503 && $0["retry-after"] == "30" })
            #expect(gateway.log.messages.contains("PAM cannot check passwords"))
            #expect(!gateway.log.messages.contains { $0.hasPrefix("authentication failed") })
        }
    }

    @Test func `without a service users who need one are told of, and the others served`() throws {
        try withGateway(backend: Self.answering) { gateway throws in
            try gateway.addUsers(Self.user("bob"))

            #expect(try gateway.request("GET", user: ("bob", "right")).status == 503)
            #expect(try gateway.request("GET").status == 200)
            #expect(gateway.log.messages.contains { $0.contains("names no [pam] service") })
        }
    }
}

/// A folder with one service, whose program writes down what it is asked.
struct PAMFolder {
    let folder: URL

    private static let program = """
        #!/bin/sh
        folder=${0%/*}
        call="$PAM_TYPE $PAM_SERVICE $PAM_USER ${PAM_RHOST:-none} ${PAM_TTY:-none}"
        if [ "$PAM_TYPE" = auth ]; then
            password=$(tr -d '\\000\\n\\r')
            echo "$call $password" >> "$folder/calls"
            while [ -e "$folder/hold" ]; do sleep 0.1; done
            [ "$password" = right ]
        else
            echo "$call" >> "$folder/calls"
        fi
        """

    /// - Parameters:
    ///   - lines: The service's; one whose only password is `right` where there are none.
    ///   - name: The service's.
    /// - Throws: Where the folder cannot be written.
    init(_ lines: String? = nil, name: String = "test") throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-pam-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let program = folder.appending(path: "program")
        try Data(Self.program.utf8).write(to: program)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: program.path
        )
        let standard = """
            auth required pam_exec.so expose_authtok quiet \(program.path)
            account required pam_exec.so quiet \(program.path)

            """
        try Data((lines ?? standard).utf8).write(to: folder.appending(path: name))
    }

    /// What the program has been asked: type, service, user, client, terminal, password.
    var calls: [String] {
        // Before the first call there is no file.
        guard let data = try? Data(contentsOf: folder.appending(path: "calls")) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Has the program hang.
    func hold() throws { try Data().write(to: folder.appending(path: "hold")) }

    /// Has it go on.
    func letGo() throws { try FileManager.default.removeItem(at: folder.appending(path: "hold")) }

    func remove() {
        // A folder that stays is the system's to clear away.
        try? FileManager.default.removeItem(at: folder)
    }
}
