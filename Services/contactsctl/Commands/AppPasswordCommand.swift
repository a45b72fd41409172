import Access
import Accounts
import ArgumentParser
import Glibc
import Settings

/// `contactsctl app-password`: a password for each device, that opens as much as it should and can be
/// taken back alone.
struct AppPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app-password",
        abstract: "Adds, lists and revokes passwords of single devices.",
        subcommands: [Add.self, List.self, Revoke.self]
    )

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a password for a device and prints it, once.",
            discussion: """
                The device logs in with the user's name and this password. What it may do is what the \
                user may, within the limits given here. Each of a user's has a name of its own. \
                The password is stored as a hash; it cannot be \
                shown again.

                EXAMPLES
                  contactsctl app-password add alice --name "Alice's phone" --expires 365d

                JSON
                  {"id": text, "password": text}
                """
        )

        @OptionGroup var places: Places

        @Argument(help: "The user's name.", completion: Completion.users)
        var user: String

        @Option(help: "What people call the device, for example \"Alice's phone\".")
        var name: String

        @Option(
            help:
                "An instance that it opens; may be repeated; all that the user may use by default.",
            completion: Completion.instances
        )
        var instance: [String] = []

        @Option(
            help:
                "A book that it opens, of the one --instance given; may be repeated; all by default.",
            completion: Completion.books
        )
        var book: [String] = []

        @Flag(help: "It changes nothing.")
        var readOnly = false

        @Option(help: "How long it is taken, in days: 365d; without end by default.")
        var expires: String?

        @Flag(help: "Print JSON: id and password.")
        var json = false

        func validate() throws {
            guard AppPasswordEntry.isName(name) else {
                throw ValidationError(
                    "--name takes 1 to \(AppPasswordEntry.maximumNameBytes) bytes of text"
                )
            }
            guard book.isEmpty || instance.count == 1 else {
                throw ValidationError("--book needs the one --instance that the book is in")
            }
            guard expires == nil || days != nil else {
                throw ValidationError("--expires takes days, from 1d to 36500d")
            }
        }

        func run() throws {
            for name in instance { _ = try places.instance(name) }
            let (id, password) = AppPassword.make()
            let today = CalendarDay(secondsSince1970: time(nil))
            let entry = AppPasswordEntry(
                id: id,
                name: name,
                hash: AppPasswordHash(of: Array(password.utf8)).text,
                created: today,
                expires: days.map { CalendarDay(daysSince1970: today.daysSince1970 + $0) },
                paths: try paths(),
                isReadOnly: readOnly
            )
            try UsersFileEditor(path: places.usersPath).edit(appPasswordsOf: user) { text, user in
                guard !user.appPasswords.contains(where: { $0.name == name }) else {
                    throw CommandFailure(
                        message: "\(user.name) has an app password \(name); "
                            + "choose another name, or revoke that one first"
                    )
                }
                guard user.appPasswords.count < AppPasswordEntry.maximumOfUser else {
                    throw CommandFailure(
                        message:
                            "\(user.name) has \(AppPasswordEntry.maximumOfUser) app passwords; "
                            + "contactsctl app-password revoke removes one"
                    )
                }
                text.add(entry, of: user.name)
            } leaving: {
                $0.appPasswords.map(\.id) + [id]
            }
            guard json else { return Terminal.say(password) }
            Terminal.say(
                JSON.encode(.members(["id": .text(id), "password": .text(password)]))
            )
        }

        private func paths() throws -> [String]? {
            if instance.isEmpty { return nil }
            let instances = instance.map { AccessPath(instance: $0).description }
            let paths = book.isEmpty ? instances : book.map { "\(instances[0])/\($0)" }
            if let path = paths.first(where: { AccessPath($0) == nil }) {
                throw ValidationError(
                    "\(path) is no access path: there is no such instance or book"
                )
            }
            return paths
        }

        private var days: Int? {
            guard let expires, expires.hasSuffix("d"), let days = Int(expires.dropLast()),
                (1...36_500).contains(days)
            else { return nil }
            return days
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists app passwords, with what they open and when they were last used.",
            discussion: """
                One line for each: user, id, name, what it opens and how, when it was made, when it \
                ends, and when it was last used, which the gateway writes down once a minute.

                EXAMPLES
                  contactsctl app-password list alice

                JSON
                  [{"user": text, "id": text, "name": text, "access": "reader" or "writer",
                    "paths": [text, …], "created": day or null, "expires": day or null,
                    "lastUse": minute or null}, …]
                  What has no end, was never used, or is not known, is null.
                """
        )

        @OptionGroup var places: Places

        @Option(
            help: ArgumentHelp(
                "The folder where the gateway records when they were last used.",
                discussion: "Without it: the state folder where it has \(LastUseFile.fileName), as "
                    + "under Services/run, else \(Self.gatewayFolder)."
            ),
            completion: .directory
        )
        var gatewayState: String?

        private static let gatewayFolder = "/var/lib/everlock-gateway"

        @Argument(help: "The user's name; all users by default.", completion: Completion.users)
        var user: String?

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let file = try UsersFile.load(path: places.usersPath)
            if let user, !file.users.contains(where: { $0.name == user }) {
                throw User.noSuchUser(user)
            }
            let uses = try lastUses()
            let rows = file.users.filter { user == nil || $0.name == user }.flatMap { user in
                user.appPasswords.map { entry in
                    Row(user: user.name, entry: entry, uses: uses)
                }
            }
            if json { return Terminal.say(JSON.lines(rows.map(\.json))) }
            for row in rows { Terminal.say(row.line) }
        }

        /// What the gateway has written down; `nil` where there is nothing to read.
        private func lastUses() throws(SettingsError) -> LastUseFile? {
            let folders = gatewayState.map { [$0] } ?? [places.state, Self.gatewayFolder]
            let paths = folders.map { "\($0)/\(LastUseFile.fileName)" }
            guard let path = paths.first(where: { access($0, R_OK) == 0 }) else { return nil }
            return try LastUseFile.load(path: path)
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a password back; it ends at once.",
            discussion: """
                EXAMPLES
                  contactsctl app-password revoke alice "Alice's phone"
                """
        )

        @OptionGroup var places: Places

        @Argument(help: "The user's name.", completion: Completion.users)
        var user: String

        @Argument(
            help: "The password's id, as contactsctl app-password list shows it, or its name.",
            completion: Completion.appPasswords
        )
        var password: String

        func run() throws {
            var id = password
            try UsersFileEditor(path: places.usersPath).edit(appPasswordsOf: user) { text, user in
                id = try Self.id(of: password, user)
                text.removeAppPassword(id, of: user.name)
            } leaving: {
                $0.appPasswords.map(\.id).filter { $0 != id }
            }
        }

        private static func id(of password: String, _ user: UserEntry) throws -> String {
            if user.appPasswords.contains(where: { $0.id == password }) { return password }
            let named = user.appPasswords.filter { $0.name == password }
            guard let first = named.first else {
                throw CommandFailure(
                    message: "\(user.name) has no app password \(password); "
                        + "contactsctl app-password list \(user.name) shows them"
                )
            }
            guard named.count == 1 else {
                let ids = named.map(\.id).joined(separator: ", ")
                throw CommandFailure(message: "several have that name; name one by its id: \(ids)")
            }
            return first.id
        }
    }
}
