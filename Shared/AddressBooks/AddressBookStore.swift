internal import Synchronization
internal import VCard
internal import VersionedStorage

/// The address books of one instance, over the instance's git store.
///
/// Reads answer from the last durable commit and wait for nobody; every write is one commit that is
/// on disk when the call returns. All calls may block on the disk, and are safe from any thread.
public final class AddressBookStore: Sendable {
    /// The largest card that is stored, in bytes (`CARDDAV:max-resource-size`, RFC 6352 §6.2.3).
    public static let maximumCardBytes = Card.maximumBytes

    /// The most address books in one home.
    public static let maximumBooks = 10_000

    /// The largest `config.toml` that is read, in bytes.
    static let maximumConfigurationBytes = 1 << 20

    let store: Store
    let history: StoreHistory
    let warn: @Sendable (String) -> Void
    private let properties = Mutex<[ObjectID: BookProperties]>([:])
    let columnCache = ColumnCache()

    /// Opens an instance's store, or makes it, and takes its lock.
    ///
    /// - Parameters:
    ///   - path: The folder of the bare repository.
    ///   - now: The clock that commits are stamped with, in seconds since 1970.
    ///   - warn: Hears what is wrong with the store and somebody should look at.
    /// - Throws: ``AddressBookError/storage(_:)``, for one where another process owns the store.
    public init(
        path: String,
        now: @escaping @Sendable () -> Int64 = AddressBookStore.clock,
        warn: @escaping @Sendable (String) -> Void
    ) throws(AddressBookError) {
        let owner = Store.Owner(
            now: now,
            maximumKeyedBytes: Self.maximumCardBytes,
            key: CardKey.key(of:),
            warn: warn
        )
        do throws(StorageError) {
            store = try Store(path: path, owner: owner)
        } catch {
            throw AddressBookError(error)
        }
        history = StoreHistory(of: store)
        self.warn = warn
    }

    /// Puts everything into git's own files and lets go of the store; nothing may be written after.
    public func close() { store.close() }

    /// Puts everything that has been stored so far into git's own files, where `git` sees it.
    ///
    /// - Throws: ``AddressBookError/storage(_:)`` where that fails; nothing is lost.
    public func checkpoint() throws(AddressBookError) {
        do throws(StorageError) {
            try store.checkpoint()
        } catch {
            throw AddressBookError(error)
        }
    }

    /// The system's clock, in seconds since 1970.
    @Sendable public static func clock() -> Int64 { Store.clock() }

    /// All books, as of the last commit.
    public var home: Home { home(at: store.snapshot) }

    /// The books whose names are wanted, as of the last commit; of the others nothing is read.
    public func home(of isWanted: (String) -> Bool) -> Home {
        home(at: store.snapshot, of: isWanted)
    }

    func home(at snapshot: Snapshot, of isWanted: (String) -> Bool = { _ in true }) -> Home {
        var books = snapshot.folders.values.filter { isWanted($0.name) }.compactMap(book)
        books.sort { left, right in
            if left.name == .standard || right.name == .standard { return left.name == .standard }
            return left.name.text < right.name.text
        }
        return Home(books: books)
    }

    /// One book, as of the last commit.
    public func book(_ name: BookName) -> Book? {
        store.snapshot.folders[name.text].flatMap(book)
    }

    /// A folder as a book; a name that no URL can bear hides it.
    func book(_ folder: Folder) -> Book? {
        do throws(AddressBookError) {
            let name = try BookName(folder.name)
            return Book(name: name, properties: readProperties(folder.tree, name), folder: folder)
        } catch {
            return nil
        }
    }

    /// A card's bytes.
    ///
    /// - Throws: ``AddressBookError/storage(_:)`` where they cannot be read, or are larger than a
    ///   card may be.
    public func bytes(of card: Book.CardEntry) throws(AddressBookError) -> [UInt8] {
        do throws(StorageError) {
            return try store.blob(card.etag.object, limit: Self.maximumCardBytes)
        } catch {
            throw AddressBookError(error)
        }
    }

    /// A card's bytes for a listing that goes on without them; what is damaged is named to whoever
    /// was given at the start to be warned.
    ///
    /// - Returns: The bytes, or `nil` where git has lost or damaged them, or they are too many.
    /// - Throws: ``AddressBookError/storage(_:)`` where the store itself fails.
    public func readableBytes(of card: Book.CardEntry) throws(AddressBookError) -> [UInt8]? {
        do throws(StorageError) {
            return try readableBlob(card.etag.object)
        } catch {
            throw AddressBookError(error)
        }
    }

    func readableBlob(_ id: ObjectID) throws(StorageError) -> [UInt8]? {
        do throws(StorageError) {
            return try store.blob(id, limit: Self.maximumCardBytes)
        } catch .tooLarge {
            return nil
        } catch {
            switch error {
            case .notFound, .damaged, .git:
                warn("a card is left out: \(error)")
                return nil
            default: throw error
            }
        }
    }

    /// When cards were made and last changed.
    public struct Times: Sendable {
        private let book: Book
        private let times: StoreHistory.Times

        fileprivate init(_ book: Book, _ times: StoreHistory.Times) {
            self.book = book
            self.times = times
        }

        /// When a card of the book was made, in seconds since 1970.
        public func created(_ card: Book.CardEntry) -> Int64? {
            book.position(of: card).map { times.created[$0] }
        }

        /// When a card of the book was last changed, in seconds since 1970.
        public func modified(_ card: Book.CardEntry) -> Int64? {
            book.position(of: card).map { times.modified[$0] }
        }

        /// When the book was made, in seconds since 1970: when its properties were first written.
        ///
        /// `nil` for a book without, which somebody made with git alone.
        public var bookCreated: Int64? {
            book.folder.tree.index(of: Book.configFile).map { times.created[$0] }
        }
    }

    /// When each card of a book was made and last changed.
    public func times(in book: Book) throws(AddressBookError) -> Times {
        do throws(StorageError) {
            return Times(book, try history.times(of: book.folder))
        } catch {
            throw AddressBookError(error)
        }
    }

    /// When each card of a book was made and last changed, where that is known without a walk over
    /// the history.
    public func knownTimes(in book: Book) -> Times? {
        history.knownTimes(of: book.folder).map { Times(book, $0) }
    }

    /// When a book, its properties or one of its cards, was last changed, in seconds since 1970.
    ///
    /// Reads one commit, whatever the book holds.
    ///
    /// - Throws: ``AddressBookError/storage(_:)`` where it cannot be read.
    public func lastChangeTime(of book: Book) throws(AddressBookError) -> Int64 {
        do throws(StorageError) {
            return try history.time(of: book.folder.lastChange)
        } catch {
            throw AddressBookError(error)
        }
    }

    /// The room on the store's file system.
    public struct Space: Sendable, Equatable {
        /// The bytes that can still be taken.
        public let availableBytes: UInt64
        /// The bytes that are taken, by the store and by everything beside it.
        public let usedBytes: UInt64
    }

    /// The room on the store's file system, in one system call; `nil` where it cannot be told.
    public var space: Space? {
        store.diskSpace.map { Space(availableBytes: $0.available, usedBytes: $0.used) }
    }

    private static let maximumRememberedProperties = 20_000

    /// The properties of a book; what cannot be read counts as not there, so that a slip of a hand
    /// in `config.toml` hides a name and not the cards.
    func readProperties(_ tree: Tree, _ name: BookName) -> BookProperties {
        readProperties(tree.entry(named: Book.configFile)?.id, name)
    }

    /// The properties that a `config.toml` has; none where there is no such file.
    func readProperties(_ config: ObjectID?, _ name: BookName) -> BookProperties {
        guard let config else { return BookProperties() }
        if let known = properties.withLock({ $0[config] }) { return known }
        let bytes: [UInt8]
        do throws(StorageError) {
            bytes = try store.blob(config, limit: Self.maximumConfigurationBytes)
        } catch {
            // It may be there the next time; what it says is not known.
            return BookProperties()
        }
        let known: BookProperties
        do throws(AddressBookError) {
            known = try BookProperties(toml: bytes, book: name)
        } catch {
            known = BookProperties()
        }
        properties.withLock { properties in
            if properties.count >= Self.maximumRememberedProperties { properties.removeAll() }
            properties[config] = known
        }
        return known
    }
}
