/// Joins what several commits changed into one list.
///
/// A name that was touched is in it, even where it now stands for what it stood for before: whoever
/// saw a state in between has to be told that it is not so any more.
struct ChangeFold {
    private var folded: [[UInt8]: TreeChange] = [:]

    /// Takes the changes of the next commit.
    mutating func add(_ changes: [TreeChange]) {
        for change in changes { add(change) }
    }

    private mutating func add(_ change: TreeChange) {
        guard let earlier = folded[change.nameBytes] else {
            folded[change.nameBytes] = change
            return
        }
        folded[change.nameBytes] = TreeChange(
            nameBytes: change.nameBytes,
            before: earlier.before,
            after: change.after,
            kind: change.kind
        )
    }

    /// What was touched, in the order of the names' bytes.
    var changes: [TreeChange] {
        folded.values.sorted { $0.nameBytes.lexicographicallyPrecedes($1.nameBytes) }
    }
}
