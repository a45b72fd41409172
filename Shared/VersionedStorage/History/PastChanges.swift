internal import Synchronization

/// What commits changed that are in git and older than ``RecentChanges``: each is compared with its
/// parent once, and remembered.
///
/// Two trees say how a folder differs, and not what came and went between them. Holds what never
/// changes, within limits; safe from any thread.
final class PastChanges: Sendable {
    /// The most commits that one answer goes back.
    static let maximumCommits = 8_192
    /// The most changes of files that one answer takes together, and that are remembered.
    static let maximumChanges = 65_536

    private struct Key: Hashable {
        let commit: ObjectID
        let folder: String
    }

    /// One commit, seen from one folder.
    private struct Step {
        let parent: ObjectID?
        /// What the commit changed in the folder.
        let changes: [TreeChange]
    }

    private struct Known {
        var steps: [Key: Step] = [:]
        var changeCount = 0
    }

    private let known = Mutex(Known())

    /// What the commits behind one and up to another touched in a folder.
    ///
    /// - Parameters:
    ///   - folder: The folder's name.
    ///   - old: The commit to go back to.
    ///   - new: The commit to begin at; git has it and all before it.
    ///   - history: What to read from.
    /// - Returns: The changes, in the order of the names' bytes; `nil` where `old` is not met within
    ///   the limits.
    /// - Throws: ``StorageError`` where a commit or a tree cannot be read.
    func changes(
        in folder: String,
        from old: ObjectID,
        to new: ObjectID,
        _ history: History
    ) throws(StorageError) -> [TreeChange]? {
        var steps: [Step] = []
        var changeCount = 0
        var next: ObjectID? = new
        // The tree that the step before has read is this one's newer tree.
        var held: (id: ObjectID, tree: Tree)?
        while let id = next, id != old {
            let step = try step(Key(commit: id, folder: folder), history, &held)
            changeCount += step.changes.count
            guard steps.count < Self.maximumCommits, changeCount <= Self.maximumChanges else {
                return nil
            }
            steps.append(step)
            next = step.parent
        }
        guard next == old else { return nil }
        var fold = ChangeFold()
        for step in steps.reversed() { fold.add(step.changes) }
        return fold.changes
    }

    private func step(
        _ key: Key,
        _ history: History,
        _ held: inout (id: ObjectID, tree: Tree)?
    ) throws(StorageError) -> Step {
        if let step = known.withLock({ $0.steps[key] }) { return step }
        let commit = try history.commit(key.commit)
        let parent: Commit? = if let id = commit.parent { try history.commit(id) } else { nil }
        var changes: [TreeChange] = []
        if parent?.tree != commit.tree {
            let after = try history.folderID(key.folder, at: commit)
            let before: ObjectID? =
                if let parent { try history.folderID(key.folder, at: parent) } else { nil }
            if after != before {
                let newer = try tree(after, history, held)
                let older = try tree(before, history, nil)
                held = before.map { ($0, older) }
                changes = newer.changes(since: older)
            }
        }
        let step = Step(parent: commit.parent, changes: changes)
        remember(step, key)
        return step
    }

    private func tree(
        _ id: ObjectID?,
        _ history: History,
        _ held: (id: ObjectID, tree: Tree)?
    ) throws(StorageError) -> Tree {
        guard let id else { return .empty }
        if let held, held.id == id { return held.tree }
        return try history.tree(id)
    }

    private func remember(_ step: Step, _ key: Key) {
        known.withLock { known in
            if known.steps.count >= 2 * Self.maximumCommits
                || known.changeCount + step.changes.count > Self.maximumChanges
            {
                known = Known()
            }
            known.steps[key] = step
            known.changeCount += step.changes.count
        }
    }
}
