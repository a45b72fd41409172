import Foundation
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// Certificates by the hosts that they name, and by the time that they have left.
@Suite(.timeLimit(.minutes(10)))
struct CertificateStoreTests {
    private static func withStore(
        _ hosts: [[String]],
        days: Int = 100,
        _ body: (CertificateStore, RecordingLog, URL) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-tls-\(UInt32.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var text = ""
        for (index, names) in hosts.enumerated() {
            try TestCertificate.make(names, as: "c\(index)", in: folder, days: days)
            text += TestCertificate.settings("c\(index)")
        }
        let log = RecordingLog()
        let store = CertificateStore(folder: folder.path, log: log.logger, credentials: nil)
        let settings = try GatewaySettings(bytes: Array(text.utf8), file: "gateway.toml")
        var problems: [SettingsError] = []
        store.serve(store.read(settings, file: "gateway.toml", &problems))
        try #require(problems.isEmpty)
        try body(store, log, folder)
        try FileManager.default.removeItem(at: folder)
    }

    private static let day = 86_400
    private static var now: Int { Int(Date().timeIntervalSince1970) }

    @Test func `hosts are covered by name, or by a star for their first label`() throws {
        try Self.withStore([["a.example"], ["*.example.com", "example.com"]]) {
            store,
            _,
            _ throws in
            for host in ["a.example", "A.Example", "example.com", "x.example.com"] {
                #expect(store.covers(host), "\(host)")
            }
            for host in ["b.example", "x.y.example.com", "com", "", ".example.com.", "*"] {
                #expect(!store.covers(host), "\(host)")
            }
            #expect(store.warnings(hosts: ["*", "a.example", "b.example"]).bareHosts.count == 1)
        }
    }

    @Test func `an end that comes near is warned of once a day, one that has come is an error`()
        throws
    {
        try Self.withStore([["a.example"]]) { store, log, _ throws in
            for day in [0, 80] { store.look(now: Self.now + day * Self.day) }
            #expect(log.entries.isEmpty)

            for hour in [0, 1, 23, 25] { store.look(now: Self.now + 90 * Self.day + hour * 3_600) }
            #expect(log.entries.count == 2)
            #expect(log.entries.allSatisfy { $0.hasPrefix("warning a certificate ends soon") })

            store.look(now: Self.now + 101 * Self.day)
            #expect(
                log.entries.last?.hasPrefix("error a certificate is not valid any more") == true
            )
            #expect(store.warnings(hosts: [], now: Self.now + 101 * Self.day).invalid.count == 1)
            #expect(store.warnings(hosts: [], now: Self.now).invalid.isEmpty)
        }
    }

    @Test func `one with a short life is warned of in the last quarter of it`() throws {
        try Self.withStore([["a.example"]], days: 8) { store, log, _ throws in
            store.look(now: Self.now + 5 * Self.day)
            #expect(log.entries.isEmpty)
            store.look(now: Self.now + 7 * Self.day)
            #expect(log.entries.count == 1)
        }
    }

    @Test func `a bad file is told of once, and the next good one is taken`() throws {
        try Self.withStore([["a.example"]]) { store, log, folder throws in
            try Data("x".utf8).write(to: folder.appending(path: "c0.key"))
            for _ in 0..<3 { store.look() }
            #expect(log.entries.count == 1)
            #expect(log.entries.first?.contains("the old one stays") == true)
            #expect(store.covers("a.example"))

            try TestCertificate.make(["b.example"], as: "c0", in: folder)
            store.look()
            #expect(log.entries.last?.contains("certificate read again") == true)
            #expect(store.covers("b.example"))
            #expect(!store.covers("a.example"))
        }
    }

    @Test func `a credential without a folder of them is a mistake with a remedy`() throws {
        let text = "[[certificate]]\nchain = \"credential:a\"\nkey = \"credential:b\"\n"
        let settings = try GatewaySettings(bytes: Array(text.utf8), file: "gateway.toml")
        let store = CertificateStore(
            folder: "/nowhere",
            log: RecordingLog().logger,
            credentials: nil
        )
        var problems: [SettingsError] = []
        _ = store.read(settings, file: "gateway.toml", &problems)

        #expect(problems.count == 1)
        #expect(problems.first?.description.contains("LoadCredential=") == true)
    }
}
