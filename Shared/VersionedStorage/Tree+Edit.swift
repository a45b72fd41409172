/// One change of one name in a tree.
struct TreeEdit: Sendable, Equatable {
    enum Value: Sendable, Equatable {
        case file(ObjectID)
        case tree(ObjectID)
        case removed
    }

    let name: [UInt8]
    let value: Value

    var isTree: Bool {
        if case .tree = value { true } else { false }
    }
}

extension Tree {
    /// The tree after some edits: the untouched stretches are copied, the edited entries spliced.
    ///
    /// Costs a copy of the bytes and a binary search per edit, for one edit as for ten thousand.
    ///
    /// - Parameter edits: At most one per name. A removal of what is not there changes nothing.
    /// - Returns: The new tree.
    func applying(_ edits: [TreeEdit]) -> Tree {
        var splices: [Splice] = []
        splices.reserveCapacity(edits.count)
        for edit in edits { splices += self.splices(for: edit) }
        splices.sort()
        let added = splices.reduce(0) { $0 + $1.bytes.count }
        var raw: [UInt8] = []
        raw.reserveCapacity(self.raw.count + added)
        var offsets: [UInt32] = []
        offsets.reserveCapacity(self.offsets.count + splices.count)
        var next = 0
        for splice in splices {
            copy(next..<splice.index, into: &raw, &offsets)
            if !splice.bytes.isEmpty {
                offsets.append(UInt32(truncatingIfNeeded: raw.count))
                raw += splice.bytes
            }
            next = splice.index + (splice.replaces ? 1 : 0)
        }
        copy(next..<count, into: &raw, &offsets)
        return Tree(raw: raw, offsets: offsets)
    }

    /// What an edit does at one position: drop the entry there, put bytes in its place, or both.
    private struct Splice: Comparable {
        let index: Int
        let replaces: Bool
        let name: [UInt8]
        let isTree: Bool
        let bytes: [UInt8]

        static func < (left: Splice, right: Splice) -> Bool {
            if left.index != right.index { return left.index < right.index }
            // Insertions before the entry at an index come before its replacement.
            if left.replaces != right.replaces { return !left.replaces }
            return left.name.withUnsafeBytes { leftName in
                right.name.withUnsafeBytes { rightName in
                    Tree.compare(leftName, left.isTree, rightName, right.isTree) < 0
                }
            }
        }
    }

    private func splices(for edit: TreeEdit) -> [Splice] {
        let entry = Self.encode(edit)
        var splices: [Splice] = []
        var isPlaced = entry.isEmpty
        // A name may stand as a file or as a folder; the edit replaces whichever it is.
        for isTree in [false, true] {
            guard case .found(let index) = find(edit.name, isTree: isTree) else { continue }
            let isSameKind = isTree == edit.isTree
            splices.append(
                Splice(
                    index: index,
                    replaces: true,
                    name: edit.name,
                    isTree: isTree,
                    bytes: isSameKind ? entry : []
                )
            )
            if isSameKind { isPlaced = true }
        }
        if !isPlaced, case .missing(let index) = find(edit.name, isTree: edit.isTree) {
            splices.append(
                Splice(
                    index: index,
                    replaces: false,
                    name: edit.name,
                    isTree: edit.isTree,
                    bytes: entry
                )
            )
        }
        return splices
    }

    private static func encode(_ edit: TreeEdit) -> [UInt8] {
        switch edit.value {
        case .file(let id): Array("100644 ".utf8) + edit.name + [0] + id.bytes
        case .tree(let id): Array("40000 ".utf8) + edit.name + [0] + id.bytes
        case .removed: []
        }
    }

    private func copy(
        _ range: Range<Int>,
        into raw: inout [UInt8],
        _ offsets: inout [UInt32]
    ) {
        guard !range.isEmpty else { return }
        let start = Int(self.offsets[range.lowerBound])
        let end = range.upperBound == count ? self.raw.count : Int(self.offsets[range.upperBound])
        let shift = raw.count - start
        raw += self.raw[start..<end]
        for offset in self.offsets[range] {
            offsets.append(UInt32(truncatingIfNeeded: Int(offset) + shift))
        }
    }
}
