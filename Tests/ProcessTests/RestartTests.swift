import Foundation
import TestSupport
import Testing

struct RestartTests {
    private static let book = "/dav/addressbooks/default/"

    @Test func `a backend that restarts under a running gateway fails no request`() throws {
        try withServer { server throws in
            for number in 0..<5 {
                let put = try server.request(
                    "PUT",
                    "\(Self.book)\(number).vcf",
                    body: TestCard.text("A", uid: "\(number)")
                )
                #expect(put.status == 201)
                #expect(server.stopBackend("default") == 0)
                try server.startBackend("default")
            }
            #expect(try server.propfind(Self.book, depth: "1", "<D:getetag/>").responses.count == 6)
        }
    }

    @Test func `what was acknowledged before a kill is there after it`() throws {
        try withServer { server throws in
            for number in 0..<5 {
                let put = try server.request(
                    "PUT",
                    "\(Self.book)\(number).vcf",
                    body: TestCard.text("A", uid: "\(number)")
                )
                #expect(put.status == 201)
                server.stopBackend("default", SIGKILL)
                try server.startBackend("default")
                #expect(try server.request("GET", "\(Self.book)\(number).vcf").status == 200)
            }
        }
    }

    @Test func `a request for a backend that is not there waits, and is told 503 in the end`()
        throws
    {
        try withServer { server throws in
            server.stopBackend("default")

            let answer = try server.request("OPTIONS", "/dav/")

            #expect(answer.status == 503)
            #expect(answer["retry-after"] == "2")
            try server.startBackend("default")
            #expect(try server.request("OPTIONS", "/dav/").status == 200)
        }
    }

    @Test func `SIGTERM has the gateway answer the request under way, and end with 0`() throws {
        try withServer { server throws in
            let connection = try HTTPConnection(port: server.port)
            let card = TestCard.text("A", uid: "1")
            let request = TestServer.head(
                "PUT",
                "\(Self.book)a.vcf",
                [:],
                card,
                TestServer.writer,
                "localhost"
            )
            try connection.send(Array(request.dropLast(10)))
            usleep(200_000)
            server.signalGateway(SIGTERM)
            usleep(200_000)
            try connection.send(Array(request.suffix(10)))

            #expect(try connection.readAnswer().status == 201)
            #expect(server.stopGateway() == 0)
        }
    }

    @Test func `SIGTERM has the backend answer the request under way, and end with 0`() throws {
        try withServer { server throws in
            let connection = try HTTPConnection(port: server.port)
            let card = TestCard.text("A", uid: "1")
            let request = TestServer.head(
                "PUT",
                "\(Self.book)a.vcf",
                [:],
                card,
                TestServer.writer,
                "localhost"
            )
            try connection.send(Array(request.dropLast(10)))
            usleep(200_000)
            server.signalBackend("default", SIGTERM)
            usleep(200_000)
            try connection.send(Array(request.suffix(10)))

            #expect(try connection.readAnswer().status == 201)
            #expect(server.stopBackend("default") == 0)
        }
    }

    @Test func `a second backend on the same store refuses to start and says who has it`() throws {
        try withServer { server throws in
            let second = try Programs.run(
                "contacts-backend",
                [
                    "--config", server.folder.path, "--state", server.folder.path, "--runtime",
                    server.folder.path, "default",
                ]
            )

            #expect(second.status == 1)
            #expect(second.errors.contains("process \(server.backendID("default"))"))
        }
    }
}
