/// How one name differs between two trees.
public struct TreeChange: Sendable, Equatable {
    /// The name's bytes, which alone tell it from others: Swift takes two texts of other bytes for
    /// the same where Unicode does, and the names of others' files need not be UTF-8.
    let nameBytes: [UInt8]
    /// What it stood for before, or `nil` where it is new.
    public let before: ObjectID?
    /// What it stands for now, or `nil` where it is gone.
    public let after: ObjectID?
    /// What the name stands for now, or stood for where it is gone.
    let kind: Tree.Kind

    /// Whether the name stands for a regular file now, or stood for one where it is gone.
    public var isFile: Bool { kind == .file }

    /// Whether the name is UTF-8, so that its text names it.
    public var isText: Bool { name.utf8.elementsEqual(nameBytes) }

    /// The name in its folder.
    public var name: String { String(decoding: nameBytes, as: UTF8.self) }
}

extension TreeChange {
    /// How a name that is text differs.
    init(name: String, before: ObjectID?, after: ObjectID?, kind: Tree.Kind) {
        self.init(nameBytes: Array(name.utf8), before: before, after: after, kind: kind)
    }
}

extension Tree {
    /// What changed from another tree to this one, in git's order.
    ///
    /// A merge walk over the raw bytes of both: linear, and about a hundredth of a microsecond for
    /// an entry that is the same.
    public func changes(since base: Tree) -> [TreeChange] {
        var changes: [TreeChange] = []
        base.raw.withUnsafeBytes { baseBytes in
            raw.withUnsafeBytes { bytes in
                walk(base, baseBytes, bytes) { changes.append($0) }
            }
        }
        return changes
    }

    private func walk(
        _ base: Tree,
        _ baseBytes: UnsafeRawBufferPointer,
        _ bytes: UnsafeRawBufferPointer,
        _ found: (TreeChange) -> Void
    ) {
        var left = 0
        var right = 0
        while left < base.count || right < count {
            let before = left < base.count ? Place(baseBytes, at: Int(base.offsets[left])) : nil
            let after = right < count ? Place(bytes, at: Int(offsets[right])) : nil
            let order = Self.order(before, after)
            if order == 0, let before, let after, before.id != after.id {
                found(Self.change(after, before.id, after.id))
            } else if order < 0, let before {
                found(Self.change(before, before.id, nil))
            } else if order > 0, let after {
                found(Self.change(after, nil, after.id))
            }
            left += order <= 0 ? 1 : 0
            right += order >= 0 ? 1 : 0
        }
    }

    private static func order(_ before: Place?, _ after: Place?) -> Int {
        guard let before else { return 1 }
        guard let after else { return -1 }
        return compare(before.name, before.kind == .tree, after.name, after.kind == .tree)
    }

    private static func change(
        _ place: Place,
        _ before: ObjectID?,
        _ after: ObjectID?
    ) -> TreeChange {
        TreeChange(
            nameBytes: Array(place.name),
            before: before,
            after: after,
            kind: place.kind
        )
    }
}
