/// One folder as it stood at a commit; it never changes.
public struct Folder: Sendable {
    /// The folder's name at the top of the repository.
    public let name: String
    /// The id of the folder's tree.
    public let treeID: ObjectID
    /// The files in it.
    public let tree: Tree
    /// The last commit that changed the folder, at or before the snapshot's.
    public let lastChange: ObjectID
    let facts: FileFacts
    /// `nil` until somebody asks, where the index did not have them.
    let times: FileTimes?

    /// The bytes of the file at a position of ``tree``.
    public func size(at index: Int) -> Int { Int(facts.sizes[index]) }

    /// The key of the file at a position of ``tree``, as the store's owner derives it.
    public func key(at index: Int) -> UInt64 { facts.keys[index] }

    /// The positions in ``tree`` of the files that have a key.
    ///
    /// A walk over eight bytes a file: a hundredth of what hashing the tree costs a writer.
    public func indices(ofKey key: UInt64) -> [Int] {
        var indices: [Int] = []
        facts.keys.withUnsafeBufferPointer { keys in
            for index in keys.indices where keys[index] == key { indices.append(index) }
        }
        return indices
    }

    /// The number of files that have another key.
    public func count(withoutKey key: UInt64) -> Int {
        facts.keys.reduce(0) { count, own in own == key ? count : count + 1 }
    }
}

/// The whole store as it stood at one commit; it never changes, and reading it waits for nobody.
public struct Snapshot: Sendable {
    /// The commit, or `nil` in a store without one.
    public let commit: ObjectID?
    /// When the commit was made, in seconds since 1970.
    public let time: Int64
    /// The folders at the top of the repository, by name.
    public let folders: [String: Folder]
    /// The top of the repository, files of others' included.
    public let root: Tree

    /// A store without a commit.
    static let empty = Snapshot(commit: nil, time: 0, folders: [:], root: .empty)
}
