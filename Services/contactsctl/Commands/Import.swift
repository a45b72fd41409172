import AddressBooks
import ArgumentParser
import VCard

/// `contactsctl import`: cards from files, in one commit.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Imports .vcf files, or folders of them, in one commit.",
        discussion: """
            A card takes the place of the card with the same UID, or gets a readable name of its \
            own. Each card that is refused is named with its file, its place in it and the reason; \
            the others are stored.
            """
    )

    @OptionGroup var places: Places

    @Argument(help: "The instance.")
    var instance: String

    @Argument(help: "The address book; it is made where it does not exist.")
    var book: String

    @Argument(help: "The .vcf files or folders.")
    var paths: [String]

    func run() throws {
        let name = try BookName(book)
        var sources: [(file: String, number: Int)] = []
        var cards: [[UInt8]] = []
        for file in try paths.flatMap(FileBytes.cardFiles) {
            let bytes = try FileBytes.read(file)
            for (number, range) in CardFile.split(bytes).enumerated() {
                sources.append((file, number + 1))
                cards.append(Array(bytes[range]))
            }
            Terminal.progress("\(cards.count) cards read")
        }
        let store = try places.store(instance)
        if store.book(name) == nil {
            try store.createBook(name, BookProperties(), by: .operator(instance))
        }
        let outcomes = try store.importCards(cards, into: name, by: .operator(instance)) { done in
            if done.isMultiple(of: 100) { Terminal.progress("\(done) of \(cards.count) cards") }
        }
        Terminal.endProgress()
        try report(outcomes, sources)
    }

    private func report(
        _ outcomes: [ImportOutcome],
        _ sources: [(file: String, number: Int)]
    ) throws {
        var counts = (added: 0, updated: 0, unchanged: 0, refused: 0)
        for (outcome, source) in zip(outcomes, sources) {
            switch outcome {
            case .added: counts.added += 1
            case .updated: counts.updated += 1
            case .unchanged: counts.unchanged += 1
            case .refused(let error):
                counts.refused += 1
                Terminal.complain("\(source.file), card \(source.number): \(error)")
            }
        }
        Terminal.say(
            "\(counts.added) added, \(counts.updated) updated, \(counts.unchanged) unchanged, "
                + "\(counts.refused) refused"
        )
        if counts.refused > 0 { throw ExitCode(1) }
    }
}
