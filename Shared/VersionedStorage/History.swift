/// Reads the past: commits, trees at a commit, and which commit changed what.
struct History {
    private let repository: GitRepository

    init(_ repository: GitRepository) {
        self.repository = repository
    }

    /// Reads a commit.
    func commit(_ id: ObjectID) throws(StorageError) -> Commit {
        try Commit(id: id, parsing: repository.read(id, .commit))
    }

    /// Reads a tree.
    func tree(_ id: ObjectID) throws(StorageError) -> Tree {
        try Tree(raw: repository.read(id, .tree))
    }

    /// The id of a folder's tree at a commit, or `nil` where it had none.
    func folderID(_ name: String, at commit: Commit) throws(StorageError) -> ObjectID? {
        try Self.folderID(name, in: tree(commit.tree))
    }

    private static func folderID(_ name: String, in root: Tree) -> ObjectID? {
        guard case .found(let index) = root.find(Array(name.utf8), isTree: true) else {
            return nil
        }
        return root.entry(at: index).id
    }

    /// The store at a commit, with what an older snapshot already knows taken over.
    ///
    /// Walks back from the commit until it is known of every folder which commit changed it last.
    func snapshot(at head: ObjectID?, after known: Snapshot) throws(StorageError) -> Snapshot {
        guard let head else { return .empty }
        let first = try commit(head)
        let root = try tree(first.tree)
        let ids = Self.folderIDs(root)
        let lastChanges = try self.lastChanges(of: ids, from: first, root: root, known: known)
        var folders: [String: Folder] = [:]
        for (name, id) in ids {
            let old = known.folders[name]
            let tree: Tree
            if let old, old.treeID == id { tree = old.tree } else { tree = try self.tree(id) }
            folders[name] = Folder(
                name: name,
                treeID: id,
                tree: tree,
                lastChange: lastChanges[name] ?? head
            )
        }
        return Snapshot(commit: head, time: first.time, folders: folders, root: root)
    }

    private static func folderIDs(_ root: Tree) -> [String: ObjectID] {
        var ids: [String: ObjectID] = [:]
        for index in 0..<root.count {
            let entry = root.entry(at: index)
            if entry.kind == .tree, !entry.name.hasPrefix(".") { ids[entry.name] = entry.id }
        }
        return ids
    }

    private func lastChanges(
        of ids: [String: ObjectID],
        from head: Commit,
        root: Tree,
        known: Snapshot
    ) throws(StorageError) -> [String: ObjectID] {
        var found: [String: ObjectID] = [:]
        var open = ids
        var commit = head
        while !open.isEmpty {
            if commit.id == known.commit {
                for (name, _) in open { found[name] = known.folders[name]?.lastChange }
                break
            }
            guard let parentID = commit.parent else {
                for (name, _) in open { found[name] = commit.id }
                break
            }
            let parent = try self.commit(parentID)
            let before = Self.folderIDs(try tree(parent.tree))
            for (name, id) in open where before[name] != id {
                found[name] = commit.id
                open[name] = nil
            }
            commit = parent
        }
        return found
    }

    /// When each file of a folder was last changed, in seconds since 1970.
    ///
    /// - Parameters:
    ///   - folder: The folder as it stands in a snapshot.
    ///   - known: Times of the same folder at an older commit, which end the walk where they begin.
    /// - Returns: The time of each file.
    /// - Throws: ``StorageError`` where the history cannot be read.
    func times(
        of folder: Folder,
        known: FolderTimes?
    ) throws(StorageError) -> FolderTimes {
        var times: [String: Int64] = [:]
        var next: ObjectID? = folder.lastChange
        var commit: Commit?
        var tree = folder.tree
        while let id = next, times.count < folder.tree.count {
            if id == known?.lastChange { break }
            let current: Commit
            if let commit { current = commit } else { current = try self.commit(id) }
            let parent: Commit? = if let id = current.parent { try self.commit(id) } else { nil }
            let beforeID: ObjectID? =
                if let parent { try folderID(folder.name, at: parent) } else { nil }
            let currentID = try folderID(folder.name, at: current)
            if beforeID != currentID {
                let before: Tree = if let id = beforeID { try self.tree(id) } else { .empty }
                for change in tree.changes(since: before) where change.after != nil {
                    guard times[change.name] == nil, isLatest(change, folder) else { continue }
                    times[change.name] = current.time
                }
                tree = before
            }
            next = parent?.id
            commit = parent
        }
        if let known {
            times.merge(known.times.filter { folder.tree.entry(named: $0.key) != nil }) { new, _ in
                new
            }
        }
        return FolderTimes(lastChange: folder.lastChange, times: times)
    }

    private func isLatest(_ change: TreeChange, _ folder: Folder) -> Bool {
        folder.tree.entry(named: change.name)?.id == change.after
    }
}

/// When each file of a folder was last changed, as of one commit.
struct FolderTimes: Sendable {
    let lastChange: ObjectID
    let times: [String: Int64]
}
