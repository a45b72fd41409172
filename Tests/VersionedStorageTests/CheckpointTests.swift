import Foundation
import Testing

@testable import VersionedStorage

/// What git sees, and what an operator may do with git meanwhile.
struct CheckpointTests {
    private static func packs(_ path: String, _ ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/objects/pack")
            .filter { $0.hasSuffix(ending) }
    }

    @Test func `edits over many checkpoints and starts are one pack that git can read`() throws {
        try withFolder { path throws in
            var store = try Store(path: path)
            _ = try store.commit { transaction in
                for number in 0..<400 {
                    try transaction.write(
                        Array("start \(number)".utf8),
                        to: "card-\(number).vcf",
                        in: "book",
                        key: 0
                    )
                }
                transaction.describe(message)
            }
            var generator = SystemRandomNumberGenerator()
            for round in 0..<30 {
                for _ in 0..<Int.random(in: 1...20, using: &generator) {
                    let number = Int.random(in: 0..<450, using: &generator)
                    if number % 9 == 0 {
                        try store.remove("card-\(number).vcf")
                    } else {
                        try store.put("\(round) \(number)", as: "card-\(number).vcf")
                    }
                }
                try store.put("\(round) last", as: "card-1.vcf")
                try store.checkpoint()
                if round % 5 == 4 {
                    store.close()
                    store = try Store(path: path)
                }
            }
            store.close()

            #expect(try fsck(path) == "")
            // The newest, and the one before it until the next checkpoint.
            #expect(try Self.packs(path, ".pack").count <= 2)
            #expect(try Self.packs(path, ".keep").count <= 2)
            #expect(try git(path, "log", "-p", "--format=%H", "main").contains("+29 last"))
            #expect(try git(path, "count-objects", "-v").contains("count: 0\n"))
        }
    }

    @Test func `a store holds no disk for packs that it has replaced`() throws {
        try withStore { store, path throws in
            for round in 0..<40 {
                try store.put("\(round)", as: "card.vcf")
                try store.checkpoint()
            }

            let gone = try Self.openFiles(path).filter { $0.hasSuffix(" (deleted)") }
            #expect(Set(gone).count <= 2, "\(gone)")
        }
    }

    /// The files of a store that this process has open or mapped.
    private static func openFiles(_ path: String) throws -> [String] {
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        let mapped = maps.split(separator: "\n").compactMap { line in
            line.firstRange(of: path).map { String(line[$0.lowerBound...]) }
        }
        let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
            .compactMap { descriptor in
                // Other tests close theirs meanwhile.
                try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "/proc/self/fd/\(descriptor)"
                )
            }
        return mapped + open.filter { $0.hasPrefix(path) }
    }

    @Test func `git gc while the store is in use takes nothing away`() throws {
        try withStore { store, path throws in
            for number in 0..<50 { try store.put("\(number)", as: "\(number % 10).vcf") }
            try store.checkpoint()
            let tokens = [store.snapshot.commit]
            for round in 0..<4 {
                _ = try git(path, "gc", "--prune=now", "--quiet")
                for number in 0..<20 { try store.put("\(round) \(number)", as: "\(number).vcf") }
                if round % 2 == 0 { try store.checkpoint() }
            }
            _ = try git(path, "repack", "-a", "-d", "--quiet")
            _ = try git(path, "pack-refs", "--all")

            #expect(try store.contents.count == 20)
            let old = try #require(tokens.first ?? nil)
            let history = StoreHistory(of: store)
            #expect(
                try history.tree(of: "book", changedBy: old, before: store.snapshot)?.count == 10
            )
            try store.put("last", as: "last.vcf")
        }
    }

    @Test func `a newest pack that somebody has repacked all the same is begun anew`() throws {
        try withStore { store, path throws in
            try store.put("1", as: "a.vcf")
            try store.checkpoint()
            for keep in try Self.packs(path, ".keep") {
                try FileManager.default.removeItem(atPath: "\(path)/objects/pack/\(keep)")
            }
            _ = try git(path, "repack", "-a", "-d", "--quiet")
            _ = try git(path, "gc", "--prune=now", "--quiet")
            try store.put("2", as: "a.vcf")

            #expect(throws: Never.self) { try store.checkpoint() }
            #expect(try git(path, "rev-list", "--count", "main") == "2\n")
        }
    }

    @Test func `what git has made of packs goes with them`() throws {
        try withStore { store, path throws in
            for number in 0..<3 {
                try store.put("\(number)", as: "a.vcf")
                try store.checkpoint()
                _ = try git(path, "multi-pack-index", "write")
            }
            for number in 0..<3 {
                try store.put("\(number)", as: "b.vcf")
                try store.checkpoint()
            }

            #expect(try fsck(path) == "")
            let expected = try store.contents
            #expect(expected.count == 2)
        }
    }

    @Test func `full packs are put together, and nothing is lost`() throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            for number in 0..<20 {
                try store.put("\(number)", as: "\(number).vcf")
                try store.checkpoint()
                // What a pack is that has reached its size.
                if number % 2 == 0 {
                    for keep in try Self.packs(path, ".keep") {
                        try FileManager.default.removeItem(atPath: "\(path)/objects/pack/\(keep)")
                    }
                }
            }
            let expected = try store.contents
            store.close()
            for number in 20..<40 {
                let store = try Store(path: path)
                try store.put("\(number)", as: "\(number).vcf")
                store.close()
                for keep in try Self.packs(path, ".keep") {
                    try FileManager.default.removeItem(atPath: "\(path)/objects/pack/\(keep)")
                }
            }

            #expect(try fsck(path) == "")
            #expect(try Self.packs(path, ".pack").count <= PackFolder.maximumSidePacks + 3)
            let anew = try Store(path: path)
            #expect(try anew.contents.count == expected.count + 20)
            anew.close()
        }
    }

    @Test func `a checkpoint that fails behind its move of the branch is done again`() throws {
        try withStore { store, path throws in
            try store.put("1", as: "a.vcf")
            let work = try #require(store.ledger.freeze())
            let head = try #require(work.commits.last?.id)
            let packs = try PackFolder(repository: path) { _ in }
            let known = store.ledger.objects.database
            try packs.add(work.commits, from: work.base, to: work.result, known: known)
            #expect(try store.ledger.repository.moveHead(from: work.branch, to: head))
            store.ledger.abandon()

            #expect(throws: Never.self) { try store.checkpoint() }
            try store.put("2", as: "a.vcf")
            #expect(throws: Never.self) { try store.checkpoint() }
            #expect(try git(path, "rev-list", "--count", "main") == "2\n")
        }
    }

    @Test func `a pack has an object once, also where nobody has looked at it since`() throws {
        try withStore { store, path throws in
            try store.put("1", as: "a.vcf")
            let work = try #require(store.ledger.freeze())
            let packs = try PackFolder(repository: path) { _ in }
            let known = store.ledger.objects.database
            for _ in 0..<2 {
                try packs.add(work.commits, from: work.base, to: work.result, known: known)
            }
            store.ledger.abandon()

            let names = try Self.packs(path, ".idx")
            #expect(names.count == 1)
            for name in names {
                let pack = try Pack(folder: packs.folderPath, name: String(name.dropLast(4)))
                #expect(Set(pack.entries.map(\.id)).count == pack.entries.count)
            }
        }
    }

    @Test(arguments: [1, 20])
    func `packs that cannot be read fail no checkpoint`(count: Int) throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            try store.put("1", as: "a.vcf")
            try store.checkpoint()
            for number in 0..<count {
                let digits = String(repeating: "0", count: 36) + "\(1_000 + number)"
                for ending in ["pack", "idx"] {
                    let file = "\(path)/objects/pack/pack-\(digits).\(ending)"
                    try "none".write(toFile: file, atomically: true, encoding: .utf8)
                }
            }
            try store.put("2", as: "a.vcf")

            #expect(throws: Never.self) { try store.checkpoint() }
            store.close()
        }
    }

    @Test func `a checkpoint that cannot write its pack leaves nothing behind`() throws {
        try withStore { store, path throws in
            try store.put("1", as: "a.vcf")
            try store.checkpoint()
            let before = FileBytes.names(in: "\(path)/objects/pack")
            // In the way of the index, which is written last.
            let obstacle = "\(path)/objects/pack/tmp_idx_everlock_\(getpid())"
            #expect(mkdir(obstacle, 0o700) == 0)
            try store.put("2", as: "a.vcf")
            #expect(throws: StorageError.self) { try store.checkpoint() }
            #expect(rmdir(obstacle) == 0)

            #expect(FileBytes.names(in: "\(path)/objects/pack") == before)
            #expect(throws: Never.self) { try store.checkpoint() }
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: [-3_600, 3_600])
    func `a lock of the branch that a kill has left is taken away`(seconds: Int) throws {
        try withStore { store, path throws in
            try store.put("1", as: "a.vcf")
            let lock = "\(path)/refs/heads/main.lock"
            try "".write(toFile: lock, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: TimeInterval(seconds))],
                ofItemAtPath: lock
            )

            try store.checkpoint()

            #expect(try git(path, "rev-list", "--count", "main") == "1\n")
        }
    }

    @Test func `a store that has been closed takes no more, and makes nobody wait`() throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            try store.put("1", as: "a.vcf")
            store.close()

            #expect(throws: StorageError.closed) { try store.put("2", as: "b.vcf") }
            #expect(throws: StorageError.closed) { try store.checkpoint() }
            #expect(try store.contents == ["book/a.vcf": "1"])
        }
    }

    @Test func `a store that nobody writes to makes no file and starts no thread`() throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            _ = store.snapshot
            store.close()

            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(path)/everlock").isEmpty)
        }
    }
}

/// What others do to the repository is taken in.
struct OthersTests {
    /// Commits a change with git alone and pushes it.
    private func push(_ path: String, _ files: [String: String]) throws -> String {
        try pushByHand(path) { clone throws in
            for (name, text) in files {
                let file = URL(filePath: "\(clone)/\(name)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
        }
    }

    @Test func `a push into a quiet store is served at once`() throws {
        try withStore { store, path throws in
            try store.put("one", as: "a.vcf")
            try store.checkpoint()
            #expect(try push(path, ["book/b.vcf": "two", "other/c.vcf": "three"]) == "")

            #expect(
                try store.contents
                    == ["book/a.vcf": "one", "book/b.vcf": "two", "other/c.vcf": "three"]
            )
            try store.put("four", as: "d.vcf")
            try store.checkpoint()
            let log = try git(path, "log", "--format=%s", "main")
            #expect(log == "Test\nby hand\nTest\n")
        }
    }

    @Test func `a push beside changes that git has not yet is joined with them`() throws {
        try withStore { store, path throws in
            try store.put("one", as: "a.vcf")
            try store.put("one", as: "b.vcf")
            try store.checkpoint()
            try store.put("ours", as: "a.vcf")
            let token = try #require(store.snapshot.commit)
            #expect(try push(path, ["book/a.vcf": "theirs", "book/c.vcf": "theirs"]) == "")

            #expect(
                try store.contents
                    == ["book/a.vcf": "ours", "book/b.vcf": "one", "book/c.vcf": "theirs"]
            )
            try store.checkpoint()
            // Both are in the history, and the token that was given out still means what it did.
            #expect(try git(path, "log", "--format=%s", "main").contains("by hand"))
            #expect(try git(path, "merge-base", "--is-ancestor", token.hex, "main") == "")
            let history = StoreHistory(of: store)
            let head = try #require(store.snapshot.folders["book"]).lastChange
            let changes = try history.changes(
                in: "book",
                from: token,
                to: head,
                before: store.snapshot
            )
            #expect(changes?.map(\.name) == ["c.vcf"])
        }
    }

    @Test func `a check reads what was pushed and joined, also where ours took its place`() throws {
        try withFolder { path throws in
            let owner = Store.Owner(key: { UInt64($0.count) })
            let store = try Store(path: path, owner: owner)
            try store.put("one", as: "a.vcf")
            try store.checkpoint()
            try store.put("ours", as: "a.vcf")
            #expect(try push(path, ["book/a.vcf": "theirs"]) == "")
            #expect(try store.contents == ["book/a.vcf": "ours"])
            var problems: [String] = []
            let whole = try store.verify(progress: { _ in }, problem: { problems.append($0) })
            let inGit = try git(path, "rev-list", "--count", "main")
            let theirs = try git(path, "rev-parse", "main^2:book/a.vcf").prefix(40)
            try FileManager.default.removeItem(
                atPath: "\(path)/objects/\(theirs.prefix(2))/\(theirs.dropFirst(2))"
            )
            #expect(problems == [])

            _ = try store.verify(progress: { _ in }, problem: { problems.append($0) })
            store.close()

            #expect(inGit == "\(whole.commits)\n")
            #expect(problems.count == 1 && problems.first?.contains(theirs) == true, "\(problems)")
        }
    }

    @Test func `a second push is joined by what it adds to the first`() throws {
        try withStore { store, path throws in
            try store.put("0", as: "a.vcf")
            try store.put("0", as: "b.vcf")
            try store.checkpoint()
            try store.put("ours", as: "b.vcf")
            for round in 1...2 {
                let pushed = try push(path, ["book/a.vcf": "\(round)", "book/b.vcf": "\(round)"])
                #expect(pushed == "")
                #expect(try store.contents == ["book/a.vcf": "\(round)", "book/b.vcf": "ours"])
            }
            try store.checkpoint()
            let merges = try git(path, "rev-list", "--count", "--merges", "main")

            #expect(merges == "2\n")
            #expect(try push(path, ["book/a.vcf": "3"]) == "")
            #expect(try store.contents == ["book/a.vcf": "3", "book/b.vcf": "ours"])
        }
    }

    @Test func `a push that changes a mode alone does not spoil the trees behind it`() throws {
        try withStore { store, path throws in
            for number in 0..<20 { try store.put("\(number)", as: "\(number).vcf") }
            try store.checkpoint()
            let pushed = try pushByHand(path) { clone throws in
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755],
                    ofItemAtPath: "\(clone)/book/3.vcf"
                )
            }
            for number in 0..<20 { try store.put("new", as: "\(number * 2).vcf") }
            try store.checkpoint()

            #expect(pushed == "")
            #expect(try fsck(path) == "")
            #expect(try git(path, "ls-tree", "main", "book/3.vcf").hasPrefix("100755 "))
        }
    }

    @Test func `what git gc has pruned is written again when a commit names it again`() throws {
        try withStore { store, path throws in
            try store.put("0", as: "0.vcf")
            try store.checkpoint()
            _ = try git(path, "config", "receive.unpackLimit", "1")
            #expect(try push(path, ["book/one.vcf": "one"]) == "")
            #expect(try push(path, ["book/two.vcf": "two"]) == "")
            _ = try git(path, "repack", "-a", "-d", "--quiet")
            #expect(try store.contents.count == 3)
            _ = try git(path, "update-ref", "refs/heads/main", "main~1")
            #expect(try store.contents.count == 2)
            _ = try git(path, "gc", "--prune=now", "--quiet")

            try store.put("two", as: "two.vcf")
            try store.checkpoint()

            #expect(try fsck(path) == "")
            #expect(try store.contents["book/two.vcf"] == "two")
        }
    }

    @Test func `a push of a name that the journal cannot hold is joined without it`() throws {
        try withStore { store, path throws in
            try store.put("0", as: "0.vcf")
            try store.checkpoint()
            try store.put("1", as: "1.vcf")
            let blob = try git(path, "rev-parse", "main:book/0.vcf").prefix(40)
            let names = ["theirs.vcf", String(repeating: "x", count: 70_000)]
            let files = names.map { "100644 blob \(blob)\t\($0)\n" }.joined()
            try files.write(toFile: "\(path)/files", atomically: true, encoding: .utf8)
            let script = """
                printf '040000 tree %s\\tother\\n' $(git mktree <files) >list
                commit=$(git -c user.name=P -c user.email=p@example \\
                    commit-tree -p main -m 'by hand' $(git mktree <list))
                git update-ref refs/heads/main $commit
                """
            try script.write(toFile: "\(path)/script", atomically: true, encoding: .utf8)
            #expect(try git(path, "-c", "alias.x=!sh ./script", "x") == "")

            #expect(try store.contents == ["book/1.vcf": "1", "other/theirs.vcf": "0"])
        }
    }

    @Test func `a branch that cannot be read is told of once`() throws {
        try withFolder { path throws in
            let warnings = Warnings()
            let store = try Store(path: path, owner: Store.Owner(warn: warnings.add))
            try store.put("one", as: "a.vcf")
            try store.checkpoint()
            let branch = "\(path)/refs/heads/main"
            let before = try String(contentsOfFile: branch, encoding: .utf8)
            try "garbage\n".write(toFile: branch, atomically: true, encoding: .utf8)
            for _ in 0..<5 { #expect(try store.contents == ["book/a.vcf": "one"]) }

            #expect(warnings.all.count == 1)
            try before.write(toFile: branch, atomically: true, encoding: .utf8)
            #expect(try push(path, ["book/b.vcf": "two"]) == "")
            #expect(try store.contents.count == 2)
            store.close()
            #expect(try fsck(path) == "")
        }
    }

    @Test func `a file whose name is not UTF-8 is kept apart from others, and goes with its book`()
        throws
    {
        try withStore { store, path throws in
            for number in 0..<20 { try store.put("\(number)", as: "\(number).vcf") }
            try store.checkpoint()
            let pushed = try pushByHand(path) { clone throws in
                for (name, text) in [("M\u{FC}", "one"), ("M\u{FD}", "longer")] {
                    let bytes =
                        Array("\(clone)/book/".utf8) + name.unicodeScalars.map { UInt8($0.value) }
                    let file = fopen((bytes + [0]).map { CChar(bitPattern: $0) }, "w")
                    fputs(text, file)
                    fclose(file)
                }
            }
            try store.put("new", as: "N.vcf")
            let folder = try #require(store.snapshot.folders["book"])
            let sizes = try (0..<folder.tree.count).map { index in
                try store.blob(folder.tree.entry(at: index).id).count
            }
            try store.checkpoint()
            let found = try fsck(path)
            _ = try store.commit { transaction in
                transaction.removeFolder("book")
                transaction.describe(message)
            }

            #expect(pushed == "")
            #expect((0..<folder.tree.count).map { folder.size(at: $0) } == sizes)
            #expect(found == "")
            #expect(store.snapshot.folders.isEmpty)
        }
    }

    @Test func `a commit made while the store was closed is found`() throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            try store.put("one", as: "a.vcf")
            store.close()
            #expect(try push(path, ["book/b.vcf": "two"]) == "")

            let anew = try Store(path: path)
            #expect(try anew.contents == ["book/a.vcf": "one", "book/b.vcf": "two"])
            #expect(anew.snapshot.folders["book"]?.size(at: 1) == 3)
            anew.close()
        }
    }

    @Test(arguments: ["main~1", "rewritten"])
    func `a branch that was put back while the store was closed stays there`(to: String) throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            try store.put("one", as: "a.vcf")
            try store.put("two", as: "b.vcf")
            store.close()
            let identity = ["-c", "user.name=P", "-c", "user.email=p@example"]
            let commit = ["commit-tree", "main~1^{tree}", "-m", "rewritten"]
            let rewritten = try git(path, arguments: identity + commit).prefix(40)
            let target = to == "rewritten" ? String(rewritten) : to
            #expect(try git(path, "update-ref", "refs/heads/main", target) == "")

            for _ in 0..<2 {
                let anew = try Store(path: path)
                #expect(try anew.contents == ["book/a.vcf": "one"])
                anew.close()
                #expect(try git(path, "rev-list", "--count", "main") == "1\n")
            }
        }
    }

    @Test func `a push between a crash and the next start is joined with the journal`() throws {
        try withStore { store, path throws in
            try store.put("one", as: "a.vcf")
            try store.checkpoint()
            try store.put("two", as: "b.vcf")

            try withCrashed(path) { copy throws in
                #expect(try push(copy, ["book/c.vcf": "three"]) == "")
                let anew = try Store(path: copy)
                #expect(
                    try anew.contents
                        == ["book/a.vcf": "one", "book/b.vcf": "two", "book/c.vcf": "three"]
                )
                anew.close()
                #expect(try fsck(copy) == "")
                #expect(try git(copy, "log", "--format=%s", "main").contains("by hand"))
            }
        }
    }
}
