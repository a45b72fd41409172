import Foundation
import Testing

@testable import VersionedStorage

/// What is in the journal and not in git comes back, and damage is named.
struct RecoveryTests {
    @Test func `what was committed is there after a crash, whatever git had of it`() throws {
        try withStore { store, path throws in
            for number in 0..<60 {
                try store.put("\(number)", as: "\(number % 17).vcf", in: "book-\(number % 3)")
                if number % 7 == 3 {
                    try store.remove("\(number % 17).vcf", in: "book-\(number % 3)")
                }
                if number % 23 == 22 { try store.checkpoint() }
                guard number % 6 == 0 else { continue }
                let expected = try store.contents
                let head = store.snapshot.commit

                try withCrashed(path) { copy throws in
                    let anew = try Store(path: copy)
                    #expect(try anew.contents == expected)
                    #expect(anew.snapshot.commit == head)
                    #expect(try git(copy, "rev-parse", "main") == "\(head?.hex ?? "")\n")
                    anew.close()
                    #expect(try fsck(copy) == "")
                }
            }
        }
    }

    @Test func `a second crash straight after the first loses nothing`() throws {
        try withStore { store, path throws in
            for number in 0..<10 { try store.put("\(number)", as: "\(number).vcf") }
            let expected = try store.contents

            try withCrashed(path) { once throws in
                let anew = try Store(path: once)
                try anew.put("after", as: "after.vcf")
                try withCrashed(once) { twice throws in
                    let again = try Store(path: twice)
                    var contents = try again.contents
                    #expect(contents.removeValue(forKey: "book/after.vcf") == "after")
                    #expect(contents == expected)
                    again.close()
                    #expect(try fsck(twice) == "")
                }
            }
        }
    }

    @Test func `a journal whose last record is cut off gives all that came before`() throws {
        try withStore { store, path throws in
            for number in 0..<5 { try store.put("\(number)", as: "\(number).vcf") }

            try withCrashed(path) { copy throws in
                let journal = "\(copy)/everlock/journal.0"
                var bytes = try Data(contentsOf: URL(filePath: journal))
                let last = try #require(bytes.lastRange(of: Data("EVRC".utf8)))
                bytes[(last.lowerBound + 40)..<(last.lowerBound + 60)] = Data(count: 20)
                try bytes.write(to: URL(filePath: journal))

                let anew = try Store(path: copy)
                #expect(try anew.contents.keys.sorted() == (0..<4).map { "book/\($0).vcf" })
                anew.close()
                #expect(try fsck(copy) == "")
            }
        }
    }

    @Test func `a crash while a damaged journal is recovered loses nothing more`() throws {
        try withStore { store, path throws in
            for number in 0..<5 { try store.put("\(number)", as: "\(number).vcf") }

            try withCrashed(path) { copy throws in
                let journal = "\(copy)/everlock/journal.0"
                var bytes = try Data(contentsOf: URL(filePath: journal))
                let last = try #require(Self.records(bytes).last)
                bytes[last + 50] ^= 1
                try bytes.write(to: URL(filePath: journal))
                let recovery = try Recovery(
                    repository: GitRepository(path: copy),
                    objects: Objects(repository: copy),
                    journal: Journal(store: copy),
                    facts: FactSource(maximumBytes: 0) { _ in 0 },
                    now: { 0 },
                    warn: { _ in }
                )

                // Nothing comes after it: the process ends before its first checkpoint.
                _ = try recovery.run()

                let anew = try Store(path: copy)
                #expect(try anew.contents.keys.sorted() == (0..<4).map { "book/\($0).vcf" })
                anew.close()
            }
        }
    }

    @Test func `damage within the journal is named, and what comes behind it is kept`() throws {
        try withStore { store, path throws in
            for number in 0..<5 { try store.put("\(number)", as: "\(number).vcf") }

            try withCrashed(path) { copy throws in
                let journal = "\(copy)/everlock/journal.0"
                var bytes = try Data(contentsOf: URL(filePath: journal))
                let third = Self.records(bytes)[2]
                bytes[third + 50] ^= 1
                try bytes.write(to: URL(filePath: journal))

                let warnings = Warnings()
                let anew = try Store(path: copy, owner: Store.Owner(warn: warnings.add))
                #expect(try anew.contents.keys.sorted() == [0, 1, 3, 4].map { "book/\($0).vcf" })
                #expect(warnings.all.contains { $0.contains("journal.0: the record at byte") })
                #expect(warnings.all.contains { $0.contains("is kept as") })
                let kept = try FileManager.default.contentsOfDirectory(atPath: "\(copy)/everlock")
                #expect(kept.contains { $0.hasPrefix("journal.0.damaged-") })
                anew.close()
                #expect(try fsck(copy) == "")
            }
        }
    }

    @Test func `a copy of what a damaged record had brought is given up, and nothing else`() throws
    {
        try withStore { store, path throws in
            try store.put("0", as: "0.vcf")
            try store.put("1", as: "1.vcf")
            _ = try store.commit { transaction in
                try transaction.copy("1.vcf", in: "book", to: "copy.vcf", in: "other")
                transaction.describe(message)
            }
            try store.put("2", as: "2.vcf")

            try withCrashed(path) { copy throws in
                let journal = "\(copy)/everlock/journal.0"
                var bytes = try Data(contentsOf: URL(filePath: journal))
                let second = Self.records(bytes)[1]
                bytes[second + 50] ^= 1
                try bytes.write(to: URL(filePath: journal))

                let warnings = Warnings()
                let anew = try Store(path: copy, owner: Store.Owner(warn: warnings.add))
                #expect(try anew.contents == ["book/0.vcf": "0", "book/2.vcf": "2"])
                #expect(warnings.all.contains { $0.contains("other/copy.vcf is not restored") })
                anew.close()
                #expect(try fsck(copy) == "")
            }
        }
    }

    /// Where the records of a journal file begin.
    private static func records(_ bytes: Data) -> [Int] {
        var places: [Int] = []
        var start = bytes.startIndex
        while let found = bytes[start...].range(of: Data("EVRC".utf8)) {
            places.append(found.lowerBound)
            start = found.upperBound
        }
        return places
    }

    @Test(arguments: ["", "garbage\n", String(repeating: "12", count: 20) + "\n"])
    func `a branch that is lost is put back to where it stood last`(text: String) throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            for number in 0..<5 { try store.put("\(number)", as: "\(number).vcf") }
            let expected = try store.contents
            let head = store.snapshot.commit
            store.close()
            let warnings = Warnings()

            try withCrashed(path) { copy throws in
                try text.write(toFile: "\(copy)/refs/heads/main", atomically: true, encoding: .utf8)
                let anew = try Store(path: copy, owner: Store.Owner(warn: warnings.add))
                #expect(try anew.contents == expected)
                #expect(anew.snapshot.commit == head)
                #expect(warnings.all.contains { $0.contains("refs/heads/main") })
                anew.close()
                #expect(try fsck(copy) == "")
            }
        }
    }

    @Test func `an index that is lost, cut off or of another state is made anew`() throws {
        try withFolder { path throws in
            let key: @Sendable ([UInt8]) -> UInt64 = { UInt64($0.count) }
            let store = try Store(path: path, owner: Store.Owner(key: key))
            for number in 0..<20 {
                try store.put(String(repeating: "x", count: number), as: "\(number).vcf")
            }
            store.close()
            let old = try Data(contentsOf: URL(filePath: "\(path)/everlock/index"))
            let more = try Store(path: path, owner: Store.Owner(key: key))
            for number in 0..<5 { try more.put("changed", as: "\(number).vcf") }
            try more.remove("9.vcf")
            try more.checkpoint()
            let expected = try #require(more.snapshot.folders["book"])
            let times = try StoreHistory(of: more).times(of: expected)

            var flipped = old
            flipped[flipped.count / 2] ^= 1
            for index in [nil, old, old.prefix(100), flipped, Data(count: 50)] {
                try withCrashed(path) { copy throws in
                    let file = URL(filePath: "\(copy)/everlock/index")
                    try FileManager.default.removeItem(at: file)
                    try index?.write(to: file)
                    let anew = try Store(path: copy, owner: Store.Owner(key: key))
                    let folder = try #require(anew.snapshot.folders["book"])
                    for position in 0..<folder.tree.count {
                        #expect(folder.size(at: position) == expected.size(at: position))
                        if position > 4 {
                            #expect(folder.key(at: position) == UInt64(folder.size(at: position)))
                        }
                    }
                    #expect(folder.lastChange == expected.lastChange)
                    let found = try StoreHistory(of: anew).times(of: folder)
                    #expect(found.created == times.created)
                    #expect(found.modified == times.modified)
                    anew.close()
                }
            }
        }
    }

    @Test func `a clock that runs backwards does not make history do so`() throws {
        try withFolder { path throws in
            let clock = Clock(times: [1_000, 900, 1_100, 5])
            let store = try Store(path: path, owner: Store.Owner(now: clock.next))
            for number in 0..<4 { try store.put("\(number)", as: "\(number).vcf") }
            store.close()

            #expect(
                try git(path, "log", "--format=%ct", "main") == "1100\n1100\n1000\n1000\n"
            )
        }
    }
}

/// A clock that shows what it is told to.
private final class Clock: Sendable {
    private let times: Warnings
    private let list: [Int64]

    init(times: [Int64]) {
        list = times
        self.times = Warnings()
    }

    @Sendable func next() -> Int64 {
        let shown = times.all.count
        times.add("shown")
        return list[min(shown, list.count - 1)]
    }
}
