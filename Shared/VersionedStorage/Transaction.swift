/// What one commit will change, on top of a snapshot that no other writer can move meanwhile.
public struct Transaction {
    /// The store as this change finds it.
    public let snapshot: Snapshot

    private let repository: GitRepository
    private(set) var edits: [String: [String: TreeEdit.Value]] = [:]
    private(set) var message: CommitMessage?

    init(snapshot: Snapshot, repository: GitRepository) {
        self.snapshot = snapshot
        self.repository = repository
    }

    /// Puts a file into a folder, which is made where it does not exist.
    ///
    /// - Returns: The file's blob id.
    /// - Throws: ``StorageError/invalidName(_:)``, or what writing the blob failed with.
    @discardableResult
    public mutating func write(
        _ bytes: [UInt8],
        to name: String,
        in folder: String
    ) throws(StorageError) -> ObjectID {
        try Self.check(name)
        try Self.check(folder)
        let id = try repository.write(bytes, .blob)
        edits[folder, default: [:]][name] = .file(id)
        return id
    }

    /// Puts a file that the store already has into a folder, under a name of its own.
    public mutating func link(
        _ id: ObjectID,
        as name: String,
        in folder: String
    ) throws(StorageError) {
        try Self.check(name)
        try Self.check(folder)
        edits[folder, default: [:]][name] = .file(id)
    }

    /// Takes a file out of its folder; a folder without files is gone with the last.
    public mutating func remove(_ name: String, in folder: String) {
        edits[folder, default: [:]][name] = .removed
    }

    /// Takes a folder out of the store with all that is in it.
    public mutating func removeFolder(_ folder: String) {
        guard let tree = snapshot.folders[folder]?.tree else { return }
        for index in 0..<tree.count {
            edits[folder, default: [:]][tree.entry(at: index).name] = .removed
        }
    }

    /// Says who makes this change and why; a change without a message is refused.
    public mutating func describe(_ message: CommitMessage) {
        self.message = message
    }

    /// A name that git keeps in a tree and that no check-out on any system stumbles over.
    private static func check(_ name: String) throws(StorageError) {
        let bytes = name.utf8
        let isPlain = !bytes.contains { $0 == 0x2F || $0 == 0 || $0 == 0x5C }
        guard (1...255).contains(bytes.count), bytes.first != 0x2E, isPlain else {
            throw StorageError.invalidName(name)
        }
    }
}
