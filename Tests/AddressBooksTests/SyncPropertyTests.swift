import AddressBooks
import Foundation
import Testing

/// Copies of books that follow by pages, while the books change, the store restarts between pages,
/// and checkpoints come at any moment.
struct SyncPropertyTests {
    @Test(arguments: 0..<8)
    func `RFC 6578 §3.6: whoever follows page by page holds what the book held at the walk's end`(
        seed: Int
    ) throws {
        try withWorld { world, random throws in
            random = Seeded(seed)
            var copies = world.books.flatMap { book in
                [false, true, false].map { BookCopy(of: book, writes: $0) }
            }

            for _ in 0..<500 {
                try step(&world, &copies, &random)
            }

            for index in copies.indices {
                // The walk under way, and one from there to now.
                while try !copies[index].page(world, limit: 3) {}
                while try !copies[index].page(world, limit: 2) {}
                let book = try #require(world.store.book(copies[index].name))
                #expect(copies[index].cards == world.cards(of: book))
            }
        }
    }

    @Test func `RFC 6578 §4: another book's changes leave a token alone, and it is told nothing`()
        throws
    {
        try withWorld { world, random throws in
            let (mine, other) = (world.books[0], world.books[1])
            for _ in 0..<5 { _ = try world.put(ChangingBooks.name(&random), in: mine, &random) }
            let before = try #require(world.store.book(mine)).lastChange

            for _ in 0..<30 { try world.change(other, &random) }
            try world.restart()

            let book = try #require(world.store.book(mine))
            #expect(book.lastChange == before)
            let position = SyncPosition(commit: before)
            let changes = try world.store.changes(in: book, since: position, limit: nil)
            #expect(changes?.cards.isEmpty == true)
            #expect(changes?.position == position)
        }
    }

    private func step(
        _ world: inout ChangingBooks,
        _ copies: inout [BookCopy],
        _ random: inout Seeded
    ) throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<2: try world.restart()
        case 2..<6: try world.store.checkpoint()
        case 6..<50:
            let book = world.books.randomElement(using: &random) ?? .standard
            try world.change(book, &random)
        case 50..<62:
            let writers = copies.indices.filter { copies[$0].writes }
            guard let index = writers.randomElement(using: &random) else { return }
            try copies[index].write(&world, &random)
        default:
            let index = Int.random(in: copies.indices, using: &random)
            let limit = [nil, 1, 1, 2, 3, 5].randomElement(using: &random) ?? nil
            _ = try copies[index].page(world, limit: limit)
        }
    }

    private func withWorld(
        _ body: (inout ChangingBooks, inout Seeded) throws -> Void
    ) throws {
        let path = FileManager.default.temporaryDirectory
            .appending(path: "evl-sync-\(UInt32.random(in: 0 ... .max))").path
        defer {
            do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
        }
        var world = try ChangingBooks(path: path)
        var random = Seeded(0)
        try body(&world, &random)
        world.store.close()
    }
}
