/// Reads the store at a commit out of git, with what an earlier state already knows taken over.
struct SnapshotReader {
    private let objects: Objects
    private let history: History
    private let source: FactSource

    init(_ objects: Objects, _ source: FactSource) {
        self.objects = objects
        self.source = source
        history = History(objects)
    }

    /// What is known of the store at some commit, from memory or from the index.
    struct Known {
        struct Folder {
            let treeID: ObjectID
            let lastChange: ObjectID
            let tree: Tree?
            let facts: FileFacts
            let times: FileTimes?
        }

        let commit: ObjectID
        let folders: [String: Folder]

        /// What a snapshot knows; `nil` for a store without a commit.
        init?(_ snapshot: Snapshot) {
            guard let commit = snapshot.commit else { return nil }
            self.commit = commit
            folders = snapshot.folders.mapValues {
                Folder(
                    treeID: $0.treeID,
                    lastChange: $0.lastChange,
                    tree: $0.tree,
                    facts: $0.facts,
                    times: $0.times
                )
            }
        }

        /// What the index knows.
        init(_ index: StoreIndex) {
            commit = index.commit
            folders = index.folders.mapValues {
                Folder(
                    treeID: $0.treeID,
                    lastChange: $0.lastChange,
                    tree: nil,
                    facts: $0.facts,
                    times: $0.times
                )
            }
        }
    }

    /// Reads the store at a commit.
    ///
    /// - Throws: ``StorageError`` where the commit or one of its trees cannot be read.
    func read(_ head: ObjectID, known: Known?) throws(StorageError) -> Snapshot {
        let commit = try history.commit(head)
        let root = try history.tree(commit.tree)
        let ids = History.folderIDs(root)
        let lastChanges = try history.lastChanges(
            of: ids,
            from: commit,
            known: known.map { ($0.commit, $0.folders.mapValues(\.lastChange)) }
        )
        var folders: [String: Folder] = [:]
        for (name, id) in ids {
            let lastChange = lastChanges[name] ?? head
            folders[name] = try folder(name, id, lastChange, known?.folders[name])
        }
        return Snapshot(commit: head, time: commit.time, folders: folders, root: root)
    }

    private func folder(
        _ name: String,
        _ id: ObjectID,
        _ lastChange: ObjectID,
        _ known: Known.Folder?
    ) throws(StorageError) -> Folder {
        if let known, known.treeID == id {
            let tree: Tree
            if let held = known.tree { tree = held } else { tree = try history.tree(id) }
            if known.facts.sizes.count == tree.count {
                return Folder(
                    name: name,
                    treeID: id,
                    tree: tree,
                    lastChange: lastChange,
                    facts: known.facts,
                    times: known.lastChange == lastChange ? known.times : nil
                )
            }
        }
        let tree = try history.tree(id)
        return Folder(
            name: name,
            treeID: id,
            tree: tree,
            lastChange: lastChange,
            facts: source.facts(of: tree, known: earlier(known), objects),
            times: nil
        )
    }

    /// The facts of an earlier tree with that tree, where both are to be had.
    private func earlier(_ known: Known.Folder?) -> (tree: Tree, facts: FileFacts)? {
        guard let known else { return nil }
        if let tree = known.tree { return (tree, known.facts) }
        do throws(StorageError) {
            let tree = try history.tree(known.treeID)
            return tree.count == known.facts.sizes.count ? (tree, known.facts) : nil
        } catch {
            return nil
        }
    }
}
