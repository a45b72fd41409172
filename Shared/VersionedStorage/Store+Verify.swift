/// What a check of a whole store counted.
public struct Verification: Sendable {
    /// The commits of the history.
    public internal(set) var commits = 0
    /// The objects that are reachable, each counted once.
    public internal(set) var objects = 0
}

extension Store {
    /// Reads every object that the history reaches, compares its content with its id, and compares
    /// what the store has derived from the history with what follows from it.
    ///
    /// Others read and write meanwhile: what is checked is the state at the beginning.
    ///
    /// - Parameters:
    ///   - progress: Called now and then with the number of objects read.
    ///   - problem: Hears of each thing that is wrong.
    /// - Returns: What was counted.
    /// - Throws: What a closure threw.
    public func verify(
        progress: (Int) throws -> Void,
        problem: (String) throws -> Void
    ) throws -> Verification {
        var counts = Verification()
        do throws(StorageError) {
            try checkpoint()
        } catch {
            try problem("what the journal has cannot be put into git: \(error)")
        }
        let snapshot = self.snapshot
        var seen = Set<ObjectID>()
        var open = snapshot.commit.map { [$0] } ?? []
        while let id = open.popLast() {
            // Where changes from elsewhere were merged, ways part and meet again.
            guard seen.insert(id).inserted else { continue }
            do {
                let commit = try Commit(id: id, parsing: ledger.objects.read(id, .commit))
                counts.commits += 1
                counts.objects += 1
                open += commit.merged
                if let parent = commit.parent { open.append(parent) }
                try verify(tree: commit.tree, &seen, &counts, progress, problem)
            } catch let error as StorageError {
                try problem("\(error)")
            }
        }
        try verifyDerived(snapshot, problem)
        return counts
    }

    private func verify(
        tree root: ObjectID,
        _ seen: inout Set<ObjectID>,
        _ counts: inout Verification,
        _ progress: (Int) throws -> Void,
        _ problem: (String) throws -> Void
    ) throws {
        var open: [(ObjectID, Tree.Kind)] = [(root, .tree)]
        while let (id, kind) = open.popLast() {
            guard kind != .other, seen.insert(id).inserted else { continue }
            counts.objects += 1
            if counts.objects.isMultiple(of: 1_000) { try progress(counts.objects) }
            do throws(StorageError) {
                let bytes = try ledger.objects.read(id, kind == .tree ? .tree : .blob)
                guard kind == .tree else { continue }
                try Tree(raw: bytes).forEach { _, id, kind in open.append((id, kind)) }
            } catch {
                try problem("\(error)")
            }
        }
    }

    /// Compares folders, last changes, sizes and keys with those that are read anew.
    private func verifyDerived(
        _ snapshot: Snapshot,
        _ problem: (String) throws -> Void
    ) throws {
        guard let commit = snapshot.commit else { return }
        let fresh: Snapshot
        do throws(StorageError) {
            fresh = try SnapshotReader(ledger.objects, ledger.facts).read(commit, known: nil)
        } catch {
            // The object that cannot be read has been named above.
            return
        }
        for name in Set(snapshot.folders.keys).union(fresh.folders.keys).sorted() {
            guard let held = snapshot.folders[name], let read = fresh.folders[name],
                held.treeID == read.treeID, held.lastChange == read.lastChange,
                held.facts == read.facts
            else {
                try problem(
                    "\(name): the index differs from the history; "
                        + "stop the service and remove \(path)/everlock/index, it is made anew"
                )
                continue
            }
        }
    }
}
