import Testing

@testable import AddressBooks

/// The cards that users have said to be about themselves.
struct MeCardTests {
    private static let name = "my card.vcf"

    private static func fill(_ store: AddressBookStore, _ book: BookName) throws -> CardName {
        let name = try CardName(name)
        _ = try store.put(card("A", uid: "1"), as: name, in: book, by: author)
        return name
    }

    private static func found(_ store: AddressBookStore, _ user: String) -> String? {
        store.meCard(of: user).map { "\($0.book.name)/\($0.card.name)" }
    }

    @Test(arguments: ["alice", "Zoë \"Q\" \\ = [x]", "a.b@c", "1"])
    func `a card is found by the user who named it, whatever the name`(user: String) throws {
        try withBook { store, book throws in
            let name = try Self.fill(store, book)

            try store.setMeCard(name, in: book, by: Author(user: user, instance: "test"))

            #expect(Self.found(store, user) == "default/\(name)")
            #expect(Self.found(store, "somebody") == nil)
        }
    }

    @Test func `what a book says of itself is kept beside it`() throws {
        try withBook { store, book throws in
            let name = try Self.fill(store, book)
            let id = store.book(book)?.properties.id

            try store.setMeCard(name, in: book, by: author)
            try store.updateBook(book, by: author) { properties, _ in properties.description = "x" }

            #expect(store.book(book)?.properties.displayName == "Mine")
            #expect(store.book(book)?.properties.id == id)
            #expect(Self.found(store, author.user) == "default/\(name)")
        }
    }

    @Test func `naming the same card again makes no commit`() throws {
        try withBook { store, book throws in
            let name = try Self.fill(store, book)
            try store.setMeCard(name, in: book, by: author)
            let before = store.book(book)?.lastChange

            try store.setMeCard(name, in: book, by: author)

            #expect(store.book(book)?.lastChange == before)
        }
    }

    @Test func `of two books that name a card the first of the home counts, and both are cleared`()
        throws
    {
        try withBook { store, book throws in
            let other = try BookName("other")
            try store.createBook(other, BookProperties(), by: author)
            let name = try Self.fill(store, book)
            _ = try Self.fill(store, other)
            for book in [book, other] {
                try store.updateBook(book, by: author) { properties, _ in
                    properties.meCards["alice"] = name.text
                }
            }
            #expect(Self.found(store, "alice") == "default/\(name)")

            try store.removeMeCard(by: author)

            #expect(Self.found(store, "alice") == nil)
        }
    }

    @Test func `a book and a card that are not there are refused`() throws {
        try withBook { store, book throws in
            let none = try CardName("none.vcf")
            let nowhere = try BookName("nowhere")

            #expect(throws: AddressBookError.noSuchCard(none)) {
                try store.setMeCard(none, in: book, by: author)
            }
            #expect(throws: AddressBookError.noSuchBook(nowhere)) {
                try store.setMeCard(none, in: nowhere, by: author)
            }
        }
    }

    @Test func `a book names the cards of so many users and no more`() throws {
        try withBook { store, book throws in
            let name = try Self.fill(store, book)
            let limit = AddressBookStore.maximumMeCards
            try store.updateBook(book, by: author) { properties, _ in
                for number in 0..<(limit - 1) { properties.meCards["u\(number)"] = name.text }
            }

            try store.setMeCard(name, in: book, by: author)
            #expect(throws: AddressBookError.tooManyMeCards(limit: limit)) {
                let late = Author(user: "late", instance: "test")
                try store.setMeCard(name, in: book, by: late)
            }
            #expect(Self.found(store, author.user) == "default/\(name)")
            #expect(Self.found(store, "u0") == "default/\(name)")
        }
    }
}
