import AddressBooks
import ArgumentParser
import Glibc
import Operating
import Supervision
import VCard

/// `contactsctl export`: address books as `.vcf` files.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the cards of address books, to one file or each to its own.",
        discussion: """
            Cards are written as they were stored, or in another version with --version. An output \
            that is a folder, or ends in a slash, gets a folder for each book with a .vcf file for \
            each card. A file takes its place once it is whole, where a link leads to if it is one; \
            a device or a pipe is written to. A card that cannot be converted is written as it is \
            and named; jCard leaves it \
            out; the exit status is 1 then. The instance may be running or not.

            EXAMPLES
              contactsctl export default work --output work.vcf
              contactsctl export default --output backup/
              contactsctl export default work --version 4.0 --format jcard

            JSON
              --format jcard writes one array of jCards (RFC 7095).
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case vcard, jcard
    }

    @OptionGroup var places: Places

    @Option(name: .shortAndLong, help: "The file or the folder to write.", completion: .file())
    var output: String?

    @Option(
        help: "The version of vCard: 3.0 or 4.0; as stored without it.",
        completion: .list(["3.0", "4.0"]),
        transform: Self.version
    )
    var version: CardVersion?

    @Option(help: "The form of cards.")
    var format = Format.vcard

    @Argument(help: "The instance.", completion: Completion.instances)
    var instance: String

    @Argument(help: "The address books; all without one.", completion: Completion.books)
    var books: [String] = []

    func validate() throws {
        if format == .jcard, version == .v3_0 {
            throw ValidationError("jCard is of version 4.0 (RFC 7095 §3)")
        }
    }

    func run() throws {
        let names = try books.map { try BookName($0) }
        let form: CardForm? = format == .jcard ? .jCard : version.map { .text($0) }
        var writer = try CardWriter(output, form)
        var bar = ProgressBar("cards")
        // Several books are several operations; each is given as it stood at one commit.
        for name in names.isEmpty ? [nil] : names.map(Optional.some) {
            try places.perform(.exportCards(name), on: instance) { reply in
                guard case .card(let card) = reply else { return }
                try writer.write(card)
                if output != nil { bar.show(writer.cards) }
            }
        }
        bar.end()
        try writer.finish()
        if output != nil {
            Terminal.put("\(StatusText.count(writer.cards, "card"))\n", STDERR_FILENO)
        }
        if writer.unconverted > 0 { throw ExitCode(1) }
    }

    private static func version(_ text: String) throws -> CardVersion {
        guard let version = CardVersion(rawValue: text), version != .v2_1 else {
            throw ValidationError("cards are written in version 3.0 or 4.0, and not \(text)")
        }
        return version
    }
}
