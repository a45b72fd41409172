internal import CTOML

/// Builds the tables that the walk over a document tells of.
final class TOMLBuilder {
    /// The table of the document, once the walk is over.
    private(set) var root: TOMLTable?
    /// Where the document goes deeper than it may; nothing below is kept.
    private(set) var lineTooDeep: Int?

    private var open: [Collection] = []

    func take(_ event: everlock_toml_event) {
        guard lineTooDeep == nil else { return }
        let key = unsafe Self.text(event.key, event.key_bytes)
        let place = unsafe Place(key: key, line: Int(event.line), column: Int(event.column))
        switch unsafe event.kind {
        case EVERLOCK_TOML_STRING:
            add(.string(unsafe Self.text(event.text, event.text_bytes)), at: place)
        case EVERLOCK_TOML_INTEGER: add(.integer(unsafe event.integer), at: place)
        case EVERLOCK_TOML_BOOLEAN: add(.boolean(unsafe event.integer != 0), at: place)
        case EVERLOCK_TOML_BEGIN_TABLE: begin(place, isTable: true)
        case EVERLOCK_TOML_BEGIN_ARRAY: begin(place, isTable: false)
        case EVERLOCK_TOML_END: end()
        default: add(.other, at: place)
        }
    }

    private func begin(_ place: Place, isTable: Bool) {
        // The root is the first on the stack, and counts for nothing.
        guard open.count <= TOMLDocument.maximumDepth else {
            lineTooDeep = place.line
            return
        }
        open.append(Collection(place: place, isTable: isTable))
    }

    private func end() {
        guard let closed = open.popLast() else { return }
        if open.isEmpty { root = closed.table } else { add(closed.value, at: closed.place) }
    }

    private func add(_ value: TOMLValue, at place: Place) {
        guard !open.isEmpty else { return }
        open[open.count - 1].items.append((place, value))
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        // The walk gives a pointer and its length, both valid during the callback.
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}

/// Where a value stands.
private struct Place {
    let key: String
    let line: Int
    let column: Int
}

/// A table or a list that is being read.
private struct Collection {
    let place: Place
    let isTable: Bool
    var items: [(place: Place, value: TOMLValue)] = []

    var value: TOMLValue { isTable ? .table(table) : .array(items.map(\.value)) }

    var table: TOMLTable {
        // toml++ keeps a table sorted by key; people read from top to bottom.
        let inOrder = items.sorted {
            ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
        }
        return TOMLTable(
            entries: inOrder.map { .init(key: $0.place.key, value: $0.value, line: $0.place.line) }
        )
    }
}
