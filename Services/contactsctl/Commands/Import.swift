import AddressBooks
import ArgumentParser
import Operating

/// `contactsctl import`: cards from files, in one commit.
struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Imports .vcf files, or folders of them, in one commit.",
        discussion: """
            A card takes the place of the card with the same UID, or gets a readable name of its \
            own. One without a UID gets one, and is new with each import; how many are so is told. \
            Each card that is refused is named with its file, line and reason, and each file \
            without a card; the others are stored, and the exit status is 1. The instance may be \
            running or not. More than 64 MiB of \
            cards are more than one commit.

            EXAMPLES
              contactsctl import default work cards.vcf folder/
              contactsctl import default work --dry-run --verbose cards.vcf
              curl https://example.com/all.vcf | contactsctl import default work -

            JSON
              {"instance": text, "book": text, "dryRun": true or false,
               "cards": [{"file": text, "line": number, "outcome": "added", "updated", "unchanged"
                          or "refused", "name": text or null, "reason": text or null}, …],
               "added": number, "updated": number, "unchanged": number, "refused": number,
               "commits": number, "withoutUID": number of those added,
               "error": why the import ended before its end, or null}
            """
    )

    @OptionGroup var places: Places

    @Flag(help: "Say what would become of each card, and store nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Name every card, and not only those refused.")
    var verbose = false

    @Flag(help: "Print JSON.")
    var json = false

    @Argument(help: "The instance.", completion: Completion.instances)
    var instance: String

    @Argument(
        help: "The address book; it is made where it does not exist.",
        completion: Completion.books
    )
    var book: String

    @Argument(help: "The .vcf files or folders; - is standard input.", completion: .file())
    var paths: [String]

    func run() throws {
        let name = try BookName(book)
        _ = try places.instance(instance)
        let source = try CardSource(paths)
        var bar = ProgressBar("cards", totalBytes: source.totalBytes)
        var report = ImportReport(source: source, isVerbose: verbose, isJSON: json)
        let operation = Operation.importCards(name, isRehearsal: dryRun)
        // Without a card there is nothing to make a book for.
        var first = try source.next()
        let store = try first.map { _ in try places.reach(instance, for: operation) }
        report.begin(instance: instance, book: book, isRehearsal: dryRun)
        do {
            try store?.perform(operation, instance) {
                guard let card = try first ?? source.next() else { return nil }
                first = nil
                bar.show(source.origins.count, bytes: source.readBytes)
                return ImportedCard(line: card.line, bytes: card.bytes)
            } reply: { reply in
                bar.end()
                report.take(reply)
            }
        } catch {
            bar.end()
            report.fail(error)
            throw error
        }
        bar.end()
        report.end(isRehearsal: dryRun)
        if report.counts.refused > 0 { throw ExitCode(1) }
    }
}
