import AddressBooks
import ArgumentParser

/// `contactsctl book`: the address books of an instance.
struct BookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "book",
        abstract: "Lists and adds address books.",
        subcommands: [List.self, Add.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the address books of an instance."
        )

        @OptionGroup var places: Places

        @Argument(help: "The instance.")
        var instance: String

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let books = try places.store(instance).home.books
            if json {
                return Terminal.say(
                    JSON.lines(
                        books.map { book in
                            [
                                ("name", .text(book.name.text)),
                                ("displayname", .text(book.displayName)),
                                ("cards", .number(book.cards.reduce(0) { count, _ in count + 1 })),
                                ("commit", .text(book.lastChange.text)),
                            ]
                        }
                    )
                )
            }
            for book in books {
                let cards = book.cards.reduce(0) { count, _ in count + 1 }
                Terminal.say("\(book.name)\t\(cards) cards\t\(book.displayName)")
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Adds an address book.")

        @OptionGroup var places: Places

        @Argument(help: "The instance.")
        var instance: String

        @Argument(help: "The book's name in its URL, for example work.")
        var book: String

        @Option(name: [.customLong("name"), .long], help: "What people call it.")
        var displayName: String?

        @Option(help: "What it is for.")
        var description: String?

        func run() throws {
            try places.store(instance).createBook(
                BookName(book),
                BookProperties(displayName: displayName, description: description),
                by: .operator(instance)
            )
        }
    }
}

extension Author {
    /// Whoever works in the shell.
    static func `operator`(_ instance: String) -> Author {
        Author(user: "contactsctl", instance: instance)
    }
}
