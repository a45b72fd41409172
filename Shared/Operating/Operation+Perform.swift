public import AddressBooks

extension Operation {
    /// Does the operation.
    ///
    /// Blocks on the disk, and on the closures. Others read and write meanwhile; they wait no longer
    /// than one commit takes.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - author: Whom a commit names.
    ///   - input: Gives the next card of an import, or `nil` after the last.
    ///   - reply: Hears what comes of it; ``Reply/done`` and ``Reply/failed(_:)`` are the caller's.
    /// - Throws: `AddressBookError`, or what a closure threw.
    public func perform(
        on store: AddressBookStore,
        by author: Author,
        input: () throws -> ImportedCard?,
        reply: (Reply) throws -> Void
    ) throws {
        switch self {
        case .listBooks:
            for book in store.home.books { try reply(.book(Self.summary(of: book, store))) }
        case .addBook(let name, let displayName, let description):
            let properties = BookProperties(displayName: displayName, description: description)
            try store.createBook(name, properties, by: author)
        case .removeBook(let name):
            var commit: String?
            try store.deleteBook(name, by: author) { commit = $0.book(name)?.lastChange.text }
            // So that git has the commit that the reply names.
            try store.checkpoint()
            if let commit { try reply(.removed(commit: commit)) }
        case .importCards(let book, let isRehearsal):
            try Self.importCards(book, isRehearsal, store, author, input, reply)
        case .exportCards(let name):
            for book in try Self.books(name, store) {
                for card in book.cards {
                    let bytes = try store.bytes(of: card)
                    let exported = ExportedCard(
                        book: book.name.text,
                        name: card.name.text,
                        bytes: bytes
                    )
                    try reply(.card(exported))
                }
            }
        case .verify:
            let report = try store.verify {
                try reply(.progress($0))
            } problem: {
                try reply(.problem($0))
            }
            try reply(.verified(report))
        }
    }

    private static func importCards(
        _ book: BookName,
        _ isRehearsal: Bool,
        _ store: AddressBookStore,
        _ author: Author,
        _ input: () throws -> ImportedCard?,
        _ reply: (Reply) throws -> Void
    ) throws {
        // Where the cards of the commit under way begin; outcomes come once it is on disk.
        var lines: [Int] = []
        var reported = 0
        let manner = ImportManner(makesBook: true, isRehearsal: isRehearsal)
        let commits = try store.importCards(into: book, by: author, manner) {
            if reported == lines.count, reported > 0 {
                lines.removeAll(keepingCapacity: true)
                reported = 0
                // What waits for git takes memory too; and where the next card comes from, nothing
                // of the store may be under way.
                if !isRehearsal { try store.checkpoint() }
            }
            guard let card = try input() else { return nil }
            lines.append(card.line)
            return card.bytes
        } report: { outcome in
            defer { reported += 1 }
            try reply(.outcome(CardOutcome(outcome, from: lines[reported])))
        }
        try reply(.imported(commits: commits))
    }

    private static func books(
        _ name: BookName?,
        _ store: AddressBookStore
    ) throws(AddressBookError) -> [Book] {
        guard let name else { return store.home.books }
        guard let book = store.book(name) else { throw .noSuchBook(name) }
        return [book]
    }

    private static func summary(of book: Book, _ store: AddressBookStore) -> BookSummary {
        var changed: Int?
        do throws(AddressBookError) {
            changed = Int(try store.lastChangeTime(of: book))
        } catch {
            // A history that cannot be read takes the time from the list, and not the book.
        }
        return BookSummary(
            name: book.name.text,
            displayName: book.displayName,
            description: book.properties.description ?? "",
            cards: book.cards.reduce(0) { count, _ in count + 1 },
            commit: book.lastChange.text,
            changed: changed
        )
    }
}
