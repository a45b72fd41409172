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

/// What an edit does at one position of a tree: drop the entry there, put bytes in its place, or
/// both.
struct TreeSplice: Sendable {
    /// The position in the tree before the edits.
    let index: Int
    /// Whether the entry at that position goes.
    let replaces: Bool
    /// The new entry's bytes; none where the entry only goes.
    let bytes: [UInt8]
    /// The edit's place among those given.
    let edit: Int
}

extension Tree {
    /// The tree after some edits: the untouched stretches are copied, the edited entries spliced.
    ///
    /// Costs a copy of the bytes and a binary search per edit, for one edit as for ten thousand.
    ///
    /// - Parameter edits: At most one per name. A removal of what is not there changes nothing.
    /// - Returns: The new tree.
    func applying(_ edits: [TreeEdit]) -> Tree { applying(splices(for: edits)) }

    /// The tree after some splices, which must have been made for this very tree.
    func applying(_ splices: [TreeSplice]) -> Tree {
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

    /// Where some edits splice this tree, in its order.
    func splices(for edits: [TreeEdit]) -> [TreeSplice] {
        var placed: [(splice: TreeSplice, name: [UInt8], isTree: Bool)] = []
        placed.reserveCapacity(edits.count)
        for (number, edit) in edits.enumerated() {
            let entry = Self.encode(edit)
            var isPlaced = entry.isEmpty
            // A name may stand as a file or as a folder; the edit replaces whichever it is.
            for isTree in [false, true] {
                guard case .found(let index) = find(edit.name, isTree: isTree) else { continue }
                let isSameKind = isTree == edit.isTree
                let bytes = isSameKind ? entry : []
                let splice = TreeSplice(index: index, replaces: true, bytes: bytes, edit: number)
                placed.append((splice, edit.name, isTree))
                if isSameKind { isPlaced = true }
            }
            if !isPlaced, case .missing(let index) = find(edit.name, isTree: edit.isTree) {
                let splice = TreeSplice(index: index, replaces: false, bytes: entry, edit: number)
                placed.append((splice, edit.name, edit.isTree))
            }
        }
        if placed.count > 1 {
            placed.sort { left, right in
                if left.splice.index != right.splice.index {
                    return left.splice.index < right.splice.index
                }
                // Insertions before the entry at an index come before its replacement.
                if left.splice.replaces != right.splice.replaces { return !left.splice.replaces }
                return left.name.withUnsafeBytes { leftName in
                    right.name.withUnsafeBytes { rightName in
                        Self.compare(leftName, left.isTree, rightName, right.isTree) < 0
                    }
                }
            }
        }
        return placed.map(\.splice)
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
        let shift = UInt32(truncatingIfNeeded: raw.count &- start)
        raw += self.raw[start..<end]
        if shift == 0 {
            offsets += self.offsets[range]
        } else {
            offsets.append(contentsOf: self.offsets[range].lazy.map { $0 &+ shift })
        }
    }
}

extension Array {
    /// A column of values, one for each entry of a tree, after the tree's splices.
    ///
    /// - Parameters:
    ///   - splices: Those of the tree that the column belongs to.
    ///   - value: The value for an entry that is put in, by the edit's place among the edits and the
    ///     value that the entry had.
    /// - Returns: The new column.
    func applying(_ splices: [TreeSplice], value: (Int, Element?) -> Element) -> [Element] {
        var column: [Element] = []
        column.reserveCapacity(count + splices.count)
        var next = 0
        for splice in splices {
            column += self[next..<splice.index]
            let held = splice.replaces ? self[splice.index] : nil
            if !splice.bytes.isEmpty { column.append(value(splice.edit, held)) }
            next = splice.index + (splice.replaces ? 1 : 0)
        }
        column += self[next...]
        return column
    }
}
