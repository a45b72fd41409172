internal import VCard
internal import VersionedStorage

/// What a check of an instance's store counted.
public struct StoreReport: Sendable, Equatable {
    /// The commits of the history.
    public let commits: Int
    /// The objects that the history reaches.
    public let objects: Int
    /// The cards of all books, as of now.
    public let cards: Int

    /// Joins the counts.
    public init(commits: Int, objects: Int, cards: Int) {
        self.commits = commits
        self.objects = objects
        self.cards = cards
    }
}

extension AddressBookStore {
    /// Checks every object of the store, that what is derived from the history follows from it, and
    /// that every card of today can be read.
    ///
    /// Others read and write meanwhile.
    ///
    /// - Parameters:
    ///   - progress: Called now and then with the number of objects read.
    ///   - problem: Hears of each thing that is wrong.
    /// - Returns: What was counted.
    /// - Throws: What a closure threw.
    public func verify(
        progress: (Int) throws -> Void,
        problem: (String) throws -> Void
    ) throws -> StoreReport {
        let home = home
        let counts = try store.verify(progress: progress, problem: problem)
        var cards = 0
        for book in home.books { cards += try verify(book, problem) }
        return StoreReport(commits: counts.commits, objects: counts.objects, cards: cards)
    }

    /// Reads the cards of a book, and the files that bear a card's name and hide from clients.
    private func verify(_ book: Book, _ problem: (String) throws -> Void) throws -> Int {
        var cards = 0
        for position in 0..<book.folder.tree.count {
            let entry = book.folder.tree.entry(at: position)
            guard Book.canHold(entry, in: book.folder.tree) else { continue }
            let isListed = book.folder.key(at: position) != CardKey.none
            guard isListed || entry.name.lowercased().hasSuffix(".vcf") else { continue }
            if isListed { cards += 1 }
            do {
                _ = try Card(parsing: store.blob(entry.id, limit: Self.maximumCardBytes))
            } catch let error as CardError {
                try problem("\(book.name)/\(entry.name): no client sees it: \(error)")
            } catch {
                try problem("\(book.name)/\(entry.name): \(error)")
            }
        }
        return cards
    }
}
