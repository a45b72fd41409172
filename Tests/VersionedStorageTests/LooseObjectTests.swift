import Foundation
import Testing

@testable import VersionedStorage

/// Objects that stock git left in files of their own.
struct LooseObjectTests {
    /// A repository with one commit that git alone has made, all of it in files.
    private func withLooseRepository<Value>(_ body: (String) throws -> Value) throws -> Value {
        try withFolder { path throws in
            let store = try Store(path: path)
            store.close()
            return try withFolder { clone throws in
                _ = try git("/", "clone", "--quiet", path, clone)
                try FileManager.default.createDirectory(
                    atPath: "\(clone)/book",
                    withIntermediateDirectories: true
                )
                let text = (0..<500).map { "line \($0)" }.joined(separator: "\n")
                try text.write(toFile: "\(clone)/book/a.vcf", atomically: true, encoding: .utf8)
                _ = try git(clone, "add", "--all")
                let identity = ["-c", "user.name=P", "-c", "user.email=p@example"]
                _ = try git(clone, arguments: identity + ["commit", "--quiet", "-m", "by hand"])
                _ = try git(clone, "push", "--quiet", "origin", "HEAD:main")
                return try body(path)
            }
        }
    }

    @Test func `a repository of files is read like one of packs`() throws {
        try withLooseRepository { path throws in
            let store = try Store(path: path)
            #expect(try store.contents["book/a.vcf"]?.hasSuffix("line 499") == true)
            #expect(store.snapshot.folders["book"]?.size(at: 0) == 4_389)
            _ = try git(path, "gc", "--quiet", "--prune=now")
            #expect(try store.contents["book/a.vcf"]?.hasSuffix("line 499") == true)
            store.close()
        }
    }

    @Test(arguments: [0, 1, 2, 10, 100, 300])
    func `an object that is cut off or flipped is refused, and nothing hangs`(
        place: Int
    ) throws {
        try withLooseRepository { path throws in
            let blob = try git(path, "rev-parse", "main:book/a.vcf").prefix(40)
            let id = try #require(ObjectID(hex: blob))
            let file = URL(filePath: "\(path)/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
            let sound = try Data(contentsOf: file)
            var flipped = sound
            flipped[place] ^= 0x10
            for damaged in [sound.prefix(place), flipped] {
                try FileManager.default.removeItem(at: file)
                try damaged.write(to: file)
                let store = try Store(path: path)
                #expect(throws: StorageError.self) { try store.blob(id) }
                store.close()
            }
            try FileManager.default.removeItem(at: file)
            try sound.write(to: file)
        }
    }
}
