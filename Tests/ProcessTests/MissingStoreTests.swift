import Foundation
import TestSupport
import Testing

/// An instance whose store is not there yet.
struct MissingStoreTests {
    /// A system with an instance more, which nothing was ever done to, and the place of its store.
    private static func withExtra(_ body: (TestServer, String) throws -> Void) throws {
        try withServer { server throws in
            try server.control("instance", "add", "extra", "--vhost", "extra.example")
            try body(server, server.folder.appending(path: "extra").path)
        }
    }

    @Test(
        arguments: [
            (["book", "list", "extra"], 0, ""), (["book", "list", "extra", "--json"], 0, "[]\n"),
            (["verify", "extra"], 0, "0 commits, 0 objects, 0 cards, 0 problems\n"),
            (["export", "extra"], 0, ""),
            (["export", "extra", "--format", "jcard"], 0, "[]\n"),
            (["export", "extra", "default"], 1, ""),
            (["book", "remove", "extra", "default", "--yes"], 1, ""),
        ] as [([String], Int32, String)]
    )
    func `what reads a store makes none, and says that there is none yet`(
        words: [String],
        status: Int32,
        output: String
    ) throws {
        try Self.withExtra { server, store throws in
            let answer = try Programs.run("contactsctl", words + server.places)

            #expect(answer.status == status)
            #expect(answer.output == output)
            #expect(answer.errors.hasPrefix("contactsctl: extra has no store yet"))
            #expect(!FileManager.default.fileExists(atPath: store))
        }
    }

    @Test func `a rehearsed import makes no store, and tells what would become of each card`()
        throws
    {
        try Self.withExtra { server, store throws in
            let file = server.folder.appending(path: "two.vcf")
            let text = TestCard.text("Ada", uid: "1") + TestCard.text("Ada", uid: "2")
            try Data(text.utf8).write(to: file)

            let told = try server.control(
                "import",
                "extra",
                "work",
                file.path,
                "--dry-run",
                "--verbose"
            )

            #expect(told.status == 0)
            #expect(told.output.contains(": added ada.vcf\n"))
            #expect(told.output.contains(": added ada-2.vcf\n"))
            #expect(told.output.hasSuffix("2 added, 0 updated, 0 unchanged, 0 refused\n"))
            #expect(!FileManager.default.fileExists(atPath: store))
        }
    }

    @Test func `what writes makes the store`() throws {
        try Self.withExtra { server, store throws in
            let added = try server.control("book", "add", "extra", "default")
            let listed = try server.control("book", "list", "extra")

            #expect(added.status == 0)
            #expect(added.errors == "")
            #expect(listed.output.hasPrefix("default\t0 cards"))
            #expect(FileManager.default.fileExists(atPath: "\(store)/HEAD"))
        }
    }

    @Test(.enabled(if: getuid() == 0))
    func `a store that root makes in another's folder is that one's`() throws {
        try Self.withExtra { server, store throws in
            #expect(chown(server.folder.path, 65_534, 65_534) == 0)

            let added = try server.control("book", "add", "extra", "default")
            let strange = try Programs.run("/usr/bin/find", [store, "!", "-uid", "65534"])

            #expect(added.status == 0)
            #expect(strange.output == "")
            #expect(strange.errors == "")
        }
    }
}
