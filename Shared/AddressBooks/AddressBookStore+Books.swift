internal import VersionedStorage

extension AddressBookStore {
    /// Makes an address book.
    ///
    /// - Parameters:
    ///   - name: Its name in its URL.
    ///   - properties: What it says of itself; the id is chosen here.
    ///   - dead: What it keeps for others.
    ///   - author: Who makes it.
    ///   - condition: Called when the write is due; what it throws ends it.
    /// - Throws: ``AddressBookError/bookExists(_:)``, ``AddressBookError/storage(_:)``, or what the
    ///   condition threw.
    public func createBook(
        _ name: BookName,
        _ properties: BookProperties,
        _ dead: DeadProperties = DeadProperties(),
        by author: Author,
        if condition: (StoreState) throws -> Void = { _ in }
    ) throws {
        var properties = properties
        properties.id = RandomUUID.text()
        let toml = BookConfiguration(properties: properties, dead: dead).toml
        try commit { transaction in
            try condition(StoreState(self, transaction.snapshot))
            guard transaction.snapshot.folders[name.text] == nil else {
                throw AddressBookError.bookExists(name)
            }
            guard transaction.snapshot.folders.count < Self.maximumBooks else {
                throw AddressBookError.tooManyBooks(limit: Self.maximumBooks)
            }
            try transaction.write(toml, to: Book.configFile, in: name.text, key: CardKey.none)
            transaction.describe(author.message("MKCOL \(name)"))
        }
    }

    /// Changes what a book says of itself, and what it keeps for others.
    ///
    /// - Parameters:
    ///   - name: The book.
    ///   - author: Who changes it.
    ///   - condition: Called when the write is due; what it throws ends it.
    ///   - change: Gets the properties as they stand then.
    /// - Throws: ``AddressBookError``, or what the condition or the change threw.
    public func updateBook(
        _ name: BookName,
        by author: Author,
        if condition: (StoreState) throws -> Void = { _ in },
        change: (inout BookProperties, inout DeadProperties) throws -> Void
    ) throws {
        try commit { transaction in
            try condition(StoreState(self, transaction.snapshot))
            let folder = try self.folder(name, in: transaction.snapshot)
            guard let book = book(folder) else { throw AddressBookError.noSuchBook(name) }
            var configuration = try configuration(of: book)
            if configuration.properties.id == nil {
                configuration.properties.id = RandomUUID.text()
            }
            try change(&configuration.properties, &configuration.dead)
            try Self.write(configuration, of: name, &transaction)
            transaction.describe(author.message("PROPPATCH \(name)"))
        }
    }

    /// Deletes a book with all its cards; its history stays.
    ///
    /// - Throws: ``AddressBookError``, or what the condition threw.
    public func deleteBook(
        _ name: BookName,
        by author: Author,
        if condition: (StoreState) throws -> Void = { _ in }
    ) throws {
        try commit { transaction in
            try condition(StoreState(self, transaction.snapshot))
            _ = try self.folder(name, in: transaction.snapshot)
            transaction.removeFolder(name.text)
            transaction.describe(author.message("DELETE \(name)"))
        }
    }

    /// Puts what a book says of itself into its folder.
    static func write(
        _ configuration: BookConfiguration,
        of name: BookName,
        _ transaction: inout Transaction
    ) throws(StorageError) {
        try transaction.write(
            configuration.toml,
            to: Book.configFile,
            in: name.text,
            key: CardKey.none
        )
    }
}
