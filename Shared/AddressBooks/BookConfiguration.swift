internal import VersionedStorage

/// All that a book's `config.toml` holds.
struct BookConfiguration {
    /// What the book says of itself.
    var properties = BookProperties()
    /// What others keep there.
    var dead = DeadProperties()

    /// The text of `config.toml`.
    var toml: [UInt8] { properties.toml + Array(dead.toml.utf8) }
}

extension BookConfiguration {
    /// Reads `config.toml`.
    init(toml: [UInt8], book: BookName) throws(AddressBookError) {
        properties = try BookProperties(toml: toml, book: book)
        dead = try DeadProperties(toml: toml, book: book)
    }
}

extension AddressBookStore {
    /// What a book keeps for others; read from the store where it has some, and not remembered:
    /// ten thousand books could keep more than there is memory.
    public func deadProperties(of book: Book) -> DeadProperties {
        guard book.properties.hasDeadProperties else { return DeadProperties() }
        do throws(AddressBookError) {
            return try configuration(of: book).dead
        } catch {
            // A slip of a hand hides what is kept there, and no card.
            return DeadProperties()
        }
    }

    /// All that a book's `config.toml` holds, to be changed and written again: one that cannot be
    /// read must not be replaced by less than it holds.
    ///
    /// - Throws: ``AddressBookError/unreadableProperties(_:reason:)``, or
    ///   ``AddressBookError/storage(_:)`` where the store does not give the file.
    func configuration(of book: Book) throws(AddressBookError) -> BookConfiguration {
        guard let config = book.folder.tree.entry(named: Book.configFile)?.id else {
            return BookConfiguration()
        }
        let toml: [UInt8]
        do throws(StorageError) {
            toml = try store.blob(config, limit: Self.maximumConfigurationBytes)
        } catch {
            throw AddressBookError(error)
        }
        return try BookConfiguration(toml: toml, book: book.name)
    }
}
