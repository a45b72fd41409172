import Foundation
import TestSupport
import Testing

/// Backends that end while nobody needs them, and start with the next request.
@Suite(.serialized)
struct IdleExitTests {
    private static let settings = "idle_exit = \"1s\"\n"

    @Test func `requests that cross the end of an idle backend are all answered`() throws {
        var random = SeededGenerator(of: "idle exit")
        let rounds = Effort.of(short: 8, long: 100)
        try withActivatedServer(settings: Self.settings) { system throws in
            let backend = try system.backend()
            let clients = (0..<6).map { number in
                RestlessClient(number: number, system.server, seed: random.next())
            }
            var connections = [HTTPConnection?](repeating: nil, count: clients.count)
            for _ in 0..<rounds {
                // All are silent for about as long as the backend waits; then all ask, some of them
                // before it has decided, some while it does, some after.
                for (number, client) in clients.enumerated() { client.ask(&connections[number]) }
                let begun = ContinuousClock.now
                let silence = Duration.milliseconds(Int.random(in: 985...1_015, using: &random))
                while ContinuousClock.now - begun < silence { usleep(200) }
            }
            let report = clients.map(\.report).reduce(.init(), +)
            let crossed = backend.ends.count
            Effort.report(
                "idle exit: \(rounds) rounds, \(crossed) ends, \(report.answers) answers, "
                    + "slowest \(report.slowest)"
            )

            #expect(report.failures == [])
            #expect(report.turnedAway == 0)
            #expect(crossed > 0)
            #expect(backend.ends.allSatisfy { $0 == 0 })
            // It may have ended already after the last of them; after this one it has not.
            #expect(try system.server.request("OPTIONS", "/dav/").status == 200)
            let ended = backend.ends.count
            try eventually { backend.ends.count > ended }
            #expect(backend.ends.last == 0)
            #expect(try system.server.request("OPTIONS", "/dav/").status == 200)
        }
    }

    @Test func `an end for want of work leaves everything in git and the journal empty`() throws {
        try withActivatedServer(settings: Self.settings) { system throws in
            let card = TestCard.text("A", uid: "1")
            let put = try system.server.request("PUT", "\(StoreCheck.book)a.vcf", body: card)
            try eventually { try system.backend().ends == [0] }
            // Not through the server's own helper, which would have the journal put into git.
            let shown = try Programs.run(
                "/usr/bin/git",
                ["-C", system.server.store(), "show", "main:default/a.vcf"]
            )

            #expect(put.status == 201)
            #expect(shown.output == card)
            #expect(try system.server.text(of: "backend-default.log").contains("reason=idle"))
            let notices = try #require(system.notices["default"])
            let place = try notices.wait(for: "STOPPING=1")
            try notices.wait(for: "STATUS=Idle; the next request starts it", after: place)
        }
    }

    @Test func `a request that takes longer than the idle time is work`() throws {
        try withActivatedServer(settings: Self.settings) { system throws in
            let connection = try HTTPConnection(port: system.server.port)
            let request = TestServer.head(
                "PUT",
                "\(StoreCheck.book)a.vcf",
                [:],
                TestCard.text("A", uid: "1"),
                TestServer.writer,
                "localhost"
            )
            try connection.send(Array(request.dropLast(10)))
            usleep(2_500_000)
            try connection.send(Array(request.suffix(10)))

            #expect(try connection.readAnswer().status == 201)
            #expect(try system.backend().starts == 1)
        }
    }

    @Test func `idle_exit is taken from a file that was read again`() throws {
        try withActivatedServer(settings: "idle_exit = \"never\"\n") { system throws in
            #expect(try system.server.request("OPTIONS", "/dav/").status == 200)
            let backend = try system.backend()
            usleep(1_500_000)
            #expect(backend.ends == [])
            let settings = try system.server.text(of: "contacts.toml")
            try system.server.write(
                settings.replacingOccurrences(of: "never", with: "1s"),
                to: "contacts.toml"
            )

            backend.signal(SIGHUP)

            try eventually { backend.ends == [0] }
        }
    }

    @Test func `a backend that made its socket itself waits for ever`() throws {
        try withServer { server throws in
            try server.write(
                Self.settings + server.text(of: "contacts.toml"),
                to: "contacts.toml"
            )
            server.stopBackend("default")
            try server.startBackend("default")
            let process = server.backendID("default")
            usleep(2_500_000)

            #expect(kill(process, 0) == 0)
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }
}
