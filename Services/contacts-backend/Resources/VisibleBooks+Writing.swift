import Access
import AddressBooks
import WebDAV

// Dispatching has refused already what may be seen and not changed. What is left to refuse is not
// there for whoever asks, and is answered so.
extension VisibleBooks {
    /// Called when a write is due; what it throws ends it.
    typealias Condition = (VisibleState) throws -> Void

    func put(
        _ bytes: [UInt8],
        as name: CardName,
        in book: BookName,
        by author: Author,
        if condition: Condition
    ) throws -> Stored {
        try requireWritable(book)
        return try unrestricted.put(bytes, as: name, in: book, by: author) {
            try condition(seen($0))
        }
    }

    func add(
        _ bytes: [UInt8],
        to book: BookName,
        by author: Author,
        if condition: Condition
    ) throws -> Stored {
        try requireWritable(book)
        return try unrestricted.add(bytes, to: book, by: author) { try condition(seen($0)) }
    }

    func delete(
        _ name: CardName,
        in book: BookName,
        by author: Author,
        if condition: Condition
    ) throws {
        try requireWritable(book)
        try unrestricted.delete(name, in: book, by: author) { try condition(seen($0)) }
    }

    func updateBook(
        _ name: BookName,
        by author: Author,
        if condition: Condition,
        change: (inout BookProperties, inout DeadProperties) throws -> Void
    ) throws {
        try requireWritable(name)
        try unrestricted.updateBook(
            name,
            by: author,
            if: { try condition(seen($0)) },
            change: change
        )
    }

    /// Makes a book.
    ///
    /// - Throws: A ``Refusal`` with `addressbook-collection-location-ok` for a name under which
    ///   whoever asks could not write: the rights say so of the name, whether a book has it or not.
    func createBook(
        _ name: BookName,
        _ properties: BookProperties,
        _ dead: DeadProperties,
        by author: Author,
        if condition: Condition
    ) throws {
        guard rights.role >= .writer, rights.mayWrite(name) else {
            throw Refusal.addressbookCollectionLocationOK
        }
        try unrestricted.createBook(name, properties, dead, by: author) { try condition(seen($0)) }
    }

    func deleteBook(_ name: BookName, by author: Author, if condition: Condition) throws {
        try requireRemovable(name)
        try unrestricted.deleteBook(name, by: author) { try condition(seen($0)) }
    }

    func transfer(
        _ transfer: Transfer,
        _ source: AddressBookStore.CardPlace,
        to target: AddressBookStore.CardPlace,
        mayReplace: Bool,
        by author: Author,
        if condition: Condition
    ) throws -> Stored {
        guard transfer == .copy ? rights.mayRead(source.book) : rights.mayWrite(source.book) else {
            throw AddressBookError.noSuchBook(source.book)
        }
        guard rights.mayWrite(target.book) else {
            guard let book = book(source.book) else {
                throw AddressBookError.noSuchBook(source.book)
            }
            guard book.card(named: source.card) != nil else {
                throw AddressBookError.noSuchCard(source.card)
            }
            throw AddressBookError.noDestination(target.book)
        }
        return try unrestricted.transfer(
            transfer,
            source,
            to: target,
            mayReplace: mayReplace,
            by: author,
            if: { try condition(seen($0)) }
        )
    }

    /// Copies or moves a book; under what names, see ``createBook(_:_:_:by:if:)``.
    func transfer(
        _ transfer: Transfer,
        _ source: BookName,
        to target: BookName,
        withCards: Bool,
        mayReplace: Bool,
        by author: Author,
        if condition: Condition
    ) throws -> Bool {
        if transfer == .move { try requireRemovable(source) }
        guard rights.mayRead(source) else { throw AddressBookError.noSuchBook(source) }
        guard rights.role >= .writer, rights.mayWrite(target) else {
            guard book(source) != nil else { throw AddressBookError.noSuchBook(source) }
            throw Refusal.addressbookCollectionLocationOK
        }
        return try unrestricted.transfer(
            transfer,
            source,
            to: target,
            withCards: withCards,
            mayReplace: mayReplace,
            by: author,
            if: { try condition(seen($0)) }
        )
    }

    /// Remembers which card tells of the author. That stands in the book of the card, so that it
    /// takes the right to change that book.
    func setMeCard(_ card: CardName, in book: BookName, by author: Author) throws {
        guard self.book(book) != nil else { throw AddressBookError.noSuchBook(book) }
        guard rights.mayWrite(book) else {
            throw Refusal.needPrivileges(
                href: Location.href(of: book),
                privilege: .dav("write-properties")
            )
        }
        try unrestricted.setMeCard(card, in: book, by: author)
    }

    /// Forgets which card tells of the author, in whatever book that stands: it is the author's own.
    func removeMeCard(by author: Author) throws { try unrestricted.removeMeCard(by: author) }

    private func requireWritable(_ book: BookName) throws(AddressBookError) {
        guard rights.mayWrite(book) else { throw .noSuchBook(book) }
    }

    /// A book goes where it may be changed, and where books may go from the home.
    private func requireRemovable(_ book: BookName) throws(AddressBookError) {
        guard rights.role >= .writer, rights.mayWrite(book) else { throw .noSuchBook(book) }
    }

    private func seen(_ state: StoreState) -> VisibleState { VisibleState(state, rights) }
}
