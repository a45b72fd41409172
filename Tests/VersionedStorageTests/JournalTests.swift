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
}
