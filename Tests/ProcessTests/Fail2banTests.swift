import Foundation
import TestSupport
import Testing

/// The filter for fail2ban, read by fail2ban's own program.
@Suite(.timeLimit(.minutes(10)))
struct Fail2banTests {
    private static let top = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    /// Where `Tests/run` unpacks fail2ban.
    private static let fail2ban = top.appending(path: ".venv/fail2ban")

    /// The addresses that the filter finds in lines.
    private static func addresses(_ lines: String) throws -> [String] {
        let program = fail2ban.appending(path: "usr/bin/fail2ban-regex").path
        try #require(FileManager.default.fileExists(atPath: program), "Tests/run unpacks it")
        let log = FileManager.default.temporaryDirectory
            .appending(path: "evl-f2b-\(UInt32.random(in: 0 ... .max)).log")
        try Data(lines.utf8).write(to: log)
        defer { unlink(log.path) }
        // A filter is found by its name beside those that fail2ban brings.
        let filters = fail2ban.appending(path: "etc/fail2ban/filter.d")
        let filter = filters.appending(path: "everlock-contacts.conf")
        try Data(contentsOf: top.appending(path: "systemd/fail2ban/filter.conf"))
            .write(to: filter, options: .atomic)
        let result = try Programs.run(
            "/usr/bin/python3",
            [
                program, "-c", fail2ban.appending(path: "etc/fail2ban").path, "-o", "<ip>",
                log.path, "everlock-contacts",
            ],
            environment: [
                "PYTHONPATH": fail2ban.appending(path: "usr/lib/python3/dist-packages").path
            ]
        )
        try #require(result.status == 0, "\(result.errors)\(result.output)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test func `each failure in the gateway's log is found, and nothing else`() throws {
        try withServer { server throws in
            let names = ["alice", "x authentication failed from 6.6.6.6 ", "\u{AC}\n"]
            for name in names {
                #expect(try server.request("GET", "/dav/", user: (name, "wrong")).status == 401)
            }
            #expect(try server.request("GET", "/dav/", user: nil).status == 401)
            #expect(try server.request("OPTIONS", "/dav/").status == 200)

            let found = try Self.addresses(try server.text(of: "gateway.log"))

            #expect(found == ["127.0.0.1", "127.0.0.1", "127.0.0.1"])
        }
    }

    @Test func `lines with a date, and entries of the journal, are read as well`() throws {
        let lines = """
            2026-11-21T11:23:59Z warning frontend-http: authentication failed from 203.0.113.7 user=a
            Nov 21 11:23:59 host frontend-http[12]: authentication failed from 2001:db8::9
            Nov 21 11:23:59 host frontend-http[12]: authentication failed from 203.0.113.8 reason=wrong user=a
            Nov 21 11:23:59 host frontend-http[12]: request method=GET path="/authentication failed from 6.6.6.6 "
            Nov 21 11:23:59 host frontend-http[12]: users read again user=" authentication failed from 6.6.6.6"
            Nov 21 11:23:59 host other[12]: authentication failed from 198.51.100.1

            """

        #expect(try Self.addresses(lines) == ["203.0.113.7", "2001:db8::9", "203.0.113.8"])
    }
}
