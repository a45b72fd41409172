import Foundation
import TestSupport
import Testing

/// The model of the disk: what a power cut may take, and what it may not.
struct DiskModelTests {
    private static let bytes = [UInt8](repeating: 7, count: 10_000)
    private static let open = Operation.open(descriptor: 3, flags: O_CREAT | O_RDWR, path: "new")
    private static let openRoot = Operation.open(descriptor: 4, flags: O_RDONLY, path: ".")
    private static let write = Operation.write(descriptor: 3, offset: 0, bytes: bytes[...])

    private static func flush(_ descriptor: Int32) -> [Operation] {
        [
            .flushBegan(descriptor: descriptor, number: 1, isDataOnly: false),
            .flushEnded(number: 1),
        ]
    }

    @Test(arguments: DiskModel.Metadata.allCases)
    func `what was written, flushed, and flushed in its folder is always there`(
        metadata: DiskModel.Metadata
    ) throws {
        let operations = [Self.open, Self.write] + Self.flush(3) + [Self.openRoot] + Self.flush(4)

        let forms = try Self.forms(metadata, operations, "new")

        #expect(forms == [Self.bytes])
    }

    @Test func `what was not flushed may be there, not there, empty, or in part`() throws {
        let forms = try Self.forms(.inOrder, [Self.open, Self.write], "new")

        #expect(forms.contains(nil))
        #expect(forms.contains([]))
        #expect(forms.contains(Self.bytes))
        #expect(forms.contains([UInt8](repeating: 0, count: Self.bytes.count)))
        #expect(forms.count > 6)
    }

    @Test func `a flushed file is named for sure only where metadata comes in order`() throws {
        let operations = [Self.open, Self.write] + Self.flush(3)

        #expect(try Self.forms(.inOrder, operations, "new") == [Self.bytes])
        #expect(try Self.forms(.byFolder, operations, "new") == [nil, Self.bytes])
    }

    @Test func `a rename without a flush may leave an empty file where a good one was`() throws {
        let operations: [Operation] = [
            Self.open, Self.write, .rename(from: "new", to: "old"),
        ]

        let forms = try Self.forms(.inOrder, operations, "old")

        #expect(forms.contains(Array("before".utf8)))
        #expect(forms.contains(Self.bytes))
        #expect(forms.contains([UInt8](repeating: 0, count: Self.bytes.count)))
        #expect(!forms.contains(nil))
    }

    @Test func `a write that comes after a flush began is not covered by it`() throws {
        let operations: [Operation] =
            [Self.open, Self.openRoot]
            + [
                .flushBegan(descriptor: 3, number: 9, isDataOnly: false), Self.write,
                .flushEnded(number: 9),
            ]

        #expect(try Self.forms(.inOrder, operations, "new").contains([]))
    }

    /// All that a file can be after a cut behind the last of some operations.
    private static func forms(
        _ metadata: DiskModel.Metadata,
        _ operations: [Operation],
        _ path: String
    ) throws -> Set<[UInt8]?> {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-disk-\(UInt32.random(in: 0 ... .max))").path
        mkdir(folder, 0o700)
        try PlainFile.write(Array("before".utf8), to: "\(folder)/old")
        // What cannot be removed is left to the system.
        defer { try? PlainFile.removeFolder(folder) }
        var model = try DiskModel(metadata, holding: folder)
        for (place, operation) in operations.enumerated() { try model.take(operation, at: place) }
        var forms = Set<[UInt8]?>()
        for seed in 0..<200 {
            var random = SeededGenerator(seed: UInt64(seed))
            let image = DiskImage(model, cutAt: operations.count, using: &random)
            forms.insert(image.contents.first { $0.path == path }?.bytes)
        }
        return forms
    }
}
