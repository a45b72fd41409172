import AddressBooks
import Testing

struct TransferTests {
    private struct Stop: Error {}

    @Test func `a condition that does not hold ends a transfer, and nothing is changed`() throws {
        try withBook { store, name in
            let (a, b) = (try CardName("a.vcf"), try CardName("b.vcf"))
            _ = try store.put(card("A", uid: "1"), as: a, in: name, by: author)
            let before = store.book(name)?.contentID

            #expect(throws: Stop.self) {
                try store.transfer(
                    .move,
                    (a, name),
                    to: (b, name),
                    mayReplace: true,
                    by: author,
                    if: { state in
                        #expect(state.etag(of: a, in: name) != nil)
                        #expect(state.etag(of: b, in: name) == nil)
                        throw Stop()
                    }
                )
            }

            #expect(store.book(name)?.contentID == before)
        }
    }

    @Test func `a copied book has an id of its own, a moved one keeps it`() throws {
        try withBook { store, name in
            let (copy, moved) = (try BookName("copy"), try BookName("moved"))
            let id = try #require(store.book(name)?.properties.id)

            let isNew = try store.transfer(
                .copy,
                name,
                to: copy,
                withCards: true,
                mayReplace: false,
                by: author
            )
            _ = try store.transfer(
                .move,
                name,
                to: moved,
                withCards: true,
                mayReplace: false,
                by: author
            )

            #expect(isNew)
            #expect(store.book(copy)?.properties.id != id)
            #expect(store.book(moved)?.properties.id == id)
            #expect(store.book(name) == nil)
        }
    }

    @Test func `a book with a thousand cards moves whole, over one with others`() throws {
        try withBook { store, name in
            let target = try BookName("target")
            try store.createBook(target, BookProperties(), by: author)
            let cards = (0..<1_000).map { card("Card \($0)", uid: "u\($0)") }
            _ = try store.importCards(cards, into: name, by: author)
            _ = try store.importCards([card("Other", uid: "o")], into: target, by: author)
            let names = store.book(name)?.cards.map(\.name)

            let isNew = try store.transfer(
                .move,
                name,
                to: target,
                withCards: true,
                mayReplace: true,
                by: author
            )

            #expect(!isNew)
            #expect(store.book(target)?.cards.map(\.name) == names)
            #expect(store.book(target)?.displayName == "Mine")
        }
    }

    @Test func `a name that is taken and may not be replaced is refused`() throws {
        try withBook { store, name in
            let other = try BookName("other")
            try store.createBook(other, BookProperties(), by: author)

            #expect(throws: AddressBookError.taken("other")) {
                try store.transfer(
                    .copy,
                    name,
                    to: other,
                    withCards: true,
                    mayReplace: false,
                    by: author
                )
            }
        }
    }
}
