import Foundation
import TestSupport
import Testing

/// What the services say to whoever manages them (sd_notify(3)).
struct ManagerTests {
    private static let book = "/dav/addressbooks/default/"

    private static func withNotices(
        _ body: (TestServer, _ backend: NotifySocket, _ gateway: NotifySocket) throws -> Void
    ) throws {
        try withServer { server throws in
            let backend = try NotifySocket(in: server.folder)
            let gateway = try NotifySocket(in: server.folder)
            defer {
                backend.close()
                gateway.close()
            }
            server.stopBackend("default")
            server.stopGateway()
            try server.startBackend("default", environment: backend.environment())
            try server.startGateway(environment: gateway.environment())
            try backend.wait(for: "READY=1")
            try gateway.wait(for: "READY=1")
            try body(server, backend, gateway)
        }
    }

    @Test func `the status of a backend tells books, cards, requests and the last commit`() throws {
        try Self.withNotices { server, notices, _ throws in
            for name in ["a", "b"] {
                let card = TestCard.text(name, uid: name)
                _ = try server.request("PUT", "\(Self.book)\(name).vcf", body: card)
            }
            try eventually { notices.status?.contains("2 cards, 2 requests") == true }
            let head = try server.git("default", "rev-parse", "--short=7", "HEAD").output
            let status = try #require(notices.status)

            #expect(
                status.hasPrefix(
                    "Serving: 1 book, 2 cards, 2 requests, last commit \(head.prefix(7)) at 2"
                )
            )
            #expect(status.hasSuffix("Z"))
        }
    }

    @Test func `a status is told once for many requests, and not at all where nothing happens`()
        throws
    {
        try Self.withNotices { server, backend, gateway throws in
            let heard = (backend.messages.count, gateway.messages.count)
            usleep(300_000)
            #expect((backend.messages.count, gateway.messages.count) == heard)
            for _ in 0..<30 { _ = try server.request("OPTIONS", "/dav/") }

            usleep(1_000_000)

            #expect(backend.messages.count - heard.0 <= 1)
            #expect(gateway.messages.count - heard.1 <= 1)
            try eventually { backend.status?.contains("30 requests") == true }
            try eventually { gateway.status?.contains("30 requests") == true }
            #expect(backend.messages.count - heard.0 <= 2)
            #expect(gateway.messages.count - heard.1 <= 2)
        }
    }

    @Test
    func `the status of the gateway tells where it listens, connections, requests and refusals`()
        throws
    {
        try Self.withNotices { server, _, notices throws in
            let connection = try HTTPConnection(port: server.port)
            try connection.send(
                TestServer.head("OPTIONS", "/dav/", [:], nil, TestServer.writer, "localhost")
            )
            _ = try connection.readAnswer()
            // A password that is asked for is no refusal.
            _ = try server.request("GET", Self.book, user: nil)
            _ = try server.request("GET", "/elsewhere/../")

            try eventually {
                notices.status?.hasSuffix("1 connection, 3 requests, 1 refused") == true
            }
            #expect(notices.status?.contains("127.0.0.1") == true)
            #expect(notices.status?.contains("\(server.port)") == true)
        }
    }

    @Test func `sd_notify(3): a reload of the backend is told from its beginning to its end`()
        throws
    {
        try Self.withNotices { server, notices, _ throws in
            let place = notices.messages.count
            server.signalBackend("default", SIGHUP)

            let reloading = try notices.wait(for: "RELOADING=1\nMONOTONIC_USEC=", after: place)
            let ready = try notices.wait(for: "READY=1\nSTATUS=Serving:", after: place)
            #expect(ready > reloading)
            #expect(notices.status?.contains("not read again") == false)
        }
    }

    @Test(arguments: [
        ("idle_exit = \"soon\"\n", "idle_exit: must be a time from 1s to 30d, or never"),
        ("[instances.other]\nvhosts = [\"a\"]\n", "has no instance default"),
        ("[instances.default]\nstore = \"x\"\nvhosts = [\"*\"]\n", "is another store now"),
    ])
    func `a backend keeps its settings where the new ones are wrong, and its status says so`(
        _ settings: String,
        _ problem: String
    ) throws {
        try Self.withNotices { server, notices, _ throws in
            let good = try server.text(of: "contacts.toml")
            let bad = settings.hasPrefix("idle") ? settings + good : settings
            var place = notices.messages.count
            try server.write(bad, to: "contacts.toml")
            server.signalBackend("default", SIGHUP)
            place = try notices.wait(for: "READY=1", after: place)
            #expect(notices.status?.contains(problem) == true)
            #expect(try server.text(of: "backend-default.log").contains("not read again"))
            #expect(try server.request("OPTIONS", "/dav/").status == 200)

            try server.write(good, to: "contacts.toml")
            server.signalBackend("default", SIGHUP)
            try notices.wait(for: "READY=1", after: place)
            #expect(notices.status?.contains("not read again") == false)
        }
    }

    @Test(arguments: ["contacts.toml", "users.toml"])
    func `a gateway keeps its settings where the new ones are wrong, and its status says so`(
        _ file: String
    ) throws {
        try Self.withNotices { server, _, notices throws in
            let good = try server.text(of: file)
            var place = notices.messages.count
            try server.write("wrong = 1\n", to: file)
            server.signalGateway(SIGHUP)
            let reloading = try notices.wait(for: "RELOADING=1\nMONOTONIC_USEC=", after: place)
            place = try notices.wait(for: "READY=1", after: place)
            #expect(place > reloading)
            #expect(notices.status?.contains("wrong: is not a known key") == true)
            #expect(try server.request("OPTIONS", "/dav/").status == 200)

            try server.write(good, to: file)
            server.signalGateway(SIGHUP)
            try notices.wait(for: "READY=1", after: place)
            #expect(notices.status?.contains("wrong") == false)
        }
    }

    @Test
    func `both say that they stop before they wait for what is under way, and that they have`()
        throws
    {
        try Self.withNotices { server, backend, gateway throws in
            #expect(server.stopBackend("default") == 0)
            #expect(server.stopGateway() == 0)

            for notices in [backend, gateway] {
                let place = try notices.wait(for: "STOPPING=1\nSTATUS=Stopping")
                try notices.wait(for: "STATUS=Stopped", after: place)
                #expect(notices.status == "Stopped")
            }
        }
    }
}
