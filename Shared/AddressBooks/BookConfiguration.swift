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
        book.properties.hasDeadProperties ? configuration(of: book).dead : DeadProperties()
    }

    /// All that a book's `config.toml` holds; what cannot be read counts as not there.
    func configuration(of book: Book) -> BookConfiguration {
        do {
            guard let config = book.folder.tree.entry(named: Book.configFile)?.id else {
                return BookConfiguration()
            }
            let toml = try store.blob(config, limit: Self.maximumConfigurationBytes)
            return try BookConfiguration(toml: toml, book: book.name)
        } catch {
            return BookConfiguration()
        }
    }
}
