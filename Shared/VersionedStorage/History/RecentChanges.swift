/// What the newest commits changed, in memory: what a client missed since a recent commit is found
/// without looking at a tree.
struct RecentChanges {
    /// The commits that are remembered; those that are not in git yet are so beyond this.
    static let maximumCommits = 8_192
    /// The changes of files that are remembered, of all commits together.
    static let maximumChanges = 65_536

    private struct Entry {
        let id: ObjectID
        let folders: [FolderChange]

        var changeCount: Int { folders.reduce(0) { $0 + $1.changes.count } }
    }

    // A commit's number is its place in `entries` plus `first`; forgotten ones are cut off in bulk.
    private var entries: [Entry] = []
    private var first = 0
    private var forgotten = 0
    private var numbers: [ObjectID: Int] = [:]
    private var changeCount = 0
    /// By folder: the commit before the first remembered one that changed it last.
    private var before: [String: ObjectID] = [:]

    /// Begins with a snapshot, of whose past nothing is remembered.
    init(at snapshot: Snapshot) {
        before = snapshot.folders.mapValues(\.lastChange)
    }

    /// Takes the next commit.
    ///
    /// - Parameters:
    ///   - commit: The commit.
    ///   - pending: How many of the newest commits are not in git yet, this one included: they cannot
    ///     be forgotten.
    mutating func append(_ commit: PreparedCommit, pending: Int) {
        let entry = Entry(id: commit.id, folders: commit.folders)
        numbers[commit.id] = first + entries.count
        entries.append(entry)
        changeCount += entry.changeCount
        while entries.count - forgotten > max(1, pending),
            entries.count - forgotten > Self.maximumCommits || changeCount > Self.maximumChanges
        {
            forgetOldest()
        }
        if forgotten > Self.maximumCommits {
            entries.removeFirst(forgotten)
            first += forgotten
            forgotten = 0
        }
    }

    private mutating func forgetOldest() {
        let entry = entries[forgotten]
        entries[forgotten] = Entry(id: entry.id, folders: [])
        forgotten += 1
        changeCount -= entry.changeCount
        numbers[entry.id] = nil
        for change in entry.folders { before[change.folder] = change.after.map { _ in entry.id } }
    }

    /// What was touched in a folder from one commit to another, by name.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - old: A commit that changed the folder.
    ///   - new: A later one that changed it.
    /// - Returns: The changes, in the order of the names' bytes; `nil` where a commit is not
    ///   remembered, or did not change the folder.
    func changes(in folder: String, from old: ObjectID, to new: ObjectID) -> [TreeChange]? {
        guard let start = number(of: old, changing: folder),
            let end = number(of: new, changing: folder), start <= end
        else { return nil }
        var fold = ChangeFold()
        for entry in entries[(start + 1 - first)..<(end + 1 - first)] {
            for change in entry.folders where change.folder == folder { fold.add(change.changes) }
        }
        return fold.changes
    }

    /// The last commit before what is remembered that changed a folder; git has it.
    func lastForgotten(of folder: String) -> ObjectID? { before[folder] }

    /// Whether a commit is remembered, whatever it changed.
    func contains(_ commit: ObjectID) -> Bool { numbers[commit] != nil }

    private func number(of commit: ObjectID, changing folder: String) -> Int? {
        if let number = numbers[commit] {
            let isChanged = entries[number - first].folders.contains { $0.folder == folder }
            return isChanged ? number : nil
        }
        return before[folder] == commit ? first + forgotten - 1 : nil
    }
}
