import Dispatch
import Testing
import VCard

@testable import AddressBooks

struct ColumnTests {
    private static let plain = TextForm(name: "plain") { Array($0.utf8) }
    private static let names = PropertyColumn.Name("FN", plain)
    private static let uids = PropertyColumn.Name("UID", plain)

    /// The FN of each card of a book, in order, as its column says.
    private static func texts(
        _ store: AddressBookStore,
        _ name: BookName,
        _ column: PropertyColumn.Name = names
    ) throws -> [String: String] {
        let book = try #require(store.book(name))
        let columns = try #require(try store.columns([column], of: book))
        return texts(try #require(columns.first), in: book)
    }

    private static func texts(_ column: PropertyColumn, in book: Book) -> [String: String] {
        var texts: [String: String] = [:]
        var start = 0
        for (card, end) in zip(column.cards, column.keyEnds) {
            let text = String(decoding: column.keys[start..<Int(end)], as: UTF8.self)
            texts[book.card(at: Int(card))?.name.text ?? "none"] = text
            start = Int(end) + 1
        }
        return texts
    }

    @Test func `columns follow each edit, deletion and new card`() throws {
        try withBook { store, book throws in
            #expect(try Self.texts(store, book) == [:])
            for name in ["b", "d", "a"] {
                let file = try CardName("\(name).vcf")
                _ = try store.put(card("1\(name)", uid: name), as: file, in: book, by: author)
            }
            #expect(try Self.texts(store, book) == ["a.vcf": "1a", "b.vcf": "1b", "d.vcf": "1d"])

            _ = try store.put(card("2b", uid: "b"), as: CardName("b.vcf"), in: book, by: author)
            _ = try store.put(card("1c", uid: "c"), as: CardName("c.vcf"), in: book, by: author)
            try store.delete(CardName("a.vcf"), in: book, by: author)

            #expect(try Self.texts(store, book) == ["b.vcf": "2b", "c.vcf": "1c", "d.vcf": "1d"])
            #expect(
                try Self.texts(store, book, Self.uids)
                    == ["b.vcf": "b", "c.vcf": "c", "d.vcf": "d"]
            )
        }
    }

    @Test func `a book as it stood before is answered for as it stood`() throws {
        try withBook { store, book throws in
            let file = try CardName("a.vcf")
            _ = try store.put(card("Old", uid: "1"), as: file, in: book, by: author)
            let before = try #require(store.book(book))
            #expect(try Self.texts(store, book) == ["a.vcf": "Old"])
            _ = try store.put(card("New", uid: "1"), as: file, in: book, by: author)
            #expect(try Self.texts(store, book) == ["a.vcf": "New"])

            let columns = try #require(try store.columns([Self.names], of: before))

            #expect(Self.texts(columns[0], in: before) == ["a.vcf": "Old"])
            #expect(try Self.texts(store, book) == ["a.vcf": "New"])
        }
    }

    @Test func `a book that takes the name of a deleted one has its own columns`() throws {
        try withBook { store, _ throws in
            let book = try BookName("team")
            for name in ["First", "Second"] {
                try store.createBook(book, BookProperties(), by: author)
                _ = try store.add(card(name, uid: "1"), to: book, by: author)
                #expect(try Self.texts(store, book).values.sorted() == [name])
                try store.deleteBook(book, by: author)
            }
        }
    }

    /// Asks a cache of its own for columns, and counts the cards that it reads.
    private static func read(
        _ store: AddressBookStore,
        _ cache: ColumnCache,
        _ names: Set<PropertyColumn.Name>,
        alongWith more: Set<PropertyColumn.Name> = []
    ) throws -> (columns: [PropertyColumn]?, reads: Int) {
        let book = try #require(store.book(.standard))
        let name = try CardName("x.vcf")
        var reads = 0
        let columns = try cache.columns(names, alongWith: more, of: book.name, book.folder) { id in
            reads += 1
            let entry = Book.CardEntry(name: name, etag: ContentID(id))
            return try Card(parsing: store.bytes(of: entry))
        }
        return (columns, reads)
    }

    private static func fill(_ store: AddressBookStore, _ stem: String = "Card") throws {
        _ = try store.importCards(
            (0..<50).map { card("\(stem) \($0)", uid: "\($0)") },
            into: .standard,
            by: author
        )
    }

    @Test func `one pass makes what is asked and what will be; an edit costs the card edited`()
        throws
    {
        try withBook { store, book throws in
            let cache = ColumnCache()
            try Self.fill(store)

            #expect(try Self.read(store, cache, [Self.names], alongWith: [Self.uids]).reads == 50)
            #expect(try Self.read(store, cache, [Self.names, Self.uids]).reads == 0)
            _ = try store.add(card("One more", uid: "more"), to: book, by: author)
            _ = try store.delete(CardName("card-7.vcf"), in: book, by: author)
            let after = try Self.read(store, cache, [Self.uids])
            #expect(after.reads == 1)
            #expect(after.columns?.first?.count == 50)
            #expect(try Self.read(store, cache, [Self.names]).reads == 0)
        }
    }

    @Test func `beyond the limit the columns left alone for longest are dropped`() throws {
        try withBook { store, _ throws in
            try Self.fill(store)
            let limit = 3_000
            let cache = ColumnCache(maximumBytes: limit)

            for names in [Self.names, Self.uids, Self.names] {
                #expect(try Self.read(store, cache, [names]).columns?.count == 1)
                #expect(cache.byteCount <= limit)
            }
            #expect(try Self.read(store, cache, [Self.names]).reads == 0)
            #expect(try Self.read(store, cache, [Self.uids]).reads == 50)
            #expect(cache.byteCount <= limit)
        }
    }

    @Test func `a column larger than the limit is not tried again after each edit`() throws {
        try withBook { store, book throws in
            try Self.fill(store, String(repeating: "long", count: 20))
            let cache = ColumnCache(maximumBytes: 3_000)

            let first = try Self.read(store, cache, [Self.names], alongWith: [Self.uids])
            _ = try store.add(card("One more", uid: "more"), to: book, by: author)
            let second = try Self.read(store, cache, [Self.names])

            #expect(first.columns == nil)
            #expect((1..<50).contains(first.reads))
            #expect(second.columns == nil)
            #expect(second.reads == 0)
            #expect(cache.byteCount <= 3_000)
            #expect(try Self.read(store, cache, [Self.uids]).columns?.first?.count == 51)
        }
    }

    @Test func `a book has a limited number of columns, whatever names are asked for`() throws {
        try withBook { store, book throws in
            try Self.fill(store)
            let cache = ColumnCache()
            func names(_ numbers: Range<Int>) -> Set<PropertyColumn.Name> {
                Set(numbers.map { PropertyColumn.Name("X-\($0)", Self.plain) })
            }

            #expect(try Self.read(store, cache, names(0..<40), alongWith: [Self.uids]).reads == 50)
            #expect(try Self.read(store, cache, names(40..<80)).columns?.count == 40)
            #expect(try Self.read(store, cache, names(40..<80)).reads == 0)
            #expect(try Self.read(store, cache, names(0..<40)).reads == 50)
            let excess = try Self.read(store, cache, names(0..<65))
            #expect(excess.columns == nil)
            #expect(excess.reads == 0)
            let most = try Self.read(store, cache, names(100..<164), alongWith: [Self.uids])
            #expect(most.columns?.count == 64)
        }
    }

    @Test func `while cards are written, each thread gets the columns of the book that it has`()
        throws
    {
        try withBook { store, book throws in
            let file = try CardName("a.vcf")
            _ = try store.put(card("0", uid: "1"), as: file, in: book, by: author)
            DispatchQueue.concurrentPerform(iterations: 200) { number in
                do {
                    if number.isMultiple(of: 5) {
                        let bytes = card("\(number)", uid: "1")
                        _ = try store.put(bytes, as: file, in: book, by: author)
                    }
                    let now = try #require(store.book(book))
                    let entry = try #require(now.card(named: file))
                    let text = try Card(parsing: store.bytes(of: entry)).first("FN")?.text
                    let columns = try #require(try store.columns([Self.names], of: now))
                    #expect(Self.texts(columns[0], in: now)["a.vcf"] == text)
                } catch {
                    Issue.record(error)
                }
            }
        }
    }
}
