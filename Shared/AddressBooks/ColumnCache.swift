internal import Synchronization
internal import VCard
internal import VersionedStorage

/// The columns of all books of a store, within a limit of memory.
///
/// Derived from the cards, and never trusted for another tree than the one they were made of. Safe
/// from any thread: columns that are there are handed out at once, one thread at a time makes those
/// that are not.
final class ColumnCache: Sendable {
    /// The most memory that columns are kept in, in bytes: those that searches look at take a tenth
    /// of it for a book of 10,000 cards.
    static let maximumBytes = 32 * 1024 * 1024

    private struct Books {
        var columns: [BookName: BookColumns] = [:]
        /// Counts the uses of columns: the clock that tells which was left alone for longest.
        var uses: UInt64 = 0
    }

    private let maximumBytes: Int
    private let books = Mutex(Books())
    // Taken by whoever makes columns, so that two do not make the same, nor take twice the memory.
    private let making = Mutex(())

    init(maximumBytes: Int = ColumnCache.maximumBytes) {
        self.maximumBytes = maximumBytes
    }

    /// The memory that the columns take, in bytes.
    var byteCount: Int {
        books.withLock { $0.columns.values.reduce(0) { $0 + $1.byteCount } }
    }

    /// Columns of a book's tree.
    ///
    /// - Parameters:
    ///   - names: Those wanted.
    ///   - more: Those that are worth making when the cards are read anyway.
    ///   - book: The book they are of.
    ///   - folder: The book's folder, as of any commit.
    ///   - read: Reads a card; `nil` for one that is no card.
    /// - Returns: The columns, or `nil` where they are more, or larger, than may be kept.
    /// - Throws: What `read` throws.
    func columns(
        _ names: Set<PropertyColumn.Name>,
        alongWith more: Set<PropertyColumn.Name>,
        of book: BookName,
        _ folder: Folder,
        read: (ObjectID) throws -> Card?
    ) throws -> [PropertyColumn]? {
        guard names.count <= BookColumns.maximumCount else { return nil }
        if case .known(let columns) = lookUp(names, of: book, folder) { return columns }
        return try making.withLock { _ in
            // Whoever had the turn before may have made them.
            if case .known(let columns) = lookUp(names, of: book, folder) { return columns }
            // Taken out while they change: what is replaced is freed at once, and an error on the
            // way leaves nothing half done.
            var (columns, now) = books.withLock { books in
                (books.columns.removeValue(forKey: book) ?? BookColumns(), books.uses)
            }
            try columns.advance(to: folder, maximumBytes: maximumBytes, read: read)
            try columns.add(
                names,
                alongWith: more,
                now: now,
                maximumBytes: maximumBytes,
                read: read
            )
            let made = columns.lookUp(names, at: folder.treeID, now: now)
            keep(columns, of: book)
            return if case .found(let columns) = made { columns } else { nil }
        }
    }

    private enum LookUp {
        case known([PropertyColumn]?)
        case unknown
    }

    private func lookUp(
        _ names: Set<PropertyColumn.Name>,
        of book: BookName,
        _ folder: Folder
    ) -> LookUp {
        books.withLock { books in
            books.uses += 1
            return switch books.columns[book]?.lookUp(names, at: folder.treeID, now: books.uses) {
            case .found(let columns): .known(columns)
            case .tooLarge: .known(nil)
            case .missing, nil: .unknown
            }
        }
    }

    /// Puts a book's columns back, and drops the columns that were left alone for longest until the
    /// rest is within the limit.
    private func keep(_ columns: BookColumns, of book: BookName) {
        books.withLock { books in
            books.columns[book] = columns
            while books.columns.values.reduce(0, { $0 + $1.byteCount }) > maximumBytes {
                let oldest = books.columns.min {
                    $0.value.oldestUse ?? 0 < $1.value.oldestUse ?? 0
                }
                guard let name = oldest?.key else { return }
                books.columns[name]?.dropOldest()
                if books.columns[name]?.isEmpty == true { books.columns[name] = nil }
            }
        }
    }
}
