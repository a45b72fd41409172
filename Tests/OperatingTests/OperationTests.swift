import AddressBooks
import Operating
import Testing

import class Foundation.FileManager

struct OperationTests {
    private static let author = Author(user: "contactsctl", instance: "test")

    /// A store in a folder of its own, removed at the end.
    private static func withStore(_ body: (AddressBookStore) throws -> Void) throws {
        try withStore { store, _ in try body(store) }
    }

    /// A store in a folder of its own, and the folder, removed at the end.
    private static func withStore(_ body: (AddressBookStore, String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "evl-operating-\(UInt32.random(in: 0 ... .max))")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try AddressBookStore(path: folder.path) { Issue.record("\($0)") }
        try body(store, folder.path)
        store.close()
    }

    private static func perform(
        _ operation: Operation,
        _ store: AddressBookStore,
        _ cards: [ImportedCard] = []
    ) throws -> [Reply] {
        var rest = cards[...]
        var replies: [Reply] = []
        try operation.perform(on: store, by: author) {
            rest.popFirst()
        } reply: {
            replies.append($0)
        }
        return replies
    }

    private static func card(_ name: String, uid: String, line: Int = 1) -> ImportedCard {
        let text =
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:\(name)\r\nN:\(name)\r\nUID:\(uid)\r\nEND:VCARD\r\n"
        return ImportedCard(line: line, bytes: Array(text.utf8))
    }

    @Test func `an import makes the book, counts lines in the file and is one commit`() throws {
        try Self.withStore { store throws in
            let book = try BookName("work")
            let broken = ImportedCard(line: 10, bytes: Array("BEGIN:VCARD\r\nFN:A\r\n".utf8))

            let replies = try Self.perform(
                .importCards(book, isRehearsal: false),
                store,
                [Self.card("Ada", uid: "1"), broken, Self.card("Ada", uid: "2")]
            )
            let checked = try Self.perform(.verify, store)

            #expect(
                replies == [
                    .outcome(.added(name: "ada.vcf")),
                    .outcome(
                        .refused(line: 11, reason: "END:VCARD is missing after line 11")
                    ), .outcome(.added(name: "ada-2.vcf")), .imported(commits: 1),
                ]
            )
            #expect(checked.last == .verified(StoreReport(commits: 1, objects: 6, cards: 2)))
        }
    }

    @Test func `a rehearsal says what an import would do, and stores nothing`() throws {
        try Self.withStore { store throws in
            let book = try BookName("work")
            let cards = [
                Self.card("Ada", uid: "1"), Self.card("Ada", uid: "1"), Self.card("Ada", uid: "2"),
            ]

            let rehearsed = try Self.perform(.importCards(book, isRehearsal: true), store, cards)
            let before = store.home.books.count
            let done = try Self.perform(.importCards(book, isRehearsal: false), store, cards)

            #expect(before == 0)
            #expect(rehearsed.dropLast() == done.dropLast())
            #expect(rehearsed.last == .imported(commits: 0))
            #expect(done.last == .imported(commits: 1))
            let again = try Self.perform(.importCards(book, isRehearsal: false), store, cards)
            #expect(again.last == .imported(commits: 0))
        }
    }

    @Test func `an import beyond what fits into memory is several commits, and nothing is lost`()
        throws
    {
        try Self.withStore { store, path throws in
            let book = try BookName("work")
            // Twice in each card, which is some 8 MiB then.
            let note = String(repeating: "x", count: 4 << 20)
            let count = 10
            var number = 0
            var replies: [Reply] = []
            var commits: [(ours: String, git: String)] = []

            try Operation.importCards(book, isRehearsal: false).perform(
                on: store,
                by: Self.author
            ) {
                if let ours = store.book(book)?.lastChange.text {
                    let branch = FileManager.default.contents(atPath: "\(path)/refs/heads/main")
                    commits.append((ours, String(decoding: branch ?? .init(), as: UTF8.self)))
                }
                guard number < count else { return nil }
                defer { number += 1 }
                return Self.card("Ada\r\nNOTE:\(note)\(number)", uid: "\(number % 9)", line: number)
            } reply: {
                replies.append($0)
            }

            #expect(replies.count == count + 1)
            #expect(replies.last == .imported(commits: 2))
            #expect(replies[9] == .outcome(.updated(name: "ada.vcf")))
            #expect(store.book(book)?.cards.reduce(0) { count, _ in count + 1 } == 9)
            // What is in a commit is in git before anything else is asked for.
            #expect(commits.count == 3)
            for (ours, git) in commits { #expect(git == "\(ours)\n") }
        }
    }

    @Test func `a book that is removed stays in the commit that is named`() throws {
        try Self.withStore { store throws in
            let book = try BookName("work")
            let added = Operation.addBook(book, displayName: "At work", description: "Colleagues")
            #expect(try Self.perform(added, store).isEmpty)
            _ = try Self.perform(
                .importCards(book, isRehearsal: false),
                store,
                [Self.card("Ada", uid: "1")]
            )
            let listed = try Self.perform(.listBooks, store)
            guard case .book(let summary)? = listed.first else {
                Issue.record("no book")
                return
            }

            let removed = try Self.perform(.removeBook(book), store)

            #expect(summary.displayName == "At work")
            #expect(summary.cards == 1)
            #expect(summary.changed != nil)
            #expect(removed == [.removed(commit: summary.commit)])
            #expect(try Self.perform(.listBooks, store).isEmpty)
            #expect(throws: AddressBookError.noSuchBook(book)) {
                try Self.perform(.exportCards(book), store)
            }
        }
    }
}
