/// What a check of a whole store found.
public struct Verification: Sendable {
    /// The commits of the history.
    public internal(set) var commits = 0
    /// The objects that are reachable, each counted once.
    public internal(set) var objects = 0
    /// What is wrong, an entry each.
    public internal(set) var problems: [String] = []
}

extension Store {
    /// Reads every object that the history reaches and compares its content with its id.
    ///
    /// - Parameter progress: Called now and then with the number of objects read.
    /// - Returns: What was found.
    public func verify(progress: (Int) -> Void) -> Verification {
        var report = Verification()
        do throws(StorageError) {
            try checkpoint()
        } catch {
            report.problems.append("what the journal has cannot be put into git: \(error)")
        }
        var seen = Set<ObjectID>()
        var next = snapshot.commit
        while let id = next {
            do throws(StorageError) {
                let commit = try Commit(id: id, parsing: ledger.objects.read(id, .commit))
                report.commits += 1
                report.objects += 1
                verify(tree: commit.tree, &seen, &report, progress)
                next = commit.parent
            } catch {
                report.problems.append("\(error)")
                next = nil
            }
        }
        return report
    }

    private func verify(
        tree root: ObjectID,
        _ seen: inout Set<ObjectID>,
        _ report: inout Verification,
        _ progress: (Int) -> Void
    ) {
        var open: [(ObjectID, Tree.Kind)] = [(root, .tree)]
        while let (id, kind) = open.popLast() {
            guard kind != .other, seen.insert(id).inserted else { continue }
            report.objects += 1
            if report.objects.isMultiple(of: 1_000) { progress(report.objects) }
            do throws(StorageError) {
                let bytes = try ledger.objects.read(id, kind == .tree ? .tree : .blob)
                guard kind == .tree else { continue }
                try Tree(raw: bytes).forEach { _, id, kind in open.append((id, kind)) }
            } catch {
                report.problems.append("\(error)")
            }
        }
    }
}
