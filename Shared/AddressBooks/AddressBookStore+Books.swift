internal import VersionedStorage

extension AddressBookStore {
    /// Makes an address book.
    ///
    /// - Parameters:
    ///   - name: Its name in its URL.
    ///   - properties: What it says of itself; the id is chosen here.
    ///   - author: Who makes it.
    /// - Throws: ``AddressBookError/bookExists(_:)``, ``AddressBookError/storage(_:)``.
    public func createBook(
        _ name: BookName,
        _ properties: BookProperties,
        by author: Author
    ) throws {
        var properties = properties
        properties.id = RandomUUID.text()
        let toml = properties.toml
        try commit { transaction in
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

    /// Changes what a book says of itself.
    ///
    /// - Parameters:
    ///   - name: The book.
    ///   - author: Who changes it.
    ///   - change: Gets the properties as they stand when the write is due.
    /// - Throws: ``AddressBookError``, or what the change threw.
    public func updateBook(
        _ name: BookName,
        by author: Author,
        change: (inout BookProperties) throws -> Void
    ) throws {
        try commit { transaction in
            let folder = try self.folder(name, in: transaction.snapshot)
            guard let book = book(folder) else { throw AddressBookError.noSuchBook(name) }
            var properties = book.properties
            if properties.id == nil { properties.id = RandomUUID.text() }
            try change(&properties)
            try Self.write(properties, of: name, &transaction)
            transaction.describe(author.message("PROPPATCH \(name)"))
        }
    }

    /// Deletes a book with all its cards; its history stays.
    ///
    /// - Throws: ``AddressBookError``, or what the condition threw.
    public func deleteBook(
        _ name: BookName,
        by author: Author,
        if condition: (Book) throws -> Void = { _ in }
    ) throws {
        try commit { transaction in
            let folder = try self.folder(name, in: transaction.snapshot)
            guard let book = book(folder) else { throw AddressBookError.noSuchBook(name) }
            try condition(book)
            transaction.removeFolder(name.text)
            transaction.describe(author.message("DELETE \(name)"))
        }
    }

    /// Puts what a book says of itself into its folder.
    static func write(
        _ properties: BookProperties,
        of name: BookName,
        _ transaction: inout Transaction
    ) throws(StorageError) {
        try transaction.write(
            properties.toml,
            to: Book.configFile,
            in: name.text,
            key: CardKey.none
        )
    }
}
