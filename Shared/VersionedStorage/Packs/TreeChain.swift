/// One folder's trees in one pack, each kept as what differs from an earlier one.
///
/// Trees are counted from a base. Tree `i` is a delta on the last tree before it whose number is a
/// multiple of the next higher power of four than the largest that divides `i`: so a delta holds a
/// few edits, and a chain is as deep as the number has digits. Over thousands of edits that costs
/// some 15 times the bytes of one edit's delta divided by four per digit, where a chain of one level
/// would cost the square.
struct TreeChain {
    /// Trees between two of a level.
    static let fanOut = 4
    /// Levels, the base's included; the count begins anew with a new base after `fanOut` to their
    /// power.
    static let levels = 7
    /// The deepest chain that is grown further: git and libgit2 read 50, and readers want few.
    static let maximumDepth = 30

    /// How an entry stood in an anchor before it was touched.
    private struct Original {
        /// The bytes of the entry; none where the anchor has no such name.
        let length: Int
        let isTree: Bool
        /// Whether the bytes before the id are those that the store writes.
        let isPlain: Bool
    }

    /// A tree that later ones are deltas on.
    private struct Anchor {
        let offset: Int
        let size: Int
        let depth: Int
        /// What was touched since.
        var touched: [[UInt8]: Original] = [:]
    }

    /// By level: the last tree whose number is a multiple of `fanOut` to that power.
    private var anchors: [Anchor]
    private var number = 0
    /// The tree that was added last.
    private(set) var tree: Tree

    /// Begins on a tree that lies in the pack.
    ///
    /// - Parameters:
    ///   - tree: The tree.
    ///   - offset: Where it lies.
    ///   - depth: How many deltas it is made of.
    init(on tree: Tree, at offset: Int, depth: Int) {
        self.tree = tree
        let anchor = Anchor(offset: offset, size: tree.raw.count, depth: depth)
        anchors = Array(repeating: anchor, count: Self.levels + 1)
    }

    /// How the next tree is to be kept.
    struct Step {
        let delta: [UInt8]
        let base: Int
        fileprivate let level: Int
        fileprivate let depth: Int
    }

    /// Takes the next tree.
    ///
    /// - Parameters:
    ///   - next: The tree.
    ///   - changes: What changed in it since ``tree``.
    /// - Returns: What it differs in from one of the pack, or `nil` where it is better kept whole.
    mutating func advance(to next: Tree, changes: [TreeChange]) -> Step? {
        touch(changes)
        tree = next
        let level = Self.level(of: number + 1)
        guard level < Self.levels else { return nil }
        let anchor = anchors[level + 1]
        guard anchor.depth < Self.maximumDepth, let delta = Self.delta(from: anchor, to: next),
            delta.count < next.raw.count / 2
        else { return nil }
        return Step(delta: delta, base: anchor.offset, level: level, depth: anchor.depth + 1)
    }

    /// Shares the bytes of a tree that is the same.
    ///
    /// - Returns: False for another one. That came about elsewhere, and may differ in what no
    ///   ``TreeChange`` tells, a mode: the chain does not lead to it.
    mutating func follow(_ other: Tree) -> Bool {
        guard other.raw == tree.raw else { return false }
        tree = other
        return true
    }

    private mutating func touch(_ changes: [TreeChange]) {
        for change in changes {
            let name = change.nameBytes
            let original = Self.original(name, in: tree)
            for level in anchors.indices where anchors[level].touched[name] == nil {
                anchors[level].touched[name] = original
            }
        }
    }

    /// Says where the last tree was put.
    mutating func placed(_ step: Step, at offset: Int) {
        number += 1
        let anchor = Anchor(offset: offset, size: tree.raw.count, depth: step.depth)
        for level in 0...step.level { anchors[level] = anchor }
    }

    /// The largest power of four that divides a number.
    private static func level(of number: Int) -> Int { number.trailingZeroBitCount / 2 }

    private static func original(_ name: [UInt8], in tree: Tree) -> Original {
        guard let index = tree.index(of: name) else {
            return Original(length: 0, isTree: false, isPlain: false)
        }
        let range = tree.range(at: index)
        return Original(
            length: range.count,
            isTree: tree.entry(at: index).isTree,
            isPlain: isPlain(tree.raw[range])
        )
    }

    private static func isPlain(_ entry: ArraySlice<UInt8>) -> Bool {
        entry.starts(with: "100644 ".utf8) || entry.starts(with: "40000 ".utf8)
    }

    /// What turns an anchor's tree into another, by the names that were touched since.
    ///
    /// Between two touched names both trees have the same bytes, so the anchor's own are not needed.
    /// `nil` where a name has changed from a file to a folder or back, and its place with it.
    private static func delta(from anchor: Anchor, to tree: Tree) -> [UInt8]? {
        var places: [(start: Int, new: Range<Int>?, original: Original)] = []
        for (name, original) in anchor.touched {
            let index = tree.index(of: name)
            if let index {
                let isTree = tree.entry(at: index).isTree
                guard original.length == 0 || original.isTree == isTree else { return nil }
                let range = tree.range(at: index)
                places.append((range.lowerBound, range, original))
            } else if original.length > 0 {
                places.append((tree.place(of: name, isTree: original.isTree), nil, original))
            }
        }
        if places.count > 1 {
            // Names that are gone share a place with the one behind them; what is gone comes first.
            places.sort { left, right in
                left.start != right.start
                    ? left.start < right.start : left.new == nil && right.new != nil
            }
        }
        var delta = TreeDelta(from: anchor.size, to: tree.raw.count)
        var inBase = 0
        var inTree = 0
        for (start, new, original) in places {
            let run = start - inTree
            delta.copy(from: inBase, count: run)
            inBase += run
            inTree = start
            if let new {
                let entry = tree.raw[new]
                if original.length == entry.count, original.isPlain, isPlain(entry) {
                    let head = entry.count - ObjectID.byteCount
                    delta.copy(from: inBase, count: head)
                    delta.insert(entry.suffix(ObjectID.byteCount))
                } else {
                    delta.insert(entry)
                }
                inTree = new.upperBound
            }
            inBase += original.length
        }
        delta.copy(from: inBase, count: tree.raw.count - inTree)
        // A name that stands twice in a tree of others', as a file and as a folder, does not add up.
        guard inBase + tree.raw.count - inTree == anchor.size else { return nil }
        return delta.finish()
    }
}
