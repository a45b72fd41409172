import Foundation
import TestSupport
import Testing

struct VersionTests {
    /// The version that the package's changelog begins with, without Debian's revision (deb-changelog(5)).
    private static func changelogVersion() throws -> String {
        let top = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let changelog = try String(
            contentsOf: top.appending(path: "systemd/debian/changelog"),
            encoding: .utf8
        )
        let head = try #require(changelog.firstMatch(of: /^[a-z-]+ \(([^)]+)\)/))
        let version = String(head.1)
        return version.lastIndex(of: "-").map { String(version[..<$0]) } ?? version
    }

    @Test(arguments: ["contactsctl", "frontend-http", "contacts-backend"])
    func `each program tells the version that the package has`(program: String) throws {
        let told = try Programs.run(program, ["--version"])

        #expect(told.status == 0)
        #expect(told.output == "\(try Self.changelogVersion())\n")
    }
}
