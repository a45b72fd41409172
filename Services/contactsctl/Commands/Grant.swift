import Access
import ArgumentParser
import Operating
import Settings
import Supervision

/// `contactsctl grant`: who may do what, and where.
struct Grant: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Gives, lists and takes away roles for instances and address books.",
        discussion: """
            A path is http/contacts (every instance), <instance>, or <instance>/<book>; the long \
            form http/contacts/<instance>/<book> means the same. The longest path decides, a user's \
            own rule before that of a group. The role none takes away what a shorter path gives. A \
            running gateway reads the change within a second or two.

            EXAMPLES
              contactsctl grant alice default/work reader
              contactsctl grant --group family default/family writer
              contactsctl grant --anonymous default/club reader
            """,
        subcommands: [Set.self, List.self, Remove.self],
        defaultSubcommand: Set.self
    )

    /// Whose rules a command is about: a word in front of the others, or an option instead of it.
    struct Whose: ParsableArguments {
        @Option(help: "A group, in the place of a user.", completion: Completion.groups)
        var group: String?

        @Flag(help: "Whoever has not logged in, in the place of a user.")
        var anonymous = false

        /// The holder, and the words behind it.
        func split(
            _ words: [String],
            _ usage: [String]
        ) throws -> (holder: AccessHolder, rest: [String]) {
            if anonymous && group != nil {
                throw ValidationError("--group and --anonymous exclude each other")
            }
            let named: AccessHolder? = anonymous ? .anonymous : group.map { .group($0) }
            let wanted = named == nil ? ["<user>"] + usage : usage
            guard words.count == wanted.count else {
                throw ValidationError(
                    "what is needed is \(wanted.joined(separator: " ")), "
                        + "and not \(StatusText.count(words.count, "word"))"
                )
            }
            return named.map { ($0, words) } ?? (.user(words[0]), Array(words.dropFirst()))
        }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a role for a path; the one that is there gives way.",
            usage: "contactsctl grant [<user> | --group <group> | --anonymous] <path> <role>",
            discussion: """
                EXAMPLES
                  contactsctl grant alice default/work reader

                JSON
                  {"holder": "user", "group" or "anonymous", "name": text or null, "path": text,
                   "role": text}
                """
        )

        @OptionGroup var places: Places
        @OptionGroup var whose: Whose

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(
            help: "The user, the path, and the role: reader, writer or none.",
            completion: Completion.grants
        )
        var words: [String]

        func run() throws {
            let (holder, rest) = try whose.split(words, ["<path>", "<role>"])
            let path = try Grant.path(rest[0])
            guard let role = Role(rawValue: rest[1]) else {
                throw ValidationError("a role is reader, writer or none, and not \(rest[1])")
            }
            if let instance = path.instance { _ = try places.instance(instance) }
            try Grant.edit(places, holder, path, leaving: role)
            if json {
                Terminal.say(JSON.encode(Grant.told(holder, path.description, role.rawValue)))
            }
            warnOfMissingBook(path)
        }

        /// Asks a running backend, which knows at once; says nothing where none runs.
        private func warnOfMissingBook(_ path: AccessPath) {
            guard let instance = path.instance, let book = path.book else { return }
            do {
                guard let backend = try BackendConnection(at: places.socketPath(instance)) else {
                    return
                }
                var isThere = false
                try backend.perform(.listBooks, instance) { reply in
                    if case .book(let found) = reply, found.name == book { isThere = true }
                }
                if isThere { return }
                Terminal.complain(
                    "done; but \(instance) has no address book \(book) just now "
                        + "(contactsctl book add \(instance) \(book) makes it)"
                )
            } catch {
                // The rule stands; that nobody could be asked about the book changes nothing.
                return
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists all rules, or those that a user's rights are made of.",
            discussion: """
                EXAMPLES
                  contactsctl grant list alice

                JSON
                  [{"holder": "user", "group" or "anonymous", "name": text or null, "path": text,
                    "role": text, "counts": true or false, of a user's}, …]
                """
        )

        @OptionGroup var places: Places

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(help: "The user; all rules without.", completion: Completion.users)
        var user: String?

        func run() throws {
            let file = try UsersFile.load(path: places.usersPath)
            _ = try UserRules(file, path: places.usersPath)
            let rules = try user.map { try Grant.rules(of: $0, in: file) } ?? Grant.rules(in: file)
            if json { return Terminal.say(JSON.lines(rules.map(\.json))) }
            for rule in rules { Terminal.say(rule.line) }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a rule away; the next shorter path then decides.",
            usage: "contactsctl grant remove [<user> | --group <group> | --anonymous] <path>",
            discussion: """
                EXAMPLES
                  contactsctl grant remove alice default/work

                JSON
                  {"holder": "user", "group" or "anonymous", "name": text or null, "path": text}
                """
        )

        @OptionGroup var places: Places
        @OptionGroup var whose: Whose

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(help: "The user, and the path.", completion: Completion.grants)
        var words: [String]

        func run() throws {
            let (holder, rest) = try whose.split(words, ["<path>"])
            let path = try Grant.path(rest[0])
            try Grant.edit(places, holder, path, leaving: nil)
            if json { Terminal.say(JSON.encode(Grant.told(holder, path.description, nil))) }
        }
    }
}

extension Grant {
    /// A path in its long form or without the part that all have in common.
    fileprivate static func path(_ text: String) throws -> AccessPath {
        let prefix = AccessPath.everything.description
        let isLong = text == prefix || text.hasPrefix("\(prefix)/")
        let long = isLong ? text : "\(prefix)/\(text)"
        guard let path = AccessPath(long) else {
            throw ValidationError(
                "\(text.debugDescription) is no path; write \(prefix), <instance> or "
                    + "<instance>/<book>, with the book's name as contactsctl book list shows it"
            )
        }
        return path
    }

    fileprivate static func edit(
        _ places: Places,
        _ holder: AccessHolder,
        _ path: AccessPath,
        leaving role: Role?
    ) throws {
        if holder == .anonymous, role == .writer {
            throw ValidationError(AccessError.anonymousWriter(path: path.description).description)
        }
        let editor = UsersFileEditor(path: places.usersPath)
        try editor.edit(
            ruleOf: holder,
            for: path.description,
            leaving: role?.rawValue
        ) { _ = try UserRules($0, path: places.usersPath) }
    }

    /// What was done, for programs.
    fileprivate static func told(
        _ holder: AccessHolder,
        _ path: String,
        _ role: String?
    ) -> JSON.Value {
        .object(
            holder.json + [JSON.Member("path", .text(path))]
                + (role.map { [JSON.Member("role", .text($0))] } ?? [])
        )
    }
}
