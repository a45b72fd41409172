import AddressBooks
import Testing
import VCard

struct AddressBookStoreTests {
    @Test func `names that the server chooses are readable and count up`() throws {
        try withBook { store, book throws in
            let names = try (0..<40).map { number in
                try store.add(card("Zoë Ångström", uid: "\(number)"), to: book, by: author).card
                    .name.text
            }

            #expect(
                names.prefix(3) == ["zoe-angstrom.vcf", "zoe-angstrom-2.vcf", "zoe-angstrom-3.vcf"]
            )
            #expect(Set(names).count == 40)
        }
    }

    @Test func `a card of which no name is left is called after its UID, or contact`() throws {
        try withBook { store, book throws in
            #expect(
                try store.add(card("田中", uid: "U-1"), to: book, by: author).card.name.text
                    == "u-1.vcf"
            )
            #expect(
                try store.add(card("田中", uid: "田"), to: book, by: author).card.name.text
                    == "contact.vcf"
            )
        }
    }

    @Test func `the default book comes first in the home`() throws {
        try withBook { store, _ throws in
            for name in ["alpha", "zeta"] {
                try store.createBook(BookName(name), BookProperties(), by: author)
            }

            #expect(store.home.books.map(\.name.text) == ["default", "alpha", "zeta"])
            #expect(store.home.books.map(\.displayName) == ["Mine", "alpha", "zeta"])
        }
    }

    @Test(arguments: [
        "", ".git", ".", "a/b", "a\\b", "a\u{0}", "a\nb", String(repeating: "x", count: 300),
    ])
    func `a name that no URL or folder can bear is refused`(name: String) {
        #expect(throws: AddressBookError.invalidName(name)) { try BookName(name) }
        #expect(throws: AddressBookError.invalidName(name)) { try CardName(name) }
    }

    @Test func `the book's own file is no card`() throws {
        #expect(throws: AddressBookError.invalidName("config.toml")) { try CardName("config.toml") }
        try withBook { store, book throws in
            #expect(store.book(book)?.cards.map(\.name.text) == [])
        }
    }

    @Test func `a UID is free again when its card is gone`() throws {
        try withBook { store, book throws in
            let first = try CardName("a.vcf")
            let second = try CardName("b.vcf")
            _ = try store.put(card("A", uid: "1"), as: first, in: book, by: author)
            #expect(throws: AddressBookError.uidConflict(holder: first)) {
                _ = try store.put(card("B", uid: "1"), as: second, in: book, by: author)
            }

            try store.delete(first, in: book, by: author)

            #expect(try store.put(card("B", uid: "1"), as: second, in: book, by: author).isNew)
        }
    }

    @Test func `an import takes the place of cards with the same UID, in one commit`() throws {
        try withBook { store, book throws in
            _ = try store.put(card("Old", uid: "1"), as: CardName("x.vcf"), in: book, by: author)

            let outcomes = try store.importCards(
                [
                    card("New", uid: "urn:uuid:1"), card("Two", uid: "2"), card("Three", uid: nil),
                    Array("nonsense".utf8), card("Two again", uid: "2"),
                ],
                into: book,
                by: author
            )

            #expect(
                outcomes == [
                    .updated(try CardName("x.vcf")), .added(try CardName("two.vcf")),
                    .added(try CardName("three.vcf")), .refused(.notACard),
                    .updated(try CardName("two.vcf")),
                ]
            )
            var problems: [String] = []
            let report = try store.verify(progress: { _ in }, problem: { problems.append($0) })
            #expect(report.commits == 3)
            #expect(report.cards == 3)
            #expect(problems.isEmpty)
        }
    }

    @Test func `properties of a book survive quotes, line breaks and other scripts`() throws {
        try withBook { store, book throws in
            let name = "\"A\"\\B\n\tΩ\u{1}"
            try store.updateBook(book, by: author) { properties, _ in properties.displayName = name
            }

            #expect(store.book(book)?.displayName == name)
        }
    }
}

struct SyncPositionTests {
    private static let commit = String(repeating: "ab", count: 20)

    @Test(arguments: [commit, "\(commit)/-/612e766366", "\(commit)/\(commit)/c3a92e766366"])
    func `a position's text reads as the position`(text: String) throws {
        #expect(SyncPosition(text: text)?.text == text)
    }

    @Test(arguments: [
        "", "x", "\(commit)/", "\(commit)/-", "\(commit)/-/", "\(commit)/-/6", "\(commit)/-/zz",
        "\(commit)/x/61", "\(commit)/-/61/61", "\(commit)/-/2e", "\(commit)/-/ff", "\(commit)0",
        "\(commit)/-/+1+1",
    ])
    func `a text that is no position is none`(text: String) {
        #expect(SyncPosition(text: text) == nil)
    }
}
