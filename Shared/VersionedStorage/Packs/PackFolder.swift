#if canImport(Glibc)
    import Glibc
#endif

/// The repository's packs: the newest, which each checkpoint replaces by a larger one, and those
/// that have reached their size.
///
/// The newest has a `.keep` file, so that an operator's `git gc` leaves it alone while it may be
/// replaced at any time; the others are git's to repack. Used by one thread at a time.
final class PackFolder {
    /// A pack that has grown to this is left as it is, and a new one begun.
    static let fullBytes = 4 << 20

    private static let keepText = "Everlock Contacts: the newest pack, replaced as it grows"
    private static let rootFolder = ""

    let repositoryPath: String
    let work: WorkSteps
    private let warn: @Sendable (String) -> Void
    private var newest: Pack?
    /// Whether ``newest`` has been looked for: reading its index is left to the first checkpoint, since
    /// a store that is only read needs none.
    private var isNewestFound = false
    /// Bytes of trees in the newest pack that are kept whole.
    private var wholeTreeBytes = 0
    private var chains: [String: TreeChain] = [:]
    /// Packs that others have replaced, and that a reader may still be about to open.
    private var retired: [Pack] = []
    private var lastRetired: [Pack] = []
    private let small: Deflater
    private let large: Deflater

    /// Looks at the packs of a repository, and clears away what an end of power has left over.
    ///
    /// - Parameters:
    ///   - repository: The repository's folder.
    ///   - work: Counts what is written.
    ///   - warn: Hears what is wrong with the packs.
    /// - Throws: ``StorageError/damaged(_:)`` where an index leads beyond its pack; ``StorageError`` where
    ///   zlib gives no memory.
    init(
        repository: String,
        work: WorkSteps = WorkSteps(),
        warn: @escaping @Sendable (String) -> Void
    ) throws(StorageError) {
        repositoryPath = repository
        self.work = work
        self.warn = warn
        small = try Deflater(level: 6)
        large = try Deflater(level: 1)
        for name in FileBytes.names(in: folderPath) {
            if name.contains("_everlock_") {
                unlink("\(folderPath)/\(name)")
            } else if name.hasSuffix(".idx") {
                try PackIndex.checkPlaces(folder: folderPath, name: String(name.dropLast(4)))
            }
        }
    }

    /// The folder that the packs lie in.
    var folderPath: String { "\(repositoryPath)/objects/pack" }

    private func findNewest() throws(StorageError) {
        guard !isNewestFound else { return }
        isNewestFound = true
        var kept: [String: Pack] = [:]
        for name in FileBytes.names(in: folderPath) where name.hasSuffix(".keep") {
            let name = String(name.dropLast(5))
            do throws(StorageError) {
                let pack = try Pack(folder: folderPath, name: name)
                if pack.keepText.hasPrefix(Self.keepText) { kept[name] = pack }
            } catch {
                // Without its pack, a .keep file is what was left of a checkpoint that was cut off.
                if access("\(folderPath)/\(name).pack", F_OK) != 0 {
                    unlink("\(folderPath)/\(name).keep")
                } else {
                    warn("\(error); remove the index, and make it anew with git index-pack")
                }
            }
        }
        for pack in kept.values {
            let words = pack.keepText.split { $0 == " " || $0 == "\n" }
            guard let old = words.last.map(String.init), let replaced = kept[old] else { continue }
            replaced.remove()
            kept[old] = nil
        }
        for pack in kept.values {
            if let other = newest, other.bytes >= pack.bytes {
                pack.release()
            } else {
                newest?.release()
                newest = pack
            }
        }
    }

    /// Puts commits with all that they brought into the newest pack.
    ///
    /// The pack is on disk and visible to git when the call returns; the branch does not know of it
    /// yet.
    ///
    /// - Parameters:
    ///   - commits: Commits in order, each the parent of the next.
    ///   - base: The store before the first.
    ///   - result: The store after the last.
    ///   - known: The objects that lie in packs already.
    /// - Throws: ``StorageError`` where the pack cannot be written; then git sees what it saw.
    func add(
        _ commits: [PreparedCommit],
        from base: Snapshot,
        to result: Snapshot,
        known: ObjectDatabase
    ) throws(StorageError) {
        do throws(StorageError) {
            try write(commits, from: base, to: result, known: known)
        } catch {
            // The chains tell of a pack that never came to be.
            chains = [:]
            throw error
        }
    }

    private func write(
        _ commits: [PreparedCommit],
        from base: Snapshot,
        to result: Snapshot,
        known: ObjectDatabase
    ) throws(StorageError) {
        try findNewest()
        var old = newest
        if let lost = old, access(lost.path, F_OK) != 0 {
            // Repacked by somebody who has taken its .keep file away.
            chains = [:]
            wholeTreeBytes = 0
            old = nil
        }
        if let full = old, full.bytes >= Self.fullBytes + 4 * wholeTreeBytes {
            full.release()
            chains = [:]
            wholeTreeBytes = 0
            old = nil
        }
        let writer = try PackWriter(folder: folderPath, work: work)
        if let old { try writer.append(contentsOf: old) }
        var round = Round(writer: writer, old: old, known: known, base: base)
        for commit in commits {
            try write(commit, &round)
            work.wentOn()
        }
        shareTrees(with: result)
        guard !round.written.isEmpty else { return }
        let replaces = old.map { "\nreplaces \($0.name)\n" } ?? "\n"
        newest = try writer.finish(keep: Self.keepText + replaces)
        if let old { retired.append(old) }
    }

    /// Lets the chains hold the trees that the newest snapshot holds anyway.
    private func shareTrees(with snapshot: Snapshot) {
        for folder in snapshot.folders.values { follow(folder.tree, of: folder.name) }
        follow(snapshot.root, of: Self.rootFolder)
    }

    /// Goes on from a tree of a folder; a chain that does not lead to it is at its end.
    private func follow(_ tree: Tree, of folder: String) {
        if chains[folder]?.follow(tree) == false { chains[folder] = nil }
    }

    /// One checkpoint's work.
    private struct Round {
        let writer: PackWriter
        let old: Pack?
        let known: ObjectDatabase
        let base: Snapshot
        var written: Set<ObjectID> = []
        var trees: [String: Tree] = [:]

        func isNew(_ id: ObjectID) -> Bool {
            !written.contains(id) && old?.offset(of: id) == nil && !known.contains(id)
        }

        func tree(_ folder: String) -> Tree {
            if let tree = trees[folder] { return tree }
            if folder == rootFolder { return base.root }
            return base.folders[folder]?.tree ?? .empty
        }
    }

    private func write(_ commit: PreparedCommit, _ round: inout Round) throws(StorageError) {
        for blob in commit.blobs where round.isNew(blob.id) {
            try writeWhole(blob.id, .blob, blob.bytes, &round)
        }
        var rootChanges: [TreeChange] = []
        for change in commit.folders {
            try write(change, &round)
            rootChanges.append(
                TreeChange(
                    name: change.folder,
                    before: change.before,
                    after: change.after,
                    kind: .tree
                )
            )
        }
        let root = FolderChange(
            folder: Self.rootFolder,
            before: nil,
            after: commit.rootID,
            changes: rootChanges
        )
        try write(root, &round)
        if round.isNew(commit.id) { try writeWhole(commit.id, .commit, commit.raw, &round) }
    }

    private func write(_ change: FolderChange, _ round: inout Round) throws(StorageError) {
        let folder = change.folder
        let before = round.tree(folder)
        follow(before, of: folder)
        if chains[folder] == nil { resumeChain(folder, before, change.before, round) }
        let tree = before.applying(change.changes.map { TreeEdit($0) })
        round.trees[folder] = tree
        if let id = change.after {
            try write(tree, id, of: folder, change.changes, &round)
        } else {
            chains[folder] = nil
        }
    }

    /// Writes a tree as what differs from an earlier one of its folder, or whole.
    private func write(
        _ tree: Tree,
        _ id: ObjectID,
        of folder: String,
        _ changes: [TreeChange],
        _ round: inout Round
    ) throws(StorageError) {
        let step = chains[folder]?.advance(to: tree, changes: changes)
        guard round.isNew(id) else { return }
        let offset = round.writer.offset
        guard let step else {
            try writeWhole(id, .tree, tree.raw, &round)
            wholeTreeBytes += round.writer.offset - offset
            chains[folder] = TreeChain(on: tree, at: offset, depth: 0)
            return
        }
        round.written.insert(id)
        try round.writer.append(
            id,
            header: PackHeader.delta(bytes: step.delta.count, distance: offset - step.base),
            stream: small.deflate(step.delta)
        )
        chains[folder]?.placed(step, at: offset)
    }

    /// Goes on from the tree that the newest pack has of a folder, after a start.
    private func resumeChain(_ folder: String, _ tree: Tree, _ id: ObjectID?, _ round: Round) {
        guard let old = round.old, tree.count > 0 else { return }
        let id = id ?? ObjectHash.id(of: tree.raw, .tree)
        guard let offset = old.offset(of: id), let depth = old.depth(at: offset) else { return }
        chains[folder] = TreeChain(on: tree, at: offset, depth: depth)
    }

    private func writeWhole(
        _ id: ObjectID,
        _ kind: ObjectKind,
        _ bytes: [UInt8],
        _ round: inout Round
    ) throws(StorageError) {
        round.written.insert(id)
        let deflater = bytes.count > 64 * 1_024 ? large : small
        try round.writer.append(
            id,
            header: PackHeader.whole(kind, bytes: bytes.count),
            stream: deflater.deflate(bytes)
        )
    }

    /// Notes packs whose objects lie in another now.
    func retire(_ packs: [Pack]) { retired += packs }

    func isRetired(_ name: String) -> Bool { (retired + lastRetired).contains { $0.name == name } }

    /// Takes away all packs that were replaced: whoever reads now looks anew.
    func clearAllRetired() {
        clearRetired()
        clearRetired()
    }

    /// Takes away the packs that were replaced by an earlier checkpoint than the last.
    ///
    /// Called when the branch stands at what the newest pack has. A reader that has just listed the
    /// folder finds what it looks for until the next checkpoint.
    func clearRetired() {
        // Git's index over several packs does not outlive one of them, as with git's own repack.
        if !lastRetired.isEmpty { unlink("\(folderPath)/multi-pack-index") }
        for pack in lastRetired { pack.remove() }
        lastRetired = retired
        retired = []
    }
}
