import AddressBooks
import Foundation
import Testing

/// Random numbers that a seed decides (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}

/// Books that change at random, with what each held at each of its commits.
struct ChangingBooks {
    let path: String
    private(set) var store: AddressBookStore
    let books: [BookName]
    /// What a book held, by the commit that changed it last.
    private(set) var truths: [String: [String: String]] = [:]
    /// How often a book was made: copies of one that is gone are worth nothing.
    private(set) var lives: [BookName: Int] = [:]

    init(path: String) throws {
        self.path = path
        store = try Self.open(path)
        books = try [.standard, BookName("work"), BookName("zoo")]
        for book in books { try make(book) }
    }

    private static func open(_ path: String) throws -> AddressBookStore {
        try AddressBookStore(path: path) { Issue.record("\($0)") }
    }

    private mutating func make(_ book: BookName) throws {
        try store.createBook(book, BookProperties(displayName: "Book"), by: author)
        lives[book, default: 0] += 1
        try note(book)
    }

    /// Stops the store and opens it again: what it had in memory is gone.
    mutating func restart() throws {
        store.close()
        store = try Self.open(path)
    }

    /// One change of one book.
    mutating func change(_ book: BookName, _ random: inout Seeded) throws {
        switch Int.random(in: 0..<40, using: &random) {
        case 0:
            try store.deleteBook(book, by: author)
            try make(book)
        case 1:
            let name = "Name \(random.next())"
            try store.updateBook(book, by: author) { properties, _ in properties.displayName = name
            }
        case 2..<14:
            try delete(Self.name(&random), in: book)
        case 14..<17:
            // Gone and made anew at once, maybe with the same bytes.
            let name = Self.name(&random)
            try put(name, in: book, &random)
            try delete(name, in: book)
            try put(name, in: book, &random)
        default: try put(Self.name(&random), in: book, &random)
        }
        try note(book)
    }

    /// Stores a card as a client does, and says what the client then knows.
    @discardableResult
    mutating func put(
        _ name: String,
        in book: BookName,
        _ random: inout Seeded
    ) throws -> String {
        let bytes = card("\(Int.random(in: 0..<3, using: &random))", uid: name)
        let stored = try store.put(bytes, as: CardName(name), in: book, by: author)
        try note(book)
        return stored.card.etag.text
    }

    /// Deletes a card, if the book has it.
    mutating func delete(_ name: String, in book: BookName) throws {
        do {
            try store.delete(CardName(name), in: book, by: author)
        } catch AddressBookError.noSuchCard {
            return
        }
        try note(book)
    }

    /// One of the few names that cards have here.
    static func name(_ random: inout Seeded) -> String {
        "c\(Int.random(in: 0..<10, using: &random)).vcf"
    }

    private mutating func note(_ name: BookName) throws {
        let book = try #require(store.book(name))
        truths[book.lastChange.text] = cards(of: book)
    }

    /// What a book holds.
    func cards(of book: Book) -> [String: String] {
        Dictionary(book.cards.map { ($0.name.text, $0.etag.text) }) { first, _ in first }
    }
}

/// A client's copy of a book, made of nothing but what it was told, and of its own writes.
struct BookCopy {
    let name: BookName
    /// Whether the client writes too: then its copy may be ahead of the walk that it is on.
    let writes: Bool
    private(set) var cards: [String: String] = [:]
    private(set) var life = 0
    private var position: SyncPosition?
    private var told: Set<String> = []

    init(of name: BookName, writes: Bool) {
        self.name = name
        self.writes = writes
    }

    /// Writes a card and remembers what it knows from that.
    mutating func write(_ world: inout ChangingBooks, _ random: inout Seeded) throws {
        let card = ChangingBooks.name(&random)
        if Bool.random(using: &random) {
            cards[card] = try world.put(card, in: name, &random)
        } else {
            try world.delete(card, in: name)
            cards[card] = nil
        }
    }

    /// Asks for a page and takes it; true at the end of a walk.
    mutating func page(_ world: ChangingBooks, limit: Int?) throws -> Bool {
        let book = try #require(world.store.book(name))
        // Tokens travel as text.
        let asked = position.flatMap { SyncPosition(text: $0.text) }
        #expect(asked == position)
        guard let page = try world.store.changes(in: book, since: asked, limit: limit) else {
            #expect(position != nil && life != world.lives[name], "a valid token was refused")
            forget()
            return try self.page(world, limit: limit)
        }
        if position == nil { life = world.lives[name] ?? 0 }
        #expect(life == world.lives[name], "the token of a book that is gone was taken")
        try take(page, limit)
        guard !page.isTruncated else { return false }
        #expect(page.position.partial == nil)
        if !writes { #expect(cards == world.truths[page.position.commit.text]) }
        told = []
        return true
    }

    private mutating func forget() {
        cards = [:]
        told = []
        position = nil
    }

    private mutating func take(_ page: SyncChanges, _ limit: Int?) throws {
        let isInitial = position == nil || (position?.partial.map { $0.base == nil } ?? false)
        #expect(page.cards.count <= limit ?? .max)
        #expect(!page.isTruncated || page.cards.count == limit)
        for (card, etag) in page.cards {
            #expect(told.insert(card.text).inserted, "\(card) is told twice in one walk")
            #expect(!isInitial || etag != nil, "a first walk tells of \(card), which is gone")
            cards[card.text] = etag?.text
        }
        position = page.position
    }
}
