import Foundation
import TestSupport
import Testing

/// `contactsctl` on stores whose backend runs, and on the same stores after it has ended.
struct ControlTests {
    private static func json(_ result: Programs.Result) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    }

    private static func write(_ text: String, _ name: String, _ server: TestServer) throws -> String
    {
        let url = server.folder.appending(path: name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// Runs a test twice: while the backend runs, and on the store that nobody has.
    private static func each(_ body: (TestServer) throws -> Void) throws {
        for isRunning in [true, false] {
            try withServer { server throws in
                if !isRunning { server.stopBackend("default") }
                try body(server)
                if !isRunning { try server.startBackend("default") }
            }
        }
    }

    @Test func `books are added, listed and removed whether the backend runs or not`() throws {
        try Self.each { server throws in
            let added = try server.control(
                "book",
                "add",
                "default",
                "work",
                "--display-name",
                "At \"work\""
            )
            let again = try server.control("book", "add", "default", "work")
            let listed = try Self.json(server.control("book", "list", "default", "--json"))
            let asked = try server.control("book", "remove", "default", "work")
            let removed = try server.control("book", "remove", "default", "work", "--yes")
            let after = try server.control("book", "list", "default").output

            #expect(added.status == 0)
            #expect(again.status == 1)
            #expect(again.errors == "contactsctl: there is an address book work already\n")
            let books = try #require(listed as? [[String: Any]])
            #expect(books.map { $0["name"] as? String } == ["default", "work"])
            #expect(books.map { $0["displayname"] as? String } == ["Contacts", "At \"work\""])
            #expect(books.map { $0["cards"] as? Int } == [0, 0])
            #expect(asked.status == 64)
            #expect(asked.errors.contains("--yes"))
            #expect(removed.status == 0)
            #expect(after == "default\t0 cards\tContacts\n")
        }
    }

    @Test func `a book that was removed comes back as the command says`() throws {
        try withServer { server throws in
            let cards = try Self.write(TestCard.text("Ada", uid: "1"), "ada.vcf", server)
            try server.control("import", "default", "work", cards)
            let removed = try server.control("book", "remove", "default", "work", "--yes")
            let gone = try server.request("GET", "/dav/addressbooks/default/work/ada.vcf").status

            // As a person would, for whom the last line finds the settings by itself.
            let lines = removed.output.split(separator: "\n").dropFirst()
                .map { $0.trimmingCharacters(in: .whitespaces) }
            let restored = try Programs.run(
                "/bin/sh",
                ["-ec", lines.joined(separator: "\n") + " \"$@\"", "sh"] + server.places,
                environment: ["PATH": "\(Programs.folder.path):/usr/bin:/bin"]
            )
            let back = try server.request("GET", "/dav/addressbooks/work/ada.vcf")

            #expect(gone == 404)
            #expect(removed.output.contains("mktemp -d"))
            #expect(restored.status == 0)
            #expect(restored.output == "1 added, 0 updated, 0 unchanged, 0 refused\n")
            #expect(back.status == 200)
        }
    }

    @Test func `an import stores the good cards and names the bad by file and line`() throws {
        try Self.each { server throws in
            let good = TestCard.text("Ada", uid: "1") + TestCard.text("Bo", uid: "2")
            let bad = "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"
            _ = try Self.write(good + bad, "cards/a.vcf", server)
            _ = try Self.write(TestCard.text("Cy", uid: "3"), "cards/b/c.VCF", server)
            _ = try Self.write("no card", "cards/notes.txt", server)
            let folder = server.folder.appending(path: "cards").path

            let rehearsed = try Self.json(
                server.control("import", "default", "work", folder, "--dry-run", "--json")
            )
            let listed = try server.control("book", "list", "default").output
            let done = try server.control("import", "default", "work", folder, "--verbose")
            let log = try server.git("default", "log", "--format=%an %s", "-1").output

            let report = try #require(rehearsed as? [String: Any])
            #expect(report["added"] as? Int == 3)
            #expect(report["refused"] as? Int == 1)
            #expect(report["commits"] as? Int == 0)
            #expect(report["dryRun"] as? Bool == true)
            #expect((report["cards"] as? [Any])?.count == 4)
            #expect(!listed.contains("work"))
            #expect(done.status == 1)
            #expect(done.output.contains("a.vcf:1: added ada.vcf\n"))
            #expect(done.output.hasSuffix("3 added, 0 updated, 0 unchanged, 1 refused\n"))
            #expect(done.errors.contains("cards/a.vcf:"))
            #expect(done.errors.contains("there is no property between"))
            #expect(log == "contactsctl IMPORT work, 4 cards\n")
        }
    }

    @Test(arguments: [false, true])
    func `a file or a folder without a card is named, fails the import and makes no book`(
        isJSON: Bool
    ) throws {
        try withServer { server throws in
            let text = try Self.write("Dear Ada,\n\nno card here.\n", "none/letter.vcf", server)
            let nothing = try Self.write("", "none/empty.vcf", server)
            let folder = server.folder.appending(path: "bare").path
            try FileManager.default.createDirectory(
                atPath: "\(folder)/a.vcf",
                withIntermediateDirectories: true
            )
            let good = try Self.write(TestCard.text("Ada", uid: "1"), "ada.vcf", server)
            let json = isJSON ? "--json" : "--verbose"

            let none = try server.control("import", "default", "x", text, nothing, folder, json)
            let books = try server.control("book", "list", "default").output
            let one = try server.control("import", "default", "work", text, good, nothing, json)

            #expect(none.status == 1)
            #expect(!books.contains("x\t"))
            #expect(one.status == 1)
            if isJSON {
                let report = try #require(try Self.json(none) as? [String: Any])
                let cards = try #require(report["cards"] as? [[String: Any]])
                #expect(cards.compactMap { $0["file"] as? String } == [folder, text, nothing])
                #expect(cards.allSatisfy { $0["reason"] as? String == "no card in it" })
            } else {
                #expect(
                    none.errors
                        == [folder, text, nothing]
                        .map { "contactsctl: \($0): no card in it\n" }.joined()
                )
                #expect(one.output.hasSuffix("1 added, 0 updated, 0 unchanged, 2 refused\n"))
            }
        }
    }

    @Test func `RFC 6352 §5.1: cards without a UID are new with each import, which is told`() throws
    {
        try withServer { server throws in
            let bare = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nN:;Ada;;;\r\nEND:VCARD\r\n"
            let file = try Self.write(bare + TestCard.text("Bo", uid: "2"), "two.vcf", server)

            let first = try server.control("import", "default", "default", file)
            let second = try Self.json(
                server.control("import", "default", "default", file, "--json")
            )

            #expect(
                first.output == "2 added, 0 updated, 0 unchanged, 0 refused\n"
                    + "1 added card had no UID and would be new again in another import\n"
            )
            let report = try #require(second as? [String: Any])
            #expect(report["added"] as? Int == 1)
            #expect(report["unchanged"] as? Int == 1)
            #expect(report["withoutUID"] as? Int == 1)
        }
    }

    @Test func `an import of many cards reaches a running backend in one commit`() throws {
        try withServer { server throws in
            let count = 3_000
            let text = (0..<count).map { TestCard.text("Person \($0)", uid: "u\($0)") }.joined()
            let file = try Self.write(text, "many.vcf", server)
            let before = try server.git("default", "rev-list", "--count", "HEAD").output

            let done = try server.control("import", "default", "default", file)
            let after = try server.git("default", "rev-list", "--count", "HEAD").output

            #expect(done.output == "\(count) added, 0 updated, 0 unchanged, 0 refused\n")
            #expect(
                Int(after.trimmingCharacters(in: .newlines))
                    == (Int(before.trimmingCharacters(in: .newlines)) ?? 0) + 1
            )
            let card = try server.request("GET", "/dav/addressbooks/default/person-7.vcf")
            #expect(card.status == 200)
        }
    }

    @Test func `an import of several commits tells of one while it sends the next`() throws {
        try withServer { server throws in
            // 64 MiB are a commit; what is told of its cards fills a socket.
            let note = String(repeating: "x", count: 11_000)
            let count = 6_400
            let text = (0..<count)
                .map { TestCard.text("Person \($0)", uid: "u\($0)", "NOTE:\(note)") }.joined()
            let file = try Self.write(text, "many.vcf", server)

            let done = try server.control("import", "default", "default", "--json", file)

            let report = try #require(try Self.json(done) as? [String: Any])
            #expect(done.status == 0)
            #expect(report["added"] as? Int == count)
            #expect(report["commits"] as? Int == 2)
        }
    }

    @Test func `an export gives what was stored, in a file, a folder, and other forms`() throws {
        try Self.each { server throws in
            let text = TestCard.text("Ada", uid: "1")
            let file = try Self.write(text, "ada.vcf", server)
            try server.control("import", "default", "work", file)
            let out = server.folder.appending(path: "out")

            let plain = try server.control("export", "default", "work")
            let four = try server.control("export", "default", "--version", "4.0")
            let jcard = try Self.json(server.control("export", "default", "--format", "jcard"))
            let folder = try server.control("export", "default", "--output", "\(out.path)/")
            let none = try server.control("export", "default", "nothing")

            #expect(plain.output == text)
            #expect(four.output.contains("VERSION:4.0\r\n"))
            #expect((jcard as? [Any])?.count == 1)
            #expect(folder.status == 0)
            let stored = try String(
                contentsOf: out.appending(path: "work/ada.vcf"),
                encoding: .utf8
            )
            #expect(stored == text)
            #expect(none.status == 1)
            #expect(none.errors == "contactsctl: there is no address book nothing\n")
        }
    }

    @Test func `a card of no known version is exported as it is, or left out of jCard, and named`()
        throws
    {
        try withServer { server throws in
            let text = "BEGIN:VCARD\r\nVERSION:9.0\r\nUID:9\r\nFN:Nina\r\nEND:VCARD\r\n"
            try server.control("import", "default", "work", Self.write(text, "n.vcf", server))

            let three = try server.control("export", "default", "work", "--version", "3.0")
            let jcard = try server.control("export", "default", "work", "--format", "jcard")

            let told = "contactsctl: work/nina.vcf cannot be converted, and is"
            let reason = "its VERSION is none of 2.1, 3.0 and 4.0\n"
            #expect(three.status == 1)
            #expect(three.output == text)
            #expect(three.errors == "\(told) written as it is: \(reason)")
            #expect(jcard.status == 1)
            #expect(jcard.output == "[]\n")
            #expect(jcard.errors == "\(told) left out: \(reason)")
        }
    }

    @Test func `a check of a running store finds nothing, and what somebody has pushed`() throws {
        try withServer { server throws in
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            let sound = try server.control("verify", "default")
            try Self.push("default/b.vcf", "no card", server)
            _ = try server.request(
                "PUT",
                "/dav/addressbooks/default/c.vcf",
                body: TestCard.text("C", uid: "3")
            )

            let found = try server.control("verify", "default", "--json")

            #expect(sound.status == 0)
            #expect(sound.output.hasSuffix(" 1 card, 0 problems\n"))
            #expect(found.status == 1)
            let report = try #require(try Self.json(found) as? [String: Any])
            let problems = try #require(report["problems"] as? [String])
            #expect(problems.count == 1)
            #expect(problems.first?.hasPrefix("default/b.vcf: no client sees it") == true)
            #expect(report["cards"] as? Int == 2)
        }
    }

    @Test func `the status of an instance tells of a backend that runs, and starts none`() throws {
        try withServer { server throws in
            let running = try Self.json(server.control("status", "--json"))
            server.stopBackend("default")
            let stopped = try Self.json(server.control("instance", "status", "--json"))
            let text = try server.control("status")
            try server.startBackend("default")

            let page = try #require(running as? [String: Any])
            let first = try #require((page["instances"] as? [[String: Any]])?.first)
            #expect(first["state"] as? String == "running")
            #expect(first["pid"] as? Int != nil)
            #expect(first["books"] as? Int == 1)
            let second = try #require((stopped as? [[String: Any]])?.first)
            #expect(second["state"] as? String == "stopped")
            #expect(second["books"] is NSNull)
            #expect(text.output.contains("default: stopped\n"))
        }
    }

    @Test func `a backend asked from a link in the state folder is found without an option`() throws
    {
        try withServer { server throws in
            try FileManager.default.createSymbolicLink(
                at: server.folder.appending(path: ".runtime"),
                withDestinationURL: server.folder.appending(path: "run")
            )

            let done = try Programs.run(
                "contactsctl",
                [
                    "checkpoint", "default", "--config", server.folder.path, "--state",
                    server.folder.path,
                ]
            )

            #expect(done.status == 0)
        }
    }

    @Test func `an instance that is added is served after a reload, and its data outlives it`()
        throws
    {
        try withServer { server throws in
            try server.control("instance", "add", "extra", "--vhost", "extra.example")
            try server.control("book", "add", "extra", "default")
            let twice = try server.control("instance", "add", "extra", "--vhost", "x.example")
            let taken = try server.control("instance", "add", "other", "--vhost", "extra.example")
            try server.startBackend("extra")
            let before = try server.text(of: "contacts.toml")
            let removedWhileItRuns = try server.control(
                "instance",
                "remove",
                "extra",
                "--delete-data",
                "--yes"
            )
            let after = try server.text(of: "contacts.toml")
            server.stopBackend("extra")
            let removed = try server.control(
                "instance",
                "remove",
                "extra",
                "--delete-data",
                "--yes"
            )
            let stranger = try server.control(
                "instance",
                "add",
                "extra",
                "--vhost",
                "e.example",
                "--store",
                "run"
            )
            let refused = try server.control(
                "instance",
                "remove",
                "extra",
                "--delete-data",
                "--yes"
            )

            #expect(twice.status == 1)
            #expect(taken.status == 78)
            #expect(removedWhileItRuns.status == 1)
            #expect(removedWhileItRuns.errors.contains("in use by process"))
            #expect(removedWhileItRuns.output == "")
            #expect(after == before)
            #expect(removed.status == 0)
            let store = server.folder.appending(path: "extra").path
            #expect(!FileManager.default.fileExists(atPath: store))
            #expect(stranger.status == 0)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("is no store of an instance"))
            #expect(
                FileManager.default.fileExists(atPath: server.folder.appending(path: "run").path)
            )
            try server.control("instance", "remove", "extra")
        }
    }

    @Test func `a check names every error of every file, and its exit status is 78`() throws {
        try withServer { server throws in
            try server.write(
                try server.text(of: "users.toml")
                    + "[users.bob]\npassword = \"plain\"\n[users.bob.access]\n"
                    + "\"http/contacts/nowhere\" = \"writer\"\n\"http/contacts\" = \"boss\"\n",
                to: "users.toml"
            )
            try server.write("[times]\nstall = \"long\"\nwhat = 1\n", to: "gateway.toml")
            chmod(server.folder.appending(path: "users.toml").path, 0o644)

            let check = try server.control("check", "--json")

            #expect(check.status == 78)
            let report = try #require(try Self.json(check) as? [String: Any])
            let findings = try #require(report["findings"] as? [[String: Any]])
            let errors = findings.filter { $0["severity"] as? String == "error" }
            let problems = errors.compactMap { $0["problem"] as? String }.joined(separator: "\n")
            for problem in [
                "is no hash that is accepted", "is no role", "must be a time", "is not a known key",
            ] { #expect(problems.contains(problem)) }
            #expect(report["errors"] as? Int == errors.count)
            let warnings = findings.filter { $0["severity"] as? String == "warning" }
            #expect(
                warnings.contains {
                    ($0["problem"] as? String)?.contains("read the password hashes") == true
                }
            )
        }
    }

    private static func push(_ path: String, _ text: String, _ server: TestServer) throws {
        let clone = server.folder.appending(path: "clone").path
        let git = ["-c", "user.name=Pat", "-c", "user.email=pat@example.com", "-C", clone]
        try server.control("checkpoint", "default")
        try Programs.run("/usr/bin/git", ["clone", "-q", server.store(), clone])
        try Data(text.utf8).write(to: URL(filePath: "\(clone)/\(path)"))
        try Programs.run("/usr/bin/git", git + ["add", "."])
        try Programs.run("/usr/bin/git", git + ["commit", "-qm", "By hand"])
        try Programs.run("/usr/bin/git", git + ["push", "-q"])
    }
}
