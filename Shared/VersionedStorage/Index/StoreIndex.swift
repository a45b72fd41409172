#if canImport(Glibc)
    import Glibc
#endif

/// What a store knows of itself beside git: of each folder its last change, the size, the key and
/// the times of each file.
///
/// Derived: it names the commit it stands for, each folder's part names the tree, and a sum at the
/// end covers it all. A lost or wrong index costs a walk over the files and nothing else. Format, all
/// numbers big-endian but the columns, which are as they are in memory:
///
/// ```
/// "EVLINDX1" | commit 20 | folders 4
/// { name 2+n | tree 20 | last change 20 | files 4 | has times 1 | sizes 4n | keys 8n | created 8n | modified 8n }
/// | crc-32 4
/// ```
struct StoreIndex: Equatable {
    /// One folder's part.
    struct FolderIndex: Equatable {
        let treeID: ObjectID
        let lastChange: ObjectID
        let facts: FileFacts
        let times: FileTimes?
    }

    /// The commit that the index stands for.
    let commit: ObjectID
    /// The folders at that commit.
    let folders: [String: FolderIndex]

    private static let magic = Array("EVLINDX1".utf8)
    private static let maximumFiles = 100_000_000

    /// Takes what a snapshot knows; `nil` for a store without a commit.
    init?(_ snapshot: Snapshot) {
        guard let commit = snapshot.commit else { return nil }
        self.commit = commit
        folders = snapshot.folders.mapValues { folder in
            FolderIndex(
                treeID: folder.treeID,
                lastChange: folder.lastChange,
                facts: folder.facts,
                times: folder.times
            )
        }
    }

    /// The index's bytes.
    func encode() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(Self.magic)
        writer.append(commit.bytes)
        writer.append(UInt32(folders.count))
        for (name, folder) in folders {
            writer.append(name: name.utf8)
            writer.append(folder.treeID.bytes)
            writer.append(folder.lastChange.bytes)
            writer.append(UInt32(folder.facts.sizes.count))
            writer.append(UInt8(folder.times == nil ? 0 : 1))
            writer.append(column: folder.facts.sizes)
            writer.append(column: folder.facts.keys)
            if let times = folder.times {
                writer.append(column: times.created)
                writer.append(column: times.modified)
            }
        }
        writer.append(PackSum.crc32(of: writer.bytes))
        return writer.bytes
    }

    /// Reads an index.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` for bytes that are none.
    init(decoding bytes: [UInt8]) throws(StorageError) {
        guard bytes.count > 4, bytes.starts(with: Self.magic) else {
            throw StorageError.damaged("the index has no head")
        }
        let content = bytes.dropLast(4)
        var sum = ByteReader(bytes.suffix(4))
        guard try sum.word() == PackSum.crc32(of: Array(content)) else {
            throw StorageError.damaged("the index's sum does not hold")
        }
        var reader = ByteReader(content.dropFirst(Self.magic.count))
        commit = try reader.id()
        var folders: [String: FolderIndex] = [:]
        for _ in 0..<(try reader.word()) {
            let name = String(decoding: try reader.name(), as: UTF8.self)
            folders[name] = try Self.folder(&reader)
        }
        try reader.end()
        self.folders = folders
    }

    private static func folder(
        _ reader: inout ByteReader<ArraySlice<UInt8>>
    ) throws(StorageError) -> FolderIndex {
        let treeID = try reader.id()
        let lastChange = try reader.id()
        let count = Int(try reader.word())
        guard count <= maximumFiles else { throw StorageError.damaged("the index's counts") }
        let hasTimes = try reader.byte() == 1
        let facts = FileFacts(
            sizes: try reader.column(count),
            keys: try reader.column(count)
        )
        var times: FileTimes?
        if hasTimes {
            times = FileTimes(
                created: try reader.column(count),
                modified: try reader.column(count)
            )
        }
        return FolderIndex(treeID: treeID, lastChange: lastChange, facts: facts, times: times)
    }

    // MARK: The file

    private static func path(_ store: String) -> String { "\(store)/everlock/index" }

    /// Reads a store's index; `nil` where there is none that can be read.
    static func read(store: String, warn: (String) -> Void) -> StoreIndex? {
        guard access(path(store), F_OK) == 0 else { return nil }
        do throws(StorageError) {
            return try StoreIndex(decoding: FileBytes.read(path(store)))
        } catch {
            warn("\(path(store)): \(error); it is made anew from the cards")
            return nil
        }
    }

    /// Puts the index in the place of the one before. It is not flushed: nothing depends on it.
    func write(store: String) throws(StorageError) {
        let temporary = "\(Self.path(store)).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError(call: "open", path: temporary) }
        defer { close(descriptor) }
        try FileBytes.write(encode(), to: descriptor, at: 0, path: temporary)
        guard rename(temporary, Self.path(store)) == 0 else {
            throw StorageError(call: "rename", path: temporary)
        }
    }
}

extension ByteWriter {
    /// A column's values as they lie in memory.
    mutating func append(column: [some FixedWidthInteger]) {
        column.withUnsafeBytes { append(Array($0)) }
    }
}

extension ByteReader {
    mutating func column<Value: FixedWidthInteger>(
        _ count: Int
    ) throws(StorageError) -> [Value] {
        let bytes = try bytes(count * (Value.bitWidth / 8))
        return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            filled = count
        }
    }
}
