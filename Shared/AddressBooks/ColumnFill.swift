internal import VCard
internal import VersionedStorage

/// Makes columns in one pass over cards, within a limit of memory.
struct ColumnFill {
    /// The columns made; those that found no room are left out.
    private(set) var columns: [PropertyColumn.Name: PropertyColumn] = [:]
    /// A column that is larger than the limit, though it had all room for itself.
    private(set) var tooLarge: PropertyColumn.Name?

    private let useful: Set<PropertyColumn.Name>
    private let maximumBytes: Int

    /// Reads the cards and makes the columns.
    ///
    /// - Parameters:
    ///   - needed: The columns wanted.
    ///   - useful: Columns that give way to those first.
    ///   - blobs: The cards, `nil` for a place without.
    ///   - maximumBytes: The most that all columns may take.
    ///   - read: Reads a card; `nil` for one that is no card.
    /// - Throws: What `read` throws.
    init(
        _ needed: Set<PropertyColumn.Name>,
        _ useful: Set<PropertyColumn.Name> = [],
        of blobs: [ObjectID?],
        maximumBytes: Int,
        read: (ObjectID) throws -> Card?
    ) throws {
        self.useful = useful
        self.maximumBytes = maximumBytes
        var making = needed.union(useful).map { PropertyColumn($0) }
        for blob in blobs {
            if making.isEmpty { return }
            let card = try blob.flatMap(read)
            for index in making.indices { making[index].append(card) }
            makeRoom(&making)
        }
        // Grown by doubling, a column may take twice the room that it needs.
        let all = [PropertyColumn.Stretch.fresh(0..<blobs.count)]
        while let column = making.popLast() {
            columns[column.name] = PropertyColumn(column.name).rearranged(all, with: column)
        }
    }

    /// Leaves columns out until the rest is within the limit: the largest first.
    private mutating func makeRoom(_ making: inout [PropertyColumn]) {
        while making.reduce(0, { $0 + $1.byteCount }) > maximumBytes {
            let giveWay = making.indices.filter { useful.contains(making[$0].name) }
            let largest = (giveWay.isEmpty ? Array(making.indices) : giveWay)
                .max { making[$0].byteCount < making[$1].byteCount }
            guard let largest else { return }
            let column = making.remove(at: largest)
            if making.isEmpty { tooLarge = column.name }
        }
    }
}
