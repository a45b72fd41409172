import Foundation
import TestSupport
import Testing

/// What can be said of the unit files without a systemd that runs them.
struct UnitFileTests {
    /// A folder with everything installed, from the programs beside the tests.
    private func withInstallation(
        prefix: String = "/usr",
        _ body: (String) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-install-\(UInt32.random(in: 0 ... .max))").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let made = try install(prefix, folder)
        try #require(made.status == 0, "\(made.output)\(made.errors)")
        try body(folder)
    }

    private func install(_ prefix: String, _ folder: String, _ more: String...) throws
        -> Programs.Result
    {
        try Programs.run(
            Machine.sources.appending(path: "systemd/install").path,
            ["--prefix", prefix, "--destdir", folder, "--bin", Programs.folder.path] + more
        )
    }

    private static let analyze = "/usr/bin/systemd-analyze"
    private static let isAnalyzable = FileManager.default.isExecutableFile(atPath: analyze)

    @Test(
        .enabled(if: isAnalyzable, "systemd-analyze is not there"),
        arguments: ["frontend-http.service", "contacts-backend@.service"]
    )
    func `systemd-analyze security counts half a point at the most`(_ unit: String) throws {
        try withInstallation { folder in
            // Tenths of the exposure level; anything above ends with an error.
            let result = try Programs.run(
                Self.analyze,
                [
                    "security", "--offline=true", "--threshold=5", "--no-pager",
                    "\(folder)/usr/lib/systemd/system/\(unit)",
                ]
            )

            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains("Overall exposure level"))
        }
    }

    @Test(arguments: ["/usr", "/usr/local", "/opt/contacts"])
    func `a prefix is where the units look for the programs`(_ prefix: String) throws {
        try withInstallation(prefix: prefix) { folder in
            let units =
                prefix == "/opt/contacts"
                ? "\(folder)/etc/systemd/system" : "\(folder)\(prefix)/lib/systemd/system"
            for unit in ["frontend-http.service", "contacts-backend@.service"] {
                let text = try String(contentsOfFile: "\(units)/\(unit)", encoding: .utf8)
                for line in text.split(separator: "\n") where line.hasPrefix("ExecStart=") {
                    let program = line.dropFirst("ExecStart=".count).prefix { $0 != " " }
                    #expect(program.hasPrefix("\(prefix)/bin/"))
                    #expect(FileManager.default.isExecutableFile(atPath: "\(folder)\(program)"))
                }
            }
        }
    }

    @Test func `what was installed is removed`() throws {
        try withInstallation { folder in
            let removed = try install("/usr", folder, "--remove")

            #expect(removed.status == 0, "\(removed.errors)")
            let left = try #require(FileManager.default.enumerator(atPath: folder))
                .compactMap { $0 as? String }
                .filter { path in
                    var isFolder: ObjCBool = false
                    return FileManager.default.fileExists(
                        atPath: "\(folder)/\(path)",
                        isDirectory: &isFolder
                    ) && !isFolder.boolValue
                }
            #expect(left.isEmpty)
        }
    }

    @Test func `the settings in examples are ones that are taken`() throws {
        try withInstallation { folder in
            let config = "\(folder)/etc/everlock-contacts"
            let examples = "\(folder)/usr/share/doc/everlock-contacts/examples"
            // What the example comments out holds the defaults.
            try FileManager.default.createDirectory(
                atPath: config,
                withIntermediateDirectories: true
            )
            let gateway = try String(contentsOfFile: "\(examples)/gateway.toml", encoding: .utf8)
                .replacing(#/(?m)^#(?! )/#, with: "")
                .replacing(#//etc/letsencrypt/[^"]+/#, with: "server.pem")
            try TestCertificate.make(["contacts.example.com"], in: URL(filePath: config))
            try gateway.write(toFile: "\(config)/gateway.toml", atomically: true, encoding: .utf8)
            try FileManager.default.copyItem(
                atPath: "\(examples)/contacts.toml",
                toPath: "\(config)/contacts.toml"
            )
            try String(contentsOfFile: "\(examples)/users.toml", encoding: .utf8)
                .replacing("$y$j9T$…", with: TestHash.cheap("x"))
                .write(toFile: "\(config)/users.toml", atomically: true, encoding: .utf8)
            chmod("\(config)/users.toml", 0o640)

            let check = try Programs.run("contactsctl", ["check", "--config", config])

            #expect(check.status == 0, "\(check.errors)")
            #expect(check.output == "2 instances and 1 user, no error\n")
            #expect(check.errors.isEmpty)
        }
    }
}
