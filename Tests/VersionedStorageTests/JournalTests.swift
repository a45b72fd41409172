import Foundation
import Testing

@testable import VersionedStorage

/// What becomes of a journal whose flushes fail for a while.
struct JournalTests {
    @Test func `after a failed flush with nothing else to lose, writes go on`() throws {
        try withStore { store, path throws in
            for number in 0..<2 {
                try store.put("\(number)", as: "\(number).vcf")
                try store.checkpoint()
            }
            try withFailingFlushes(path) {
                _ = #expect(throws: StorageError.self) { try store.put("lost", as: "lost.vcf") }
            }

            try store.put("after", as: "after.vcf")

            try withCrashed(path) { copy throws in
                let anew = try Store(path: copy)
                #expect(
                    try anew.contents.keys.sorted()
                        == ["book/0.vcf", "book/1.vcf", "book/after.vcf"]
                )
                anew.close()
            }
        }
    }

    @Test func `a header whose flush failed is written anew with the next record`() throws {
        try withFolder { path throws in
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let journal = try Journal(store: path)
            let before = JournalRecord(commit: [1], folders: [], blobs: [])
            let after = JournalRecord(commit: [2], folders: [], blobs: [])
            for _ in 0..<2 {
                try journal.append([before.encode()])
                journal.turn()
            }
            try withFailingFlushes(path) {
                _ = #expect(throws: StorageError.self) { try journal.append([before.encode()]) }
            }
            journal.recover()

            try journal.append([after.encode()])

            #expect(try Journal(store: path).read().last?.records == [after])
        }
    }

    @Test func `a write that fails takes no blob from one that did not`() throws {
        try withStore { store, path throws in
            try store.put("same", as: "a.vcf")
            try withFailingFlushes(path) {
                _ = #expect(throws: StorageError.self) { try store.put("same", as: "b.vcf") }
            }

            #expect(try store.contents == ["book/a.vcf": "same"])
        }
    }

    @Test func `a record holds as many folders as a push may bring`() throws {
        let folders = (0..<66_000).map { number in
            JournalRecord.FolderEdits(folder: "\(number)", after: nil, edits: [])
        }
        let record = JournalRecord(commit: [1], folders: folders, blobs: [])

        #expect(try JournalRecord(decoding: record.encode()) == record)
    }
}
