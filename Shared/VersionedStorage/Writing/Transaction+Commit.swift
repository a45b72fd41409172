extension Transaction {
    /// Makes the trees and the commit of this change, in memory.
    ///
    /// - Parameters:
    ///   - time: When it is made, in seconds since 1970.
    ///   - other: A commit of somebody else that this one takes in.
    ///   - text: The commit object's text, where it is not made of the message.
    /// - Returns: The commit and the store with it; `nil` where nothing would change.
    func prepared(
        at time: Int64,
        merging other: ObjectID? = nil,
        text: [UInt8]? = nil
    ) -> (commit: PreparedCommit, snapshot: Snapshot)? {
        let folders = edits.compactMap { name, edits in
            EditedFolder(name, edits, of: snapshot.folders[name])
        }
        guard !folders.isEmpty || other != nil else { return nil }
        guard let text = text ?? message?.text(at: time) else {
            preconditionFailure("a change of the store says who made it")
        }
        let root = snapshot.root.applying(folders.map(\.rootEdit))
        let rootID = ObjectHash.id(of: root.raw, .tree)
        let parents = [snapshot.commit, other].compactMap { $0 }
        let raw = Commit.encode(tree: rootID, parents: parents, text: text)
        let commit = PreparedCommit(
            id: ObjectHash.id(of: raw, .commit),
            raw: raw,
            time: time,
            rootID: rootID,
            folders: folders.map(\.change).sorted { $0.folder < $1.folder },
            blobs: blobs(for: folders)
        )
        var all = snapshot.folders
        for folder in folders {
            all[folder.change.folder] = folder.after(commit.id, at: time, from: snapshot)
        }
        let after = Snapshot(commit: commit.id, time: time, folders: all, root: root)
        return (commit, after)
    }
}

extension Transaction {
    /// The blobs that some changes brought, each once.
    fileprivate func blobs(for folders: [EditedFolder]) -> [(id: ObjectID, bytes: [UInt8])] {
        var wanted = Set(folders.flatMap { $0.change.changes.compactMap(\.after) })
        return blobs.filter { wanted.remove($0.id) != nil }
    }
}

/// One folder with its edits spliced in.
private struct EditedFolder {
    let change: FolderChange
    let tree: Tree
    let splices: [TreeSplice]
    let facts: [FileFacts.Fact]

    /// `nil` where the edits change nothing.
    init?(_ name: String, _ edits: [[UInt8]: Transaction.Edit], of folder: Folder?) {
        let before = folder?.tree ?? .empty
        var treeEdits: [TreeEdit] = []
        var facts: [FileFacts.Fact] = []
        var changes: [TreeChange] = []
        for (file, edit) in edits {
            let held = before.index(of: file).map { before.entry(at: $0) }
            let isSame =
                switch edit.value {
                case .removed: held == nil
                case .file(let id): held?.id == id && held?.kind == .file
                case .tree(let id): held?.id == id && held?.kind == .tree
                }
            guard !isSame else { continue }
            treeEdits.append(TreeEdit(name: file, value: edit.value))
            facts.append(edit.fact)
            changes.append(TreeChange(file, held, edit.value))
        }
        guard !treeEdits.isEmpty else { return nil }
        splices = before.splices(for: treeEdits)
        tree = before.applying(splices)
        self.facts = facts
        change = FolderChange(
            folder: name,
            before: folder?.treeID,
            after: tree.count == 0 ? nil : ObjectHash.id(of: tree.raw, .tree),
            changes: changes.sorted { $0.nameBytes.lexicographicallyPrecedes($1.nameBytes) }
        )
    }

    var rootEdit: TreeEdit {
        TreeEdit(
            name: Array(change.folder.utf8),
            value: change.after.map { .tree($0) } ?? .removed
        )
    }

    /// The folder after the commit; `nil` where it is gone.
    func after(_ commit: ObjectID, at time: Int64, from snapshot: Snapshot) -> Folder? {
        guard let treeID = change.after else { return nil }
        let before = snapshot.folders[change.folder]
        // A new folder has no past to look up.
        let times = before == nil ? .empty : before?.times
        return Folder(
            name: change.folder,
            treeID: treeID,
            tree: tree,
            lastChange: commit,
            facts: (before?.facts ?? .empty).applying(splices) { facts[$0] },
            times: times?.applying(splices, at: time)
        )
    }
}

extension TreeChange {
    fileprivate init(_ name: [UInt8], _ held: Tree.Entry?, _ value: TreeEdit.Value) {
        let (after, kind): (ObjectID?, Tree.Kind) =
            switch value {
            case .removed: (nil, held?.kind ?? .file)
            case .file(let id): (id, .file)
            case .tree(let id): (id, .tree)
            }
        self.init(nameBytes: name, before: held?.id, after: after, kind: kind)
    }
}
