/// Reads the past: commits, trees at a commit, and which commit changed what.
struct History {
    private let objects: Objects

    init(_ objects: Objects) {
        self.objects = objects
    }

    /// Reads a commit.
    func commit(_ id: ObjectID) throws(StorageError) -> Commit {
        try Commit(id: id, parsing: objects.read(id, .commit))
    }

    /// Reads a tree.
    func tree(_ id: ObjectID) throws(StorageError) -> Tree {
        try Tree(raw: objects.read(id, .tree))
    }

    /// The id of a folder's tree at a commit, or `nil` where it had none.
    func folderID(_ name: String, at commit: Commit) throws(StorageError) -> ObjectID? {
        let root = try tree(commit.tree)
        guard case .found(let index) = root.find(Array(name.utf8), isTree: true) else {
            return nil
        }
        return root.entry(at: index).id
    }

    /// Whether one commit lies in the history of another, along any of its parents; true for the
    /// same commit.
    func isAncestor(_ ancestor: ObjectID, of commit: ObjectID) throws(StorageError) -> Bool {
        var open = [commit]
        var seen: Set = [commit]
        while let id = open.popLast() {
            if id == ancestor { return true }
            let commit = try self.commit(id)
            for parent in [commit.parent].compactMap({ $0 }) + commit.merged
            where seen.insert(parent).inserted {
                open.append(parent)
            }
        }
        return false
    }

    /// The longest name of a folder of the store, in bytes.
    private static let maximumNameBytes = 255

    /// The ids of the folders that a top of the repository has.
    ///
    /// Hidden ones are not the store's, nor are those with a name that is too long, is not UTF-8, or
    /// that Unicode takes for the same as an earlier one: they stay as others have put them there.
    static func folderIDs(_ root: Tree) -> [String: ObjectID] {
        var ids: [String: ObjectID] = [:]
        root.forEach { name, id, kind in
            guard kind == .tree, name.count <= maximumNameBytes,
                let name = String(validating: name, as: UTF8.self), !name.hasPrefix(".")
            else { return }
            if ids[name] == nil { ids[name] = id }
        }
        return ids
    }

    /// The commit that changed each of some folders last.
    ///
    /// Walks back from a commit until it is known of each; at `known`, if that is met, the rest is
    /// taken from there.
    ///
    /// - Parameters:
    ///   - ids: The folders' trees at the commit.
    ///   - head: The commit to begin at.
    ///   - known: A commit and the last changes as of it.
    /// - Returns: The last change of each folder.
    /// - Throws: ``StorageError`` where a commit or a tree cannot be read.
    func lastChanges(
        of ids: [String: ObjectID],
        from head: Commit,
        known: (commit: ObjectID, changes: [String: ObjectID])?
    ) throws(StorageError) -> [String: ObjectID] {
        var found: [String: ObjectID] = [:]
        var open = ids
        var commit = head
        while !open.isEmpty {
            if let known, commit.id == known.commit {
                for (name, _) in open { found[name] = known.changes[name] ?? commit.id }
                break
            }
            guard let parentID = commit.parent else {
                for (name, _) in open { found[name] = commit.id }
                break
            }
            let parent = try self.commit(parentID)
            if parent.tree != commit.tree {
                let before = Self.folderIDs(try tree(parent.tree))
                for (name, id) in open where before[name] != id {
                    found[name] = commit.id
                    open[name] = nil
                }
            }
            commit = parent
        }
        return found
    }
}
