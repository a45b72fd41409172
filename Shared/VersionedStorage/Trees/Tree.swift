#if canImport(Glibc)
    import Glibc
#endif

/// One git tree as its raw bytes, with the place of each entry.
///
/// The bytes are those that git hashes: `mode SP name NUL id`, sorted as git sorts. An edit makes a
/// new tree by splicing the bytes, so that it costs a copy and no parse; a look-up is a binary
/// search. Format: gitformat-index's sibling, "tree objects" in git's own documentation.
public struct Tree: Sendable {
    /// What an entry is, by its mode.
    public enum Kind: Sendable, Equatable {
        /// A regular file, executable or not.
        case file
        /// A folder.
        case tree
        /// A symbolic link, or the place of a submodule.
        case other
    }

    /// One entry, read out of the bytes.
    public struct Entry: Sendable, Equatable {
        /// The entry's name in its folder.
        public let name: String
        /// The object that the name stands for.
        public let id: ObjectID
        /// What the object is.
        public let kind: Kind

        var isTree: Bool { kind == .tree }
    }

    /// The tree of an empty folder.
    public static let empty = Tree()

    /// The bytes that git keeps for this tree.
    public let raw: [UInt8]

    /// Where each entry begins in ``raw``.
    let offsets: [UInt32]

    private init() {
        raw = []
        offsets = []
    }

    /// Joins bytes and places that the caller has made to fit each other.
    init(raw: [UInt8], offsets: [UInt32]) {
        self.raw = raw
        self.offsets = offsets
    }

    /// Reads a tree object.
    ///
    /// - Throws: ``StorageError/damaged(_:)`` where the bytes are no tree, or not sorted.
    public init(raw: [UInt8]) throws(StorageError) {
        var offsets: [UInt32] = []
        offsets.reserveCapacity(raw.count / 48)
        var position = 0
        while position < raw.count {
            offsets.append(UInt32(truncatingIfNeeded: position))
            let room = raw.count - position
            let length = raw.withUnsafeBytes { bytes -> Int? in
                Self.entryLength(bytes, at: position, room: room)
            }
            guard let length else {
                throw StorageError.damaged("a tree of \(raw.count) bytes, at \(position)")
            }
            position += length
        }
        self.raw = raw
        self.offsets = offsets
        try checkOrder()
    }

    /// How many entries there are.
    public var count: Int { offsets.count }

    /// The entry at a position in git's order.
    public func entry(at index: Int) -> Entry {
        raw.withUnsafeBytes { bytes in
            let place = Place(bytes, at: Int(offsets[index]))
            return Entry(
                name: String(decoding: place.name, as: UTF8.self),
                id: place.id,
                kind: place.kind
            )
        }
    }

    /// The entry of a file or folder by name, if it is there.
    public func entry(named name: String) -> Entry? { index(of: name).map { entry(at: $0) } }

    /// The position of a file or folder in git's order, if it is there.
    public func index(of name: String) -> Int? {
        var name = name
        return name.withUTF8 { index(of: UnsafeRawBufferPointer($0)) }
    }

    /// The position of a file or folder by its name's bytes.
    func index(of name: [UInt8]) -> Int? { name.withUnsafeBytes { index(of: $0) } }

    private func index(of name: UnsafeRawBufferPointer) -> Int? {
        for isTree in [false, true] {
            if case .found(let index) = find(name, isTree: isTree) { return index }
        }
        return nil
    }

    /// The bytes of the name of the entry at a position.
    func nameBytes(at index: Int) -> [UInt8] {
        raw.withUnsafeBytes { Array(Place($0, at: Int(offsets[index])).name) }
    }

    /// The bytes in ``raw`` of the entry at a position.
    func range(at index: Int) -> Range<Int> {
        let end = index + 1 < count ? Int(offsets[index + 1]) : raw.count
        return Int(offsets[index])..<end
    }

    /// Where in ``raw`` the entry of a name that is not there would begin.
    func place(of name: [UInt8], isTree: Bool) -> Int {
        switch find(name, isTree: isTree) {
        case .found(let index): range(at: index).lowerBound
        case .missing(let index): index < count ? range(at: index).lowerBound : raw.count
        }
    }

    /// Calls for each entry, in git's order, without making a value of each name.
    ///
    /// - Parameter body: Gets the name's bytes, valid during the call, the id and the kind.
    public func forEach(_ body: (UnsafeRawBufferPointer, ObjectID, Kind) -> Void) {
        raw.withUnsafeBytes { bytes in
            for offset in offsets {
                let place = Place(bytes, at: Int(offset))
                body(place.name, place.id, place.kind)
            }
        }
    }

    /// Where a name stands, or would stand.
    enum Search {
        case found(Int)
        case missing(Int)
    }

    /// Finds a name by binary search in git's order, in which a folder sorts as if it ended in `/`.
    func find(_ name: [UInt8], isTree: Bool) -> Search {
        name.withUnsafeBytes { find($0, isTree: isTree) }
    }

    /// The position of the first entry that sorts behind a file of this name, which need not be
    /// there.
    public func position(behind name: String) -> Int {
        switch find(Array(name.utf8), isTree: false) {
        case .found(let index): index + 1
        case .missing(let index): index
        }
    }

    private func find(_ name: UnsafeRawBufferPointer, isTree: Bool) -> Search {
        raw.withUnsafeBytes { bytes in
            var low = 0
            var high = offsets.count
            while low < high {
                let middle = (low + high) / 2
                let place = Place(bytes, at: Int(offsets[middle]))
                let order = Self.compare(place.name, place.kind == .tree, name, isTree)
                if order == 0 { return .found(middle) }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return .missing(low)
        }
    }

    /// Compares two entries as git sorts them: below zero, zero or above.
    static func compare(
        _ left: UnsafeRawBufferPointer,
        _ leftIsTree: Bool,
        _ right: UnsafeRawBufferPointer,
        _ rightIsTree: Bool
    ) -> Int {
        let common = min(left.count, right.count)
        if common > 0, let leftBase = left.baseAddress, let rightBase = right.baseAddress {
            let order = memcmp(leftBase, rightBase, common)
            if order != 0 { return Int(order) }
        }
        func next(_ name: UnsafeRawBufferPointer, _ isTree: Bool) -> Int {
            name.count > common ? Int(name[common]) : (isTree ? 0x2F : 0)
        }
        let order = next(left, leftIsTree) - next(right, rightIsTree)
        return order == 0 ? left.count - right.count : order
    }

    private func checkOrder() throws(StorageError) {
        let isSorted = raw.withUnsafeBytes { bytes in
            for index in offsets.indices.dropFirst() {
                let before = Place(bytes, at: Int(offsets[index - 1]))
                let here = Place(bytes, at: Int(offsets[index]))
                let order = Self.compare(
                    before.name,
                    before.kind == .tree,
                    here.name,
                    here.kind == .tree
                )
                if order >= 0 { return false }
            }
            return true
        }
        if !isSorted { throw StorageError.damaged("a tree whose entries are not in order") }
    }
}

extension Tree {
    /// The parts of one entry, as they lie in the tree's bytes.
    struct Place {
        let name: UnsafeRawBufferPointer
        let id: ObjectID
        let kind: Kind
        let length: Int

        /// Reads the entry at an offset that the tree's initialiser has checked.
        init(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
            var position = offset
            while bytes[position] != 0x20 { position += 1 }
            kind = Self.kind(ofMode: bytes[offset..<position])
            let start = position + 1
            // The name ends at a NUL, which the initialiser found.
            let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
            var nameLength = 0
            if let base = rest.baseAddress, let end = memchr(base, 0, rest.count) {
                nameLength = UnsafeRawPointer(end) - base
            }
            name = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + nameLength)])
            let idStart = start + nameLength + 1
            if let base = bytes.baseAddress {
                id = ObjectID(reading: base + idStart)
            } else {
                preconditionFailure("a checked tree has bytes")
            }
            length = idStart + ObjectID.byteCount - offset
        }

        private static func kind(ofMode mode: Slice<UnsafeRawBufferPointer>) -> Kind {
            switch mode.first {
            case UInt8(ascii: "4"): .tree
            case UInt8(ascii: "1") where mode.count == 6 && mode[mode.startIndex + 2] == 0x30:
                mode[mode.startIndex + 1] == 0x30 ? .file : .other
            default: .other
            }
        }
    }

    /// The bytes of the entry at a position, or `nil` where it is cut off or malformed.
    private static func entryLength(
        _ bytes: UnsafeRawBufferPointer,
        at position: Int,
        room: Int
    ) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let start = base + position
        var modeLength = 0
        while modeLength < min(7, room), bytes[position + modeLength] != 0x20 {
            guard (0x30...0x37).contains(bytes[position + modeLength]) else { return nil }
            modeLength += 1
        }
        guard (5...6).contains(modeLength), modeLength < room else { return nil }
        let nameStart = modeLength + 1
        guard let end = memchr(start + nameStart, 0, room - nameStart) else { return nil }
        let nameLength = UnsafeRawPointer(end) - start - nameStart
        let length = nameStart + nameLength + 1 + ObjectID.byteCount
        return nameLength > 0 && length <= room ? length : nil
    }
}
