internal import VCard
internal import VersionedStorage

/// The columns of one book: what filters look at, as of one tree, and of no other.
///
/// The rows of a column are the entries of the tree. A row says no more than the blob does, so that
/// whatever blob a column has had a row of need not be read again.
struct BookColumns {
    /// The most columns of a book.
    static let maximumCount = 64

    /// A column, or the mark of one that is larger than may be kept.
    private struct Held {
        var column: PropertyColumn?
        var lastUse: UInt64
    }

    /// The tree that all columns stand for.
    private(set) var treeID: ObjectID?
    /// The blob of each entry of the tree; `nil` where that is no card.
    private var blobs: [ObjectID?] = []
    private var held: [PropertyColumn.Name: Held] = [:]

    /// The memory taken, in bytes.
    var byteCount: Int {
        held.values.reduce(blobs.count * MemoryLayout<ObjectID?>.stride) { bytes, held in
            bytes + (held.column?.byteCount ?? 0)
        }
    }

    /// Whether there is anything to keep.
    var isEmpty: Bool { held.isEmpty }

    /// When the column that was left alone for longest was last used.
    var oldestUse: UInt64? { oldest?.value.lastUse }

    private var oldest: (key: PropertyColumn.Name, value: Held)? {
        held.min { $0.value.lastUse < $1.value.lastUse }
    }

    /// Drops the column that was left alone for longest.
    mutating func dropOldest() {
        if let name = oldest?.key { held[name] = nil }
    }

    /// What is known of some columns.
    enum LookUp {
        case found([PropertyColumn])
        /// One of them at least is larger than may be kept.
        case tooLarge
        case missing
    }

    /// Looks columns of a tree up.
    mutating func lookUp(
        _ names: Set<PropertyColumn.Name>,
        at tree: ObjectID,
        now: UInt64
    ) -> LookUp {
        guard tree == treeID else { return .missing }
        for name in names { held[name]?.lastUse = now }
        let known = names.compactMap { held[$0] }
        if known.contains(where: { $0.column == nil }) { return .tooLarge }
        guard known.count == names.count else { return .missing }
        return .found(known.compactMap(\.column))
    }

    /// Brings all columns to a tree, by reading only what cards none of them knows.
    mutating func advance(
        to folder: Folder,
        maximumBytes: Int,
        read: (ObjectID) throws -> Card?
    ) throws {
        guard folder.treeID != treeID else { return }
        let blobs = Self.blobs(of: folder.tree)
        let change = Rearrangement(from: self.blobs, to: blobs)
        if change.keepsNothing { held = [:] }
        let names = Set(held.filter { $0.value.column != nil }.keys)
        let fill = try ColumnFill(names, of: change.read, maximumBytes: maximumBytes, read: read)
        for name in names {
            guard let column = held[name]?.column, let fresh = fill.columns[name] else {
                held[name] = nil
                continue
            }
            held[name]?.column = column.rearranged(change.stretches, with: fresh)
        }
        self.blobs = blobs
        treeID = folder.treeID
    }

    /// Adds columns of the tree, in one pass over its cards.
    ///
    /// - Parameters:
    ///   - names: The columns that are needed, ``maximumCount`` at most.
    ///   - more: Columns that are added if there is room: the pass is the dear part.
    ///   - now: When this is, above 0.
    ///   - maximumBytes: The most that the columns may take.
    ///   - read: Reads a card; `nil` for one that is no card.
    /// - Throws: What `read` throws; then nothing is added.
    mutating func add(
        _ names: Set<PropertyColumn.Name>,
        alongWith more: Set<PropertyColumn.Name>,
        now: UInt64,
        maximumBytes: Int,
        read: (ObjectID) throws -> Card?
    ) throws {
        let needed = names.filter { held[$0] == nil }
        guard !needed.isEmpty else { return }
        let fill = try ColumnFill(
            needed,
            more.filter { held[$0] == nil }.subtracting(needed),
            of: blobs,
            maximumBytes: maximumBytes,
            read: read
        )
        for (name, column) in fill.columns {
            // What was not asked for gives way first.
            held[name] = Held(column: column, lastUse: needed.contains(name) ? now : now - 1)
        }
        if let name = fill.tooLarge { held[name] = Held(column: nil, lastUse: now) }
        while held.count > Self.maximumCount { dropOldest() }
    }

    private static func blobs(of tree: Tree) -> [ObjectID?] {
        var blobs: [ObjectID?] = []
        blobs.reserveCapacity(tree.count)
        tree.forEach { name, id, kind in
            blobs.append(Book.Cards.isCard(name, kind) ? id : nil)
        }
        return blobs
    }
}
