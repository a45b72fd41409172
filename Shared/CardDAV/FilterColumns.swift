import VCard

/// The columns that a filter looks at, by name.
struct FilterColumns {
    private let columns: [PropertyColumn.Name: PropertyColumn]

    init(_ columns: [PropertyColumn]) {
        self.columns = Dictionary(columns.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The cards that could not be read; all columns say the same.
    var unreadableCards: [UInt32] { columns.first?.value.unreadableCards ?? [] }

    subscript(name: PropertyColumn.Name) -> PropertyColumn {
        guard let column = columns[name] else {
            preconditionFailure("a filter is given the columns that it names")
        }
        return column
    }
}
