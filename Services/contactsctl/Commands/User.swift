import Access
import Accounts
import ArgumentParser
import Glibc
import Settings

/// `contactsctl user`: who may log in.
struct User: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Adds, changes, removes and lists users.",
        subcommands: [Add.self, Password.self, Remove.self, List.self]
    )

    /// Where a new password comes from.
    struct NewPassword: ParsableArguments {
        @Flag(help: "Read the password from the first line of standard input.")
        var passwordStdin = false

        @Flag(help: "Make a password and print it, once.")
        var generate = false

        func validate() throws {
            if passwordStdin && generate {
                throw ValidationError("--password-stdin and --generate exclude each other")
            }
        }

        /// The password, and whether it was made here and has to be shown.
        func read() throws -> (password: String, isMade: Bool) {
            if generate { return (GeneratedPassword.make(), true) }
            if !passwordStdin, isatty(STDIN_FILENO) == 1 {
                guard let typed = getpass("New password: ") else {
                    throw CommandFailure(message: "no password was typed")
                }
                return (String(cString: typed), false)
            }
            guard let line = readLine(strippingNewline: true), !line.isEmpty else {
                throw CommandFailure(message: "standard input has no password")
            }
            return (line, false)
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a user, with access to an instance."
        )

        @OptionGroup var places: Places
        @OptionGroup var password: NewPassword

        @Argument(help: "The user's name.")
        var name: String

        @Option(help: "The instance that the user may use; without it, no access is granted.")
        var instance: String?

        @Option(help: "What the user may do there: reader, writer or none.", transform: Self.role)
        var role = Role.writer

        func run() throws {
            guard UserEntry.isName(name) else {
                throw ValidationError("a user name has 1 to 64 bytes and no colon or slash")
            }
            if let instance { _ = try places.instance(instance) }
            let (password, isMade) = try password.read()
            let hash = try Self.hash(password)
            let editor = UsersFileEditor(path: places.usersPath)
            try editor.edit(user: name, leaving: hash.text) { text, isThere in
                guard !isThere else {
                    throw CommandFailure(
                        message: "there is a user \(name); contactsctl user password changes it"
                    )
                }
                text.add(
                    name,
                    hash: hash.text,
                    access: instance.map { [(AccessPath(instance: $0).description, role.rawValue)] }
                        ?? []
                )
            }
            if isMade { Terminal.say(password) }
        }

        private static func role(_ text: String) throws -> Role {
            guard let role = Role(rawValue: text) else {
                throw ValidationError("a role is reader, writer or none, and not \(text)")
            }
            return role
        }

        static func hash(_ password: String) throws -> PasswordHash {
            do throws(AccountsError) {
                return try PasswordHash.make(Array(password.utf8))
            } catch {
                throw CommandFailure(message: error.description)
            }
        }
    }

    struct Password: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a user another password; the old one ends at once."
        )

        @OptionGroup var places: Places
        @OptionGroup var password: NewPassword

        @Argument(help: "The user's name.")
        var name: String

        func run() throws {
            let (password, isMade) = try password.read()
            let hash = try Add.hash(password)
            let editor = UsersFileEditor(path: places.usersPath)
            try editor.edit(user: name, leaving: hash.text) { text, isThere in
                guard isThere else { throw noSuchUser(name) }
                text.setPassword(name, hash: hash.text)
            }
            if isMade { Terminal.say(password) }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Removes a user.")

        @OptionGroup var places: Places

        @Argument(help: "The user's name.")
        var name: String

        func run() throws {
            try UsersFileEditor(path: places.usersPath).edit(user: name, leaving: nil) {
                text,
                isThere in
                guard isThere else { throw noSuchUser(name) }
                text.remove(name)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists users and their access.")

        @OptionGroup var places: Places

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let users = try UsersFile.load(path: places.usersPath).users
            if json {
                let rows = users.map { user -> [(String, JSON.Value)] in
                    let access = user.access.map { "\($0.path)=\($0.role)" }
                    return [("name", .text(user.name)), ("access", .texts(access))]
                }
                return Terminal.say(JSON.lines(rows))
            }
            for user in users {
                let access = user.access.map { "\($0.path) \($0.role)" }
                Terminal.say("\(user.name)\t\(access.joined(separator: ", "))")
            }
        }
    }

    static func noSuchUser(_ name: String) -> CommandFailure {
        CommandFailure(message: "there is no user \(name); contactsctl user list shows them")
    }
}
