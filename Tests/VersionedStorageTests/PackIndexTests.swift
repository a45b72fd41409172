import Foundation
import Testing

@testable import VersionedStorage

/// Indexes of packs that lead nowhere (gitformat-pack).
struct PackIndexTests {
    private static let fanBytes = 8 + 256 * 4

    /// Makes a store whose objects lie in one pack, with an index as git is told to write it.
    private static func withPack(
        _ version: String,
        _ body: (_ path: String, _ name: String) throws -> Void
    ) throws {
        try withFolder { path throws in
            let store = try Store(path: path)
            for number in 0..<5 { try store.put("\(number)", as: "\(number).vcf") }
            store.close()
            #expect(try git(path, "repack", "-adq", "--pack-kept-objects") == "")
            let names = FileBytes.names(in: "\(path)/objects/pack")
            let name = try #require(names.first { $0.hasSuffix(".pack") }).dropLast(5)
            for ending in ["idx", "keep", "rev"] {
                let file = "\(path)/objects/pack/\(name).\(ending)"
                if access(file, F_OK) == 0 { try FileManager.default.removeItem(atPath: file) }
            }
            let pack = "\(path)/objects/pack/\(name).pack"
            _ = try git(path, "index-pack", "--index-version=\(version)", pack)
            try body(path, String(name))
            #expect(try fsck(path) == "")
        }
    }

    /// Sets a bit of a file's byte.
    private static func set(_ bit: UInt8, at place: Int, of file: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        var bytes = try FileBytes.read(file)
        bytes[place] |= bit
        try Data(bytes).write(to: URL(filePath: file))
    }

    private static func count(_ index: String) throws -> Int {
        try FileBytes.read(index)[(fanBytes - 4)..<fanBytes].reduce(0) { $0 << 8 | Int($1) }
    }

    @Test(arguments: ["1", "2", "2,0x20"])
    func `an index of any form is taken`(version: String) throws {
        try Self.withPack(version) { path, _ throws in
            let store = try Store(path: path)
            #expect(try store.contents.count == 5)
            store.close()
        }
    }

    @Test(arguments: [(version: "2", isLarge: false), ("2,0x20", true)])
    func `an index that leads beyond its pack is named, and what to do`(
        version: String,
        isLarge: Bool
    ) throws {
        try Self.withPack(version) { path, name throws in
            let index = "\(path)/objects/pack/\(name).idx"
            let places = Self.fanBytes + (try Self.count(index)) * 24
            let place = isLarge ? places + (try Self.count(index)) * 4 + 4 : places
            try Self.set(0x01, at: place, of: index)

            let error = #expect(throws: StorageError.self) { _ = try Store(path: path) }

            let text = try #require(error).description
            #expect(text.contains(index))
            let command = try #require(text.firstRange(of: "git index-pack "))
            try FileManager.default.removeItem(atPath: index)
            _ = try git(path, "index-pack", String(text[command.upperBound...]))
            let store = try Store(path: path)
            #expect(try store.contents.count == 5)
            store.close()
        }
    }

    @Test func `an index that is cut off in its places is named`() throws {
        try Self.withPack("2") { path, name throws in
            let index = "\(path)/objects/pack/\(name).idx"
            let whole = try FileBytes.read(index)
            try FileManager.default.removeItem(atPath: index)
            try Data(whole.dropLast(60)).write(to: URL(filePath: index))

            #expect(throws: StorageError.self) { _ = try Store(path: path) }

            try Data(whole).write(to: URL(filePath: index))
        }
    }

    @Test func `an index that goes while a store is opened stops nothing`() throws {
        try Self.withPack("2") { path, name throws in
            // What the folder lists, and is not there when it is opened.
            let folder = "\(path)/objects/pack"
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/pack-gone.idx",
                withDestinationPath: "\(folder)/gone"
            )
            try Data().write(to: URL(filePath: "\(folder)/pack-gone.pack"))

            let store = try Store(path: path)
            #expect(try store.contents.count == 5)
            store.close()

            for ending in ["idx", "pack"] {
                try FileManager.default.removeItem(atPath: "\(folder)/pack-gone.\(ending)")
            }
        }
    }
}
