public import AddressBooks
internal import VCard

/// One thing that an operator hears while an operation is done.
public enum Reply: Equatable, Sendable {
    /// An address book, of a list.
    case book(BookSummary)
    /// A card, of an export.
    case card(ExportedCard)
    /// What became of a card of an import, in their order.
    case outcome(CardOutcome)
    /// How many commits an import made; none for a rehearsal.
    case imported(commits: Int)
    /// The commit that still has the book that was removed.
    case removed(commit: String)
    /// How many objects a check has read so far.
    case progress(Int)
    /// Something that is wrong with the store.
    case problem(String)
    /// What a check counted.
    case verified(StoreReport)
    /// The operation is done. It is the last record; one without it is cut off.
    case done
    /// The operation has failed, and why. It is the last record.
    case failed(String)
}

/// What a list tells of a book.
public struct BookSummary: Equatable, Sendable {
    /// The book's name in its URL.
    public let name: String
    /// What people call it.
    public let displayName: String
    /// What it is for; empty where nobody said.
    public let description: String
    /// How many cards it holds.
    public let cards: Int
    /// The last commit that changed it.
    public let commit: String
    /// When that was, in seconds since 1970; `nil` where it cannot be read.
    public let changed: Int?

    /// Joins the fields.
    public init(
        name: String,
        displayName: String,
        description: String,
        cards: Int,
        commit: String,
        changed: Int?
    ) {
        self.name = name
        self.displayName = displayName
        self.description = description
        self.cards = cards
        self.commit = commit
        self.changed = changed
    }
}

/// A card with its place.
public struct ExportedCard: Equatable, Sendable {
    /// The book's name.
    public let book: String
    /// The card's name in the book.
    public let name: String
    /// The card, as it was stored.
    public let bytes: [UInt8]

    /// Joins the fields.
    public init(book: String, name: String, bytes: [UInt8]) {
        self.book = book
        self.name = name
        self.bytes = bytes
    }
}

/// What became of one card of an import.
public enum CardOutcome: Equatable, Sendable {
    /// Stored under a new name.
    case added(name: String)
    /// Stored in the place of the card with the same UID.
    case updated(name: String)
    /// The book has the very same card.
    case unchanged(name: String)
    /// Not stored; the line is one of the card's file, where one is meant.
    case refused(line: Int?, reason: String)
}

extension CardOutcome {
    /// What became of a card that begins in some line of its file.
    public init(_ outcome: ImportOutcome, from line: Int) {
        switch outcome {
        case .added(let name): self = .added(name: name.text)
        case .updated(let name): self = .updated(name: name.text)
        case .unchanged(let name): self = .unchanged(name: name.text)
        case .refused(let error):
            let error = error.counted(from: line)
            self = .refused(line: error.line, reason: error.description)
        }
    }
}
