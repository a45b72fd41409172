import Access
import Accounts
import ArgumentParser
import Glibc
import Settings

/// `contactsctl user`: who may log in.
struct User: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Adds, changes, removes and lists users.",
        discussion: "The gateway reads users.toml again by itself, within seconds of a change.",
        subcommands: [Add.self, Password.self, Remove.self, List.self]
    )

    /// Where a new password comes from.
    struct NewPassword: ParsableArguments {
        @Flag(help: "Read the password from the first line of standard input.")
        var passwordStdin = false

        @Flag(help: "Make a password and print it, once.")
        var generate = false

        @Flag(help: "Leave the password to PAM, whose service gateway.toml names.")
        var pam = false

        func validate() throws {
            if [passwordStdin, generate, pam].count(where: \.self) > 1 {
                throw ValidationError("--password-stdin, --generate and --pam exclude each other")
            }
        }

        /// What users.toml keeps, and the password where it was made here and has to be shown.
        func read() throws -> (kept: String, made: String?) {
            if pam { return (UserEntry.passwordOfPAM, nil) }
            if generate {
                let made = GeneratedPassword.make()
                return (try Self.hash(made), made)
            }
            return (try Self.hash(try given()), nil)
        }

        private func given() throws -> String {
            if !passwordStdin, isatty(STDIN_FILENO) == 1 {
                let typed = try Self.ask("New password: ")
                guard try Self.ask("The same again: ") == typed else {
                    throw CommandFailure(message: "the two differ; nothing was changed")
                }
                return typed
            }
            guard let line = readLine(strippingNewline: true), !line.isEmpty else {
                throw CommandFailure(message: "standard input has no password")
            }
            return line
        }

        private static func hash(_ password: String) throws -> String {
            do throws(AccountsError) {
                return try PasswordHash.make(Array(password.utf8)).text
            } catch {
                throw CommandFailure(message: error.description)
            }
        }

        /// Asks on the terminal, which does not show what is typed.
        private static func ask(_ prompt: String) throws -> String {
            guard let typed = getpass(prompt) else {
                throw CommandFailure(message: "no password was typed")
            }
            defer { explicit_bzero(typed, strlen(typed)) }
            return String(cString: typed)
        }

        /// Says where nothing is there yet that would check the password.
        func warn(_ name: String, _ places: Places) {
            guard pam else { return }
            do throws(SettingsError) {
                let settings = try GatewaySettings.load(path: places.gatewayPath).pam
                try settings.check(file: places.gatewayPath)
                guard settings.service == nil else { return }
                Terminal.complain(
                    "done; but \(name) cannot log in until \(places.gatewayPath) names a service of "
                        + "PAM: write [pam] and service = \"everlock-contacts\""
                )
            } catch {
                Terminal.complain("done; but \(name) cannot log in yet: \(error)")
            }
        }

        /// What is said once a password is in place: one that was made is shown, once.
        static func report(_ name: String, made: String?, isJSON: Bool) {
            if isJSON {
                let shown: JSON.Value = .optional(made)
                Terminal.say(JSON.encode(.members(["name": .text(name), "password": shown])))
            } else if let made {
                Terminal.say(made)
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a user, with access to an instance.",
            discussion: """
                The password is asked for on the terminal, read from standard input or made; it is \
                never an argument, which others could see. What is kept is its yescrypt hash. With \
                --pam it is the system's: the gateway asks the service of PAM that [pam] in \
                gateway.toml names.

                EXAMPLES
                  contactsctl user add alice --instance default --generate
                  pass contacts/bob | contactsctl user add bob --instance default --password-stdin
                  contactsctl user add carol --instance default --pam

                JSON
                  {"name": text, "password": the password that was made, or null}
                """
        )

        @OptionGroup var places: Places
        @OptionGroup var password: NewPassword

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(help: "The user's name.")
        var name: String

        @Option(
            help: "The instance that the user may use; without it, no access is granted.",
            completion: Completion.instances
        )
        var instance: String?

        @Option(
            help: "What the user may do there: reader, writer or none.",
            completion: Completion.roles,
            transform: Self.role
        )
        var role = Role.writer

        func run() throws {
            guard UserEntry.isName(name) else {
                throw ValidationError("a user name has 1 to 64 bytes and no colon or slash")
            }
            if let instance { _ = try places.instance(instance) }
            let (kept, made) = try password.read()
            let editor = UsersFileEditor(path: places.usersPath)
            try editor.edit(user: name, leaving: kept) { text, isThere in
                guard !isThere else {
                    throw CommandFailure(
                        message: "there is a user \(name); contactsctl user password changes it"
                    )
                }
                text.add(
                    name,
                    hash: kept,
                    access: instance.map { [(AccessPath(instance: $0).description, role.rawValue)] }
                        ?? []
                )
            }
            NewPassword.report(name, made: made, isJSON: json)
            password.warn(name, places)
        }

        private static func role(_ text: String) throws -> Role {
            guard let role = Role(rawValue: text) else {
                throw ValidationError("a role is reader, writer or none, and not \(text)")
            }
            return role
        }
    }

    struct Password: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a user another password; the old one ends at once.",
            discussion: """
                EXAMPLES
                  contactsctl user password alice
                  contactsctl user password alice --generate
                  contactsctl user password alice --pam

                JSON
                  {"name": text, "password": the password that was made, or null}
                """
        )

        @OptionGroup var places: Places
        @OptionGroup var password: NewPassword

        @Flag(help: "Print JSON.")
        var json = false

        @Argument(help: "The user's name.", completion: Completion.users)
        var name: String

        func run() throws {
            let (kept, made) = try password.read()
            let editor = UsersFileEditor(path: places.usersPath)
            try editor.edit(user: name, leaving: kept) { text, isThere in
                guard isThere else { throw noSuchUser(name) }
                text.setPassword(name, hash: kept)
            }
            NewPassword.report(name, made: made, isJSON: json)
            password.warn(name, places)
            try warnOfNoLogin()
        }

        /// Says where the settings leave the password without use.
        private func warnOfNoLogin() throws(SettingsError) {
            let users = try UsersFile.load(path: places.usersPath).users
            guard let user = users.first(where: { $0.name == name }), !user.takesPassword else {
                return
            }
            Terminal.complain(
                "done; but \(name) cannot log in with it while \(places.usersPath):\(user.line) has "
                    + "password_login = false"
            )
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes a user.",
            discussion: """
                What the user stored stays.

                EXAMPLES
                  contactsctl user remove alice
                """
        )

        @OptionGroup var places: Places

        @Argument(help: "The user's name.", completion: Completion.users)
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
        static let configuration = CommandConfiguration(
            abstract: "Lists users and their access.",
            discussion: """
                EXAMPLES
                  contactsctl user list

                JSON
                  [{"name": text, "access": [{"path": text, "role": text}, …]}, …]
                """
        )

        @OptionGroup var places: Places

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let users = try UsersFile.load(path: places.usersPath).users
            if json {
                let rows = users.map { user -> JSON.Value in
                    let access = user.access.map { access -> JSON.Value in
                        .members(["path": .text(access.path), "role": .text(access.role)])
                    }
                    return .members(["name": .text(user.name), "access": .list(access)])
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
