public import VCard
internal import VersionedStorage

/// What became of one card of an import.
public enum ImportOutcome: Sendable, Equatable {
    /// Stored under a new name.
    case added(CardName)
    /// Stored in the place of the card with the same UID.
    case updated(CardName)
    /// The book has the very same card.
    case unchanged(CardName)
    /// Not stored.
    case refused(CardError)
}

extension ImportOutcome {
    /// Whether the book is another than before.
    var isChange: Bool {
        switch self {
        case .added, .updated: true
        case .unchanged, .refused: false
        }
    }
}

/// How an import is done.
public struct ImportManner: Sendable, Equatable {
    /// Whether the book is made where there is none, in the same commit as its cards.
    public let makesBook: Bool
    /// Whether only the outcomes are wanted, and nothing is to be stored.
    public let isRehearsal: Bool

    /// Says how.
    public init(makesBook: Bool = false, isRehearsal: Bool = false) {
        self.makesBook = makesBook
        self.isRehearsal = isRehearsal
    }
}

extension AddressBookStore {
    /// The most bytes of cards that an import holds in memory, and so puts into one commit.
    public static let maximumImportBytes = 64 << 20

    /// Stores many cards in one commit: each in the place of the card with its UID, or under a new
    /// readable name.
    ///
    /// Cards beyond ``maximumImportBytes`` go into a further commit: what the import needs of memory
    /// does not grow with it. No other writer waits while cards are read, only while they are stored.
    ///
    /// - Parameters:
    ///   - book: The book.
    ///   - author: Who imports.
    ///   - manner: How.
    ///   - next: Gives the bytes of the next card, or `nil` after the last.
    ///   - report: Hears the outcome of each card, in order, once its commit is on disk; a card that
    ///     is no vCard is refused alone.
    /// - Returns: The number of commits; none where all cards are there already.
    /// - Throws: ``AddressBookError``, or what a closure threw. Of the commit under way nothing is
    ///   stored then; those before it stay.
    public func importCards(
        into book: BookName,
        by author: Author,
        _ manner: ImportManner = ImportManner(),
        from next: () throws -> [UInt8]?,
        report: (ImportOutcome) throws -> Void
    ) throws -> Int {
        var progress = CardImport(into: book)
        var commits = 0
        var isFirst = true
        while true {
            var batch: [Result<CardImport.Prepared, CardError>] = []
            var bytes = 0
            while bytes < Self.maximumImportBytes, let card = try next() {
                bytes += card.count
                batch.append(
                    Result { () throws(CardError) in try CardImport.Prepared(parsing: card) }
                )
            }
            if batch.isEmpty, !isFirst { return commits }
            isFirst = false
            let (outcomes, isChange) = try store(batch, of: &progress, by: author, manner)
            if isChange { commits += 1 }
            for outcome in outcomes { try report(outcome) }
            if bytes < Self.maximumImportBytes { return commits }
        }
    }

    /// Stores cards that are in memory already, in a book that must be there.
    ///
    /// - Returns: An outcome for each card, in order.
    /// - Throws: ``AddressBookError``; then nothing is stored.
    public func importCards(
        _ cards: [[UInt8]],
        into book: BookName,
        by author: Author
    ) throws -> [ImportOutcome] {
        var rest = cards[...]
        var outcomes: [ImportOutcome] = []
        _ = try importCards(into: book, by: author) {
            rest.popFirst()
        } report: {
            outcomes.append($0)
        }
        return outcomes
    }

    /// Ends a transaction whose change is not wanted.
    private struct Rehearsed: Error {
        let progress: CardImport
        let outcomes: [ImportOutcome]
    }

    private func store(
        _ batch: [Result<CardImport.Prepared, CardError>],
        of progress: inout CardImport,
        by author: Author,
        _ manner: ImportManner
    ) throws -> (outcomes: [ImportOutcome], isChange: Bool) {
        let book = progress.book
        do {
            let (after, outcomes, isNew) = try commit { transaction in
                var progress = progress
                let folder = transaction.snapshot.folders[book.text]
                if folder == nil { try makeBook(book, manner, &transaction) }
                let outcomes = try batch.map { card throws(StorageError) -> ImportOutcome in
                    switch card {
                    case .failure(let error): .refused(error)
                    case .success(let card): try progress.put(card, folder, self, &transaction)
                    }
                }
                if manner.isRehearsal { throw Rehearsed(progress: progress, outcomes: outcomes) }
                transaction.describe(author.message("IMPORT \(book), \(batch.count) cards"))
                return (progress, outcomes, folder == nil)
            }
            progress = after
            return (outcomes, isNew || outcomes.contains(where: \.isChange))
        } catch let rehearsed as Rehearsed {
            progress = rehearsed.progress
            return (rehearsed.outcomes, false)
        }
    }

    private func makeBook(
        _ book: BookName,
        _ manner: ImportManner,
        _ transaction: inout Transaction
    ) throws {
        guard manner.makesBook else { throw AddressBookError.noSuchBook(book) }
        guard transaction.snapshot.folders.count < Self.maximumBooks else {
            throw AddressBookError.tooManyBooks(limit: Self.maximumBooks)
        }
        let configuration = BookConfiguration(properties: BookProperties(id: RandomUUID.text()))
        try Self.write(configuration, of: book, &transaction)
    }
}
