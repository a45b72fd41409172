import Foundation
import Synchronization
import Testing

@testable import VersionedStorage

struct StoreTests {
    @Test func `a commit is what git sees`() throws {
        try withStore { store, path throws in
            try store.put("one\n", as: "a.vcf")
            try store.put("two\n", as: "b.vcf")
            try store.checkpoint()

            #expect(try git(path, "show", "HEAD:book/a.vcf") == "one\n")
            #expect(try git(path, "rev-list", "--count", "HEAD") == "2\n")
            #expect(try git(path, "rev-parse", "HEAD") == "\(store.snapshot.commit?.hex ?? "")\n")
            #expect(
                try git(path, "rev-parse", "HEAD:book")
                    == "\(store.snapshot.folders["book"]?.treeID.hex ?? "")\n"
            )
        }
    }

    @Test func `a snapshot stays as it is while others write`() throws {
        try withStore { store, _ throws in
            try store.put("one", as: "a.vcf")
            let before = store.snapshot
            try store.put("two", as: "a.vcf")
            try store.put("three", as: "b.vcf")

            let id = try #require(before.folders["book"]?.tree.entry(named: "a.vcf")?.id)
            #expect(try store.blob(id) == Array("one".utf8))
            #expect(before.folders["book"]?.tree.count == 1)
            #expect(store.snapshot.folders["book"]?.tree.count == 2)
        }
    }

    @Test func `names that Unicode takes for the same are two files`() throws {
        try withStore { store, path throws in
            for number in 0..<20 { try store.put("\(number)", as: "\(number).vcf") }
            let before = try #require(store.snapshot.commit)
            let names = ["e\u{301}.vcf", "\u{E9}.vcf"]
            for round in 0..<3 {
                for name in names { try store.put("\(round) \(name.utf8.count)", as: name) }
            }
            let after = try #require(store.snapshot.commit)
            try store.checkpoint()

            let folder = try #require(store.snapshot.folders["book"])
            for name in names {
                let id = try #require(folder.tree.entry(named: name)?.id)
                #expect(try store.blob(id) == Array("2 \(name.utf8.count)".utf8))
            }
            let changes = store.ledger.recentChanges(in: "book", from: before, to: after)
            #expect(changes?.map { Array($0.name.utf8) } == names.map { Array($0.utf8) })
            #expect(try fsck(path) == "")
        }
    }

    @Test func `a folder is one, however its name is written in Unicode`() throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            try store.put("a", as: "a.vcf", in: "\u{E9}")
            try store.put("b", as: "b.vcf", in: "e\u{301}")
            let expected = try store.contents
            store.close()
            let anew = try Store(path: path)

            #expect(expected.count == 2)
            #expect(try anew.contents == expected)
            #expect(anew.snapshot.root.count == 1)
            try anew.remove("a.vcf", in: "e\u{301}")
            try anew.remove("b.vcf", in: "e\u{301}")
            #expect(anew.snapshot.root.count == 0)
            anew.close()
            #expect(try fsck(path) == "")
        }
    }

    @Test func `folders that the store cannot name stay as others have put them there`() throws {
        try withStore { store, path throws in
            try store.put("a", as: "a.vcf", in: "\u{E9}")
            try store.checkpoint()
            let tree = try git(path, "rev-parse", "main:\u{E9}").prefix(40)
            let names = [
                Array("e\u{301}".utf8), Array("\u{E9}".utf8), [0x66, 0xFC],
                [UInt8](repeating: 0x78, count: 70_000),
            ]
            var list: [UInt8] = []
            for name in names { list += Array("040000 tree \(tree)\t".utf8) + name + [0] }
            try Data(list).write(to: URL(filePath: "\(path)/list"))
            let script = """
                git -c user.name=P -c user.email=p@example commit-tree -p main -m 'by hand' \\
                    $(git mktree -z <list) | xargs git update-ref refs/heads/main
                """
            #expect(try git(path, "-c", "alias.x=!\(script)", "x") == "")
            try store.put("b", as: "b.vcf", in: "\u{E9}")
            let written = try store.contents
            try store.checkpoint()

            #expect(store.snapshot.folders.count == 1)
            #expect(store.snapshot.root.count == names.count)
            #expect(written.count == 2)
            let listed = try git(path, "ls-tree", "-d", "main").split(separator: "\n")
            #expect(listed.count { $0.contains(tree) } == names.count - 1)
        }
    }

    @Test func `a body that throws leaves nothing`() throws {
        struct Stop: Error {}
        try withStore { store, _ throws in
            try store.put("one", as: "a.vcf")
            let before = store.snapshot.commit

            #expect(throws: Stop.self) {
                _ = try store.commit { transaction in
                    try transaction.write([1], to: "b.vcf", in: "book", key: 0)
                    throw Stop()
                }
            }
            #expect(store.snapshot.commit == before)
        }
    }

    @Test func `each of many writers at once has its own commit`() throws {
        try withStore { store, path throws in
            let failures = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 64) { number in
                do {
                    try store.put("\(number)", as: "\(number).vcf")
                } catch {
                    failures.withLock { $0 += 1 }
                }
            }

            try store.checkpoint()

            #expect(failures.withLock { $0 } == 0)
            #expect(try git(path, "rev-list", "--count", "HEAD") == "64\n")
            #expect(store.snapshot.folders["book"]?.tree.count == 64)
        }
    }

    @Test func `of writers under one condition just one wins`() throws {
        struct Lost: Error {}
        try withStore { store, _ throws in
            try store.put("start", as: "a.vcf")
            let held = store.snapshot.folders["book"]?.tree.entry(named: "a.vcf")?.id
            let wins = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: 16) { number in
                do {
                    _ = try store.commit { transaction in
                        let now = transaction.snapshot.folders["book"]?.tree.entry(named: "a.vcf")?
                            .id
                        guard now == held else { throw Lost() }
                        try transaction.write(
                            Array("\(number)".utf8),
                            to: "a.vcf",
                            in: "book",
                            key: 0
                        )
                        transaction.describe(message)
                    }
                    wins.withLock { $0 += 1 }
                } catch {
                    if !(error is Lost) { Issue.record(error) }
                }
            }

            #expect(wins.withLock { $0 } == 1)
        }
    }

    @Test func `a folder's last change is its own, also after opening anew`() throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "evl-store-\(UInt32.random(in: 0 ... .max))").path
        func write() throws -> [String: ObjectID] {
            let store = try Store(path: path)
            for folder in ["a", "b", "c"] { try store.put(folder, as: "x.vcf", in: folder) }
            for number in 0..<5 { try store.put("\(number)", as: "y.vcf", in: "b") }
            return store.snapshot.folders.mapValues(\.lastChange)
        }

        let written = try write()
        let read = try Store(path: path).snapshot.folders.mapValues(\.lastChange)

        #expect(written == read)
        for folder in ["a", "b", "c"] {
            #expect(
                try git(path, "log", "-1", "--format=%H", "--", folder)
                    == "\(written[folder]?.hex ?? "")\n"
            )
        }
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `times are those of the commits that changed each file last`() throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "evl-store-\(UInt32.random(in: 0 ... .max))").path
        let clock = Mutex<Int64>(1_000)
        let tick: @Sendable () -> Int64 = {
            clock.withLock {
                $0 += 1; return $0
            }
        }
        let store = try Store(path: path, owner: Store.Owner(now: tick))
        try store.put("1", as: "a.vcf")
        try store.put("1", as: "b.vcf")
        try store.put("2", as: "a.vcf")
        let history = StoreHistory(of: store)
        let folder = try #require(store.snapshot.folders["book"])

        #expect(try history.times(of: folder).modified == [1_003, 1_002])
        #expect(try history.times(of: folder).created == [1_001, 1_002])
        try store.put("3", as: "b.vcf")
        let later = try #require(store.snapshot.folders["book"])
        #expect(try history.times(of: later).modified == [1_003, 1_004])
        #expect(try history.times(of: later).created == [1_001, 1_002])
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func `a folder is changed by the commits that changed it, and by no others`() throws {
        try withStore { store, _ throws in
            try store.put("1", as: "a.vcf", in: "a")
            let first = try #require(store.snapshot.commit)
            try store.put("1", as: "b.vcf", in: "b")
            let second = try #require(store.snapshot.commit)
            let history = StoreHistory(of: store)
            func isChanged(by id: ObjectID) throws -> Bool {
                try history.tree(of: "a", changedBy: id, before: store.snapshot) != nil
            }

            #expect(try isChanged(by: first))
            #expect(try !isChanged(by: second))
            let blob = try #require(store.snapshot.folders["a"]?.tree.entry(named: "a.vcf")?.id)
            #expect(try !isChanged(by: blob))
        }
    }

    @Test(arguments: [
        "", ".", "..", ".git", "a/b", "a\0b", "a\\b", String(repeating: "x", count: 256),
    ])
    func `a name that a tree cannot hold is refused`(name: String) throws {
        try withStore { store, _ throws in
            try store.put("1", as: "a.vcf")
            #expect(throws: StorageError.invalidName(name)) { try store.put("1", as: name) }
            #expect(throws: StorageError.invalidName(name)) {
                try store.put("1", as: "a", in: name)
            }
        }
    }

    @Test func `a second owner is refused and told who the first is`() throws {
        try withStore { store, path throws in
            try store.put("1", as: "a.vcf")
            #expect(throws: StorageError.inUse(path: path, holder: "process \(getpid())")) {
                try Store(path: path)
            }
        }
    }
}

struct CommitMessageTests {
    @Test func `what would break a commit is made harmless`() throws {
        let message = CommitMessage(
            author: " a<b>\nc",
            email: "<>",
            subject: "s\nu\0b",
            trailers: [.init("User-Agent", "x\ny: z"), .init("Empty", "")]
        )

        let text = String(decoding: message.text(at: 5), as: UTF8.self)

        #expect(text.contains("author ab c <unknown> 5 +0000\n"))
        #expect(text.hasSuffix("\n\ns u b\n\nUser-Agent: x y: z\n"))
    }

    @Test func `a line is cut at its limit`() throws {
        let message = CommitMessage(
            author: "a",
            email: "b",
            subject: String(repeating: "é", count: 1_000)
        )
        let bytes = message.text(at: 5)

        let subject = String(decoding: bytes, as: UTF8.self).split(separator: "\n").last
        #expect(subject?.utf8.count == 500)
    }

    @Test func `a line within a signature is no parent and no tree`() throws {
        let digits = ["0", "1", "2"].map { String(repeating: $0, count: 40) }
        let text = """
            tree \(digits[0])
            parent \(digits[1])
            author a <b> 5 +0000
            committer a <b> 5 +0000
            gpgsig x
             tree \(digits[2])
             parent \(digits[2])
             committer a <b> 7 +0000

            """
        let id = try #require(ObjectID(hex: digits[0]))

        let commit = try Commit(id: id, parsing: Array(text.utf8))

        #expect(commit.tree == id)
        #expect(commit.parent?.hex == digits[1])
        #expect(commit.merged == [])
        #expect(commit.time == 5)
    }

    @Test(arguments: [
        "", "tree x\n", "tree 0000000000000000000000000000000000000000\n\ncommitter a <b> 5 +0000",
    ])
    func `bytes that are no commit are refused`(text: String) throws {
        let id = try #require(ObjectID(hex: String(repeating: "0", count: 40)))
        #expect(throws: StorageError.self) { try Commit(id: id, parsing: Array(text.utf8)) }
    }
}
