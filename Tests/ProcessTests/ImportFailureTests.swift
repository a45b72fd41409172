import Foundation
import TestSupport
import Testing

/// What `contactsctl import --json` prints where the import does not come to be.
struct ImportFailureTests {
    private static func card(_ server: TestServer) throws -> String {
        let file = server.folder.appending(path: "ada.vcf")
        try Data(TestCard.text("Ada", uid: "1").utf8).write(to: file)
        chmod(file.path, 0o644)
        return file.path
    }

    @Test func `an import that cannot begin prints no half of a document`() throws {
        try withServer { server throws in
            let file = try Self.card(server)
            let elsewhere = ["--config", server.folder.path, "--state", server.folder.path]

            let nowhere = try server.control("import", "--json", "nosuch", "work", file)
            let inUse = try Programs.run(
                "contactsctl",
                ["import", "--json", "default", "work", file] + elsewhere
                    + ["--runtime", "/nonexistent"]
            )

            for failed in [nowhere, inUse] {
                #expect(failed.status == 1)
                #expect(failed.output == "")
            }
            #expect(nowhere.errors.contains("has no instance nosuch"))
            #expect(inUse.errors.contains("in use by process"))
        }
    }

    @Test(.enabled(if: getuid() == 0))
    func `an import that the backend refuses ends its document with the reason`() throws {
        try withServer { server throws in
            let file = try Self.card(server)
            server.stopBackend("default")
            // The gateway's user is heard, and is no operator.
            try server.startBackend("default", arguments: ["--gateway-user", "nobody"])
            chmod(server.folder.appending(path: "run/default.sock").path, 0o666)

            let refused = try server.controlAsNobody("import", "--json", "default", "work", file)

            #expect(refused.status == 1)
            let document = try JSONSerialization.jsonObject(with: Data(refused.output.utf8))
            let report = try #require(document as? [String: Any])
            #expect(report["book"] as? String == "work")
            #expect((report["cards"] as? [Any])?.count == 0)
            #expect(report["added"] as? Int == 0)
            let reason = try #require(report["error"] as? String)
            #expect(!reason.isEmpty)
            #expect(refused.errors == "contactsctl: \(reason)\n")
        }
    }

    @Test func `an import that comes to its end has no error in its document`() throws {
        try withServer { server throws in
            let done = try server.control(
                "import",
                "--json",
                "default",
                "work",
                try Self.card(server)
            )

            let document = try JSONSerialization.jsonObject(with: Data(done.output.utf8))
            #expect((document as? [String: Any])?["error"] is NSNull)
        }
    }
}
