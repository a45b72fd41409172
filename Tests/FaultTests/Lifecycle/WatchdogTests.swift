import Foundation
import TestSupport
import Testing

/// Signs of life: a service that works, or waits for work, gives them; one of whose threads is stuck
/// does not.
@Suite(.serialized)
struct WatchdogTests {
    private static let interval = Duration.milliseconds(400)
    private static let sign = "WATCHDOG=1"

    /// How often a sign came within two intervals from now on.
    private static func signs(_ notices: NotifySocket) -> Int {
        let start = ContinuousClock.now
        usleep(800_000)
        return notices.count(of: sign, since: start)
    }

    /// Has a backend run with a disk that the test can hold.
    private static func withBackend(
        _ body: (TestServer, NotifySocket, FaultSwitches) throws -> Void
    ) throws {
        try withServer { server throws in
            let notices = try NotifySocket(in: server.folder)
            defer { notices.close() }
            let switches = try FaultSwitches(in: server)
            server.stopBackend("default")
            let environment = Recording.environment(of: server, switches: switches)
                .merging(notices.environment(watchdog: interval)) { $1 }
            try server.startBackend("default", environment: environment)
            try notices.wait(for: "READY=1")
            try body(server, notices, switches)
        }
    }

    @Test func `an idle backend gives a sign of life twice in an interval, and no more`() throws {
        try Self.withBackend { _, notices, _ throws in
            let signs = Self.signs(notices)

            #expect((2...5).contains(signs))
        }
    }

    @Test func `a writer whose flush does not return ends the signs of life until it does`() throws
    {
        try Self.withBackend { server, notices, switches throws in
            switches.hold(.data)
            let connection = try HTTPConnection(port: server.port)
            try connection.send(
                TestServer.head(
                    "PUT",
                    "\(StoreCheck.book)a.vcf",
                    [:],
                    TestCard.text("A", uid: "1"),
                    TestServer.writer,
                    "localhost"
                )
            )
            try notices.wait(for: "STATUS=Stuck: writer")
            #expect(Self.signs(notices) == 0)
            // Whoever only reads waits for nobody.
            #expect(try server.request("GET", "\(StoreCheck.book)b.vcf").status == 404)
            switches.hold(.none)
            #expect(try connection.readAnswer().status == 201)
            #expect(Self.signs(notices) >= 2)
            try eventually { notices.status?.hasPrefix("Serving:") == true }
            #expect(try server.text(of: "backend-default.log").contains("stuck=writer"))
        }
    }

    @Test func `a checkpoint whose flush does not return ends the signs of life until it does`()
        throws
    {
        try Self.withBackend { server, notices, switches throws in
            switches.hold(.all)
            let card = TestCard.text("A", uid: "1")
            #expect(try server.request("PUT", "\(StoreCheck.book)a.vcf", body: card).status == 201)

            try notices.wait(for: "STATUS=Stuck: checkpointer")
            #expect(Self.signs(notices) == 0)
            switches.hold(.none)
            try eventually { Self.signs(notices) >= 2 }
        }
    }

    @Test func `an accepting thread that stands still ends the signs of life until it goes on`()
        throws
    {
        try Self.withBackend { server, notices, _ throws in
            let process = server.backendID("default")
            let thread = try StoppedThread(process, of: process)

            #expect(Self.signs(notices) == 0)
            thread.resume()
            #expect(Self.signs(notices) >= 2)
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }

    @Test func `an event loop that stands still ends the signs of life until it goes on`() throws {
        try withServer { server throws in
            let notices = try NotifySocket(in: server.folder)
            defer { notices.close() }
            server.stopGateway()
            try server.startGateway(environment: notices.environment(watchdog: Self.interval))
            try notices.wait(for: "READY=1")
            #expect((2...5).contains(Self.signs(notices)))
            let threads = try StoppedThread.threads(of: server.gatewayID)
            let loops = threads.filter { $0.name.hasPrefix("NIO-ELT") }
            #expect(loops.count > 1)

            for (number, loop) in loops.enumerated() {
                let heard = notices.messages.count
                let thread = try StoppedThread(loop.id, of: server.gatewayID)
                try notices.wait(for: "STATUS=Stuck: event-loop-", after: heard)
                #expect(Self.signs(notices) == 0, "loop \(number)")
                thread.resume()
                #expect(Self.signs(notices) >= 2, "loop \(number)")
            }
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }
}
