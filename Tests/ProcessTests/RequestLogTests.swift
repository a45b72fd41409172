import Foundation
import TestSupport
import Testing

/// What both services say of one request: each pair below is a field of the journal where systemd
/// has started them.
struct RequestLogTests {
    private static let book = "/dav/addressbooks/default/"

    /// The pairs of a request's line, by their keys.
    private static func entry(_ server: TestServer, _ log: String) throws -> [String: String] {
        var entry: [String: String] = [:]
        try eventually {
            let lines = try server.text(of: log).split(separator: "\n")
            guard let line = lines.last(where: { $0.contains(": request ") }) else { return false }
            for word in line.split(separator: " ") {
                guard let equals = word.firstIndex(of: "=") else { continue }
                entry[String(word[..<equals])] = String(word[word.index(after: equals)...])
            }
            return true
        }
        return entry
    }

    @Test func `a request has the same id, user, method, instance and status in both logs`() throws
    {
        try withServer { server throws in
            let environment = ["EVERLOCK_LOG": "debug"]
            server.stopBackend("default")
            try server.startBackend("default", environment: environment)
            let card = TestCard.text("A", uid: "1")
            _ = try server.request("PUT", "\(Self.book)a.vcf", body: card)

            let gateway = try Self.entry(server, "gateway.log")
            let backend = try Self.entry(server, "backend-default.log")

            #expect(gateway["request_id"]?.count == 16)
            for key in ["request_id", "user", "method", "instance", "path", "status", "client"] {
                #expect(gateway[key] != nil, "\(key)")
                #expect(gateway[key] == backend[key], "\(key)")
            }
            #expect(backend["user"] == "alice")
            #expect(backend["method"] == "PUT")
            #expect(backend["status"] == "201")
            #expect(backend["cut_off"] == "false")
            for entry in [gateway, backend] {
                #expect(entry["microseconds"].flatMap { Int($0) } ?? 0 > 0)
            }
        }
    }

    @Test func `at the usual level the backend leaves the line to the gateway`() throws {
        try withServer { server throws in
            _ = try server.request("GET", "\(Self.book)missing.vcf")
            _ = try Self.entry(server, "gateway.log")

            #expect(try !server.text(of: "backend-default.log").contains(": request "))
        }
    }
}
