import AddressBooks
import ArgumentParser
import Operating
import Settings
import Supervision

/// `contactsctl book`: the address books of an instance.
struct BookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book",
        abstract: "Lists, adds and removes address books.",
        subcommands: [List.self, Add.self, Remove.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the address books of an instance.",
            discussion: """
                EXAMPLES
                  contactsctl book list default

                JSON
                  [{"name": text, "displayname": text, "description": text, "cards": number,
                    "commit": text, "changed": RFC 3339 or null}, …]
                """
        )

        @OptionGroup var places: Places

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(help: "The instance.", completion: Completion.instances)
        var instance: String

        func run() throws {
            var books: [BookSummary] = []
            try places.perform(.listBooks, on: instance) { reply in
                if case .book(let book) = reply { books.append(book) }
            }
            if json { return Terminal.say(JSON.lines(books.map(\.json))) }
            for book in books {
                let cards = StatusText.count(book.cards, "card")
                Terminal.say("\(book.name)\t\(cards)\t\(book.displayName)")
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds an address book.",
            discussion: """
                EXAMPLES
                  contactsctl book add default work --display-name "At work"
                """
        )

        @OptionGroup var places: Places

        @Argument(help: "The instance.", completion: Completion.instances)
        var instance: String

        @Argument(help: "The book's name in its URL, for example work.")
        var book: String

        @Option(name: [.customLong("name"), .long], help: "What people call it.")
        var displayName: String?

        @Option(help: "What it is for.")
        var description: String?

        func run() throws {
            for (text, option) in [(displayName, "a name"), (description, "a description")] {
                guard let text else { continue }
                do throws(OperatingError) {
                    try Operation.check(text, called: option)
                } catch {
                    throw ValidationError("\(error)")
                }
            }
            let name = try BookName(book)
            let operation = Operation.addBook(
                name,
                displayName: displayName,
                description: description
            )
            try places.perform(operation, on: instance) { _ in }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes an address book with all its cards; its history stays.",
            discussion: """
                Asks for the book's name to be typed. Says afterwards how to get the book back.

                EXAMPLES
                  contactsctl book remove default work
                  contactsctl book remove default work --yes

                JSON
                  {"instance": text, "book": text, "commit": the last commit that has the book}
                """
        )

        @OptionGroup var places: Places
        @OptionGroup var confirmation: Confirmation

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(help: "The instance.", completion: Completion.instances)
        var instance: String

        @Argument(help: "The book's name in its URL.", completion: Completion.books)
        var book: String

        func run() throws {
            let name = try BookName(book)
            let store = try places.instance(instance).storePath(state: places.state)
            try confirmation.ask(
                "this removes the address book \(book) of \(instance) from every device",
                typing: book
            )
            var commit = ""
            try places.perform(.removeBook(name), on: instance) { reply in
                if case .removed(let last) = reply { commit = last }
            }
            if json {
                return Terminal.say(
                    JSON.encode(
                        .members([
                            "instance": .text(instance), "book": .text(book),
                            "commit": .text(commit),
                        ])
                    )
                )
            }
            Terminal.say(Self.remedy(instance, book, store: store, commit: commit))
        }

        /// How to get a book back that was removed.
        static func remedy(
            _ instance: String,
            _ book: String,
            store: String,
            commit: String
        ) -> String {
            // A folder of its own: what lies at a name that others could foresee may be theirs.
            """
            \(book) is removed; the commit \(commit) has it. To get its cards back:
              folder=$(mktemp -d)
              git -c safe.directory='*' -C \(Shell.quote(store)) archive \(commit) \
            \(Shell.quote(book)) | tar -xC "$folder"
              contactsctl import \(instance) \(Shell.quote(book)) "$folder"/\(Shell.quote(book))
            """
        }
    }
}

extension BookSummary {
    /// The book as a list gives it.
    var json: JSON.Value {
        .members([
            "name": .text(name), "displayname": .text(displayName),
            "description": .text(description), "cards": .number(cards), "commit": .text(commit),
            "changed": .optional(changed.map(Timestamp.text)),
        ])
    }
}
