/// What one commit will change, on top of a snapshot that no other writer can move meanwhile.
public struct Transaction {
    /// The store as this change finds it.
    public let snapshot: Snapshot

    /// One file's new state.
    struct Edit {
        let value: TreeEdit.Value
        let fact: FileFacts.Fact

        static let removed = Edit(value: .removed, fact: FileFacts.Fact(bytes: 0, key: 0))
    }

    /// By folder, then by the bytes of the file's name.
    private(set) var edits: [String: [[UInt8]: Edit]] = [:]
    private(set) var blobs: [(id: ObjectID, bytes: [UInt8])] = []
    private(set) var message: CommitMessage?

    init(snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    /// Puts a file into a folder, which is made where it does not exist.
    ///
    /// - Parameters:
    ///   - bytes: The file.
    ///   - name: Its name.
    ///   - folder: Its folder.
    ///   - key: The key of the file, as the store's owner derives it from the content.
    /// - Returns: The file's blob id.
    /// - Throws: ``StorageError/invalidName(_:)``, or that the bytes are a forged collision.
    @discardableResult
    public mutating func write(
        _ bytes: [UInt8],
        to name: String,
        in folder: String,
        key: UInt64
    ) throws(StorageError) -> ObjectID {
        try Self.check(name)
        try Self.check(folder)
        let id = try ObjectID(hashing: bytes)
        let fact = FileFacts.Fact(bytes: bytes.count, key: key)
        edits[spelling(folder), default: [:]][Array(name.utf8)] = Edit(value: .file(id), fact: fact)
        blobs.append((id, bytes))
        return id
    }

    /// Puts a file that the snapshot has into a folder, under a name of its own.
    ///
    /// - Throws: ``StorageError/invalidName(_:)``, ``StorageError/notFound(_:)``.
    public mutating func copy(
        _ source: String,
        in sourceFolder: String,
        to name: String,
        in folder: String
    ) throws(StorageError) {
        try Self.check(name)
        try Self.check(folder)
        guard let held = snapshot.folders[sourceFolder], let index = held.tree.index(of: source)
        else { throw StorageError.notFound("\(sourceFolder)/\(source)") }
        let fact = FileFacts.Fact(bytes: held.size(at: index), key: held.key(at: index))
        let value = TreeEdit.Value.file(held.tree.entry(at: index).id)
        edits[spelling(folder), default: [:]][Array(name.utf8)] = Edit(value: value, fact: fact)
    }

    /// Takes a file out of its folder; a folder without files is gone with the last.
    public mutating func remove(_ name: String, in folder: String) {
        edits[spelling(folder), default: [:]][Array(name.utf8)] = .removed
    }

    /// Takes a folder out of the store with all that is in it.
    public mutating func removeFolder(_ folder: String) {
        guard let held = snapshot.folders[folder] else { return }
        for index in 0..<held.tree.count {
            edits[held.name, default: [:]][held.tree.nameBytes(at: index)] = .removed
        }
    }

    /// Says who makes this change and why; a change without a message is refused.
    public mutating func describe(_ message: CommitMessage) {
        self.message = message
    }

    /// Takes an entry of somebody else's tree as it is.
    mutating func take(_ change: TreeChange, in folder: String, fact: FileFacts.Fact) {
        let edit = Edit(value: TreeEdit(change).value, fact: fact)
        edits[spelling(folder), default: [:]][change.nameBytes] = edit
    }

    /// A folder's name as git has it: Unicode writes some characters in more than one way, and a
    /// folder is found by any of them.
    private func spelling(_ folder: String) -> String { snapshot.folders[folder]?.name ?? folder }

    /// Takes blobs that edits name.
    mutating func adopt(_ blobs: [(id: ObjectID, bytes: [UInt8])]) { self.blobs += blobs }

    /// A name that git keeps in a tree and that no check-out on any system stumbles over.
    private static func check(_ name: String) throws(StorageError) {
        let bytes = name.utf8
        let isPlain = !bytes.contains { $0 == 0x2F || $0 == 0 || $0 == 0x5C }
        guard (1...255).contains(bytes.count), bytes.first != 0x2E, isPlain else {
            throw StorageError.invalidName(name)
        }
    }
}
