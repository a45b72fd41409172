/// When the files of a folder were made and last changed, as of one commit.
struct FolderTimes: Sendable {
    /// The last commit that changed the folder.
    let lastChange: ObjectID
    let tree: Tree
    let times: FileTimes

    private func times(of name: [UInt8]) -> (created: Int64, modified: Int64)? {
        tree.index(of: name).map { (times.created[$0], times.modified[$0]) }
    }
}

extension FolderTimes {
    /// Walks a folder's history back until it is known of each file when it was made.
    ///
    /// - Parameters:
    ///   - folder: The folder as it stands in a snapshot.
    ///   - known: The times at an earlier commit, where the walk ends if it gets there.
    ///   - history: What to read from; it must have the trees of all commits.
    /// - Throws: ``StorageError`` where a commit or a tree cannot be read.
    init(
        of folder: Folder,
        known: FolderTimes?,
        history: History
    ) throws(StorageError) {
        var created: [[UInt8]: Int64] = [:]
        var modified: [[UInt8]: Int64] = [:]
        var commit = try history.commit(folder.lastChange)
        var tree = folder.tree
        var treeID: ObjectID? = folder.treeID
        while created.count < folder.tree.count, commit.id != known?.lastChange {
            let parent: Commit? = if let id = commit.parent { try history.commit(id) } else { nil }
            var before = Tree.empty
            var beforeID: ObjectID?
            if let parent { beforeID = try history.folderID(folder.name, at: parent) }
            if let id = beforeID { before = id == treeID ? tree : try history.tree(id) }
            for change in tree.changes(since: before) where change.after != nil {
                let name = change.nameBytes
                if modified[name] == nil { modified[name] = commit.time }
                if change.before == nil, created[name] == nil,
                    folder.tree.index(of: name) != nil
                {
                    created[name] = commit.time
                }
            }
            tree = before
            treeID = beforeID
            guard let parent else { break }
            commit = parent
        }
        var createdColumn: [Int64] = []
        var modifiedColumn: [Int64] = []
        for index in 0..<folder.tree.count {
            let name = folder.tree.nameBytes(at: index)
            let held = known?.times(of: name)
            createdColumn.append(created[name] ?? held?.created ?? commit.time)
            modifiedColumn.append(modified[name] ?? held?.modified ?? commit.time)
        }
        lastChange = folder.lastChange
        self.tree = folder.tree
        times = FileTimes(created: createdColumn, modified: modifiedColumn)
    }
}
