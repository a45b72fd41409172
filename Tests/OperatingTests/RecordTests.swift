import AddressBooks
import Framing
import Operating
import Testing

struct RecordTests {
    private static let summary = BookSummary(
        name: "work",
        displayName: "At\twork",
        description: "",
        cards: 3,
        commit: String(repeating: "a", count: 40),
        changed: nil
    )

    @Test(
        arguments: [
            .book(summary), .card(ExportedCard(book: "work", name: "a.vcf", bytes: [0xFF, 0, 10])),
            .outcome(.added(name: "a.vcf")), .outcome(.updated(name: "é.vcf")),
            .outcome(.unchanged(name: "c")),
            .outcome(.refused(line: 7, reason: "line 7 cannot be read")),
            .outcome(.refused(line: nil, reason: "")), .imported(commits: 2),
            .removed(commit: "abc"),
            .progress(9_000), .problem("damaged"),
            .verified(StoreReport(commits: 1, objects: 2, cards: 3)), .done,
            .failed("the disk is full"),
        ] as [Reply]
    )
    func `a reply reads back from its record`(reply: Reply) throws {
        #expect(try Reply(reply.record) == reply)
    }

    @Test(arguments: [
        [], ["nonsense"], ["done", "more"], ["progress", "-1"], ["progress", "x"], ["added"],
        ["book", "a", "b", "c", "d", "e", "f"], ["card", "a", "b"], ["verified", "1", "2"],
    ])
    func `a record that is no reply is refused`(fields: [String]) {
        #expect(throws: OperatingError.self) {
            try Reply(OperatorRecord(fields.map { Array($0.utf8) }))
        }
    }

    @Test func `a card of an import reads back from its record`() throws {
        let card = ImportedCard(line: 12, bytes: [0xFF, 0x0A])

        #expect(try ImportedCard(card.record) == card)
        #expect(throws: OperatingError.record("card")) {
            try ImportedCard(OperatorRecord([Array("card".utf8), Array("x".utf8), []]))
        }
    }

    @Test func `an operation reads back from its target and fields`() throws {
        let book = try BookName("work")
        let operations: [Operation] = [
            .listBooks, .verify, .exportCards(nil), .exportCards(book), .removeBook(book),
            .importCards(book, isRehearsal: true), .importCards(book, isRehearsal: false),
            .addBook(book, displayName: "At work", description: nil),
            .addBook(book, displayName: nil, description: "Colleagues"),
        ]

        for operation in operations {
            let read = try Operation(target: operation.target, fields: operation.fields)
            #expect(read == operation)
        }
        #expect(try Operation(target: OperatorTarget.checkpoint, fields: []) == nil)
    }

    @Test func `an operation without its book, or on one that cannot be, is refused`() {
        #expect(throws: OperatingError.field("book")) {
            try Operation(target: OperatorTarget.removeBook, fields: [])
        }
        #expect(throws: OperatingError.field("book")) {
            try Operation(
                target: OperatorTarget.importCards,
                fields: [HeaderField("book", "../etc")]
            )
        }
    }
}
