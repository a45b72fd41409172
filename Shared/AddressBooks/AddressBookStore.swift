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

    let store: Store
    let history: StoreHistory
    private let properties = Mutex<[ObjectID: BookProperties]>([:])
    private let sizes = Mutex<[ObjectID: Int]>([:])
    // Guarded by its mutex, which only the writer whose turn it is takes.
    let uidIndexes = Mutex<[BookName: UIDIndex]>([:])

    /// Opens an instance's store, or makes it, and takes its lock.
    ///
    /// - Parameters:
    ///   - path: The folder of the bare repository.
    ///   - now: The clock that commits are stamped with, in seconds since 1970.
    /// - Throws: ``AddressBookError/storage(_:)``, for one where another process owns the store.
    public init(
        path: String,
        now: @escaping @Sendable () -> Int64 = AddressBookStore.clock
    ) throws(AddressBookError) {
        do throws(StorageError) {
            store = try Store(path: path, now: now)
        } catch {
            throw AddressBookError(error)
        }
        history = StoreHistory(of: store)
    }

    /// The system's clock, in seconds since 1970.
    @Sendable public static func clock() -> Int64 { Store.clock() }

    /// All books, as of the last commit.
    public var home: Home { home(at: store.snapshot) }

    func home(at snapshot: Snapshot) -> Home {
        var books = snapshot.folders.values.compactMap(book)
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

    /// The number of a card's bytes.
    public func size(of card: Book.CardEntry) throws(AddressBookError) -> Int {
        if let size = sizes.withLock({ $0[card.etag.object] }) { return size }
        do throws(StorageError) {
            let size = try store.blobSize(card.etag.object)
            sizes.withLock { sizes in
                if sizes.count >= Self.maximumRememberedSizes { sizes.removeAll() }
                sizes[card.etag.object] = size
            }
            return size
        } catch {
            throw AddressBookError(error)
        }
    }

    /// When each card of a book was last changed, in seconds since 1970.
    public func modificationTimes(
        in book: Book
    ) throws(AddressBookError) -> [String: Int64] {
        do throws(StorageError) {
            return try history.modificationTimes(of: book.folder)
        } catch {
            throw AddressBookError(error)
        }
    }

    private static let maximumRememberedSizes = 200_000
    private static let maximumRememberedProperties = 20_000

    /// The properties of a book; what cannot be read counts as not there, so that a slip of a hand
    /// in `config.toml` hides a name and not the cards.
    func readProperties(_ tree: Tree, _ name: BookName) -> BookProperties {
        guard let entry = tree.entry(named: Book.configFile) else { return BookProperties() }
        if let known = properties.withLock({ $0[entry.id] }) { return known }
        var read = BookProperties()
        do {
            let bytes = try store.blob(entry.id, limit: 1 << 20)
            read = try BookProperties(toml: bytes, book: name)
        } catch {
            read = BookProperties()
        }
        let known = read
        properties.withLock { properties in
            if properties.count >= Self.maximumRememberedProperties { properties.removeAll() }
            properties[entry.id] = known
        }
        return known
    }
}
