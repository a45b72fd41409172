import ArgumentParser
import Glibc
import Settings

extension Instance {
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds an instance to contacts.toml.",
            discussion: """
                Comments and the order of the file stay. With --enable, under systemd, the instance's \
                user is made, its socket opened, and the gateway told; without, what is left to do is \
                said. Where --enable has failed on its way, the same command once more goes on. The \
                store is made when the backend first starts, or with the first book.

                EXAMPLES
                  contactsctl instance add work --vhost work.example.com --enable
                """
        )

        @OptionGroup var places: Places

        @Option(
            help: "A host that leads to the instance; may be repeated. \"*\": every other host."
        )
        var vhost: [String]

        @Option(
            help: "The folder of its store, relative to the state folder; its name without it.",
            completion: .directory
        )
        var store: String?

        @Flag(help: "Have systemd start it when it is needed, and the gateway serve it.")
        var enable = false

        @Argument(help: "The instance's name: a-z, 0-9 and -, a letter first.")
        var name: String

        func validate() throws {
            guard InstanceSettings.isName(name) else {
                throw ValidationError(
                    "an instance's name has 1 to \(InstanceSettings.maximumNameBytes) of a-z, 0-9 "
                        + "and -, a letter first"
                )
            }
            if vhost.isEmpty { throw ValidationError("--vhost names the instance's host") }
        }

        func run() throws {
            if enable { try checkEnable() }
            let isNew = try ContactsFileEditor(path: places.contactsPath)
                .add(name, store: store, vhosts: vhost, unlessThere: enable)
            Terminal.say("\(name) is in \(places.contactsPath)" + (isNew ? "" : " already"))
            if enable { return try SystemManager(say: Terminal.say).enable(name) }
            if SystemManager.serves(name, of: places) {
                Terminal.say("to have it served:")
                for step in SystemManager.steps(toEnable: name) { Terminal.say("  \(step)") }
            } else {
                Terminal.say(
                    "to have it served: contacts-backend \(name), and SIGHUP to frontend-http"
                )
            }
        }

        /// What would stop half-way is found before anything is changed.
        private func checkEnable() throws {
            guard SystemManager.isPresent else {
                throw CommandFailure(message: "--enable needs systemd, which does not run here")
            }
            guard geteuid() == 0 else { throw CommandFailure(message: "--enable needs root") }
            guard places.isInstallation else {
                throw CommandFailure(
                    message: "--enable is for what systemd serves, \(Places.installedConfig) with "
                        + "\(Places.installedState), and not for \(places.config) with "
                        + "\(places.state); leave it out"
                )
            }
            guard SystemManager.hasUnits(for: name) else {
                throw CommandFailure(
                    message: "--enable needs the unit \(SystemManager.socketUnit(of: name)), which "
                        + "systemd does not have; install the units, or leave it out"
                )
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Removes an instance from contacts.toml; its data stays.",
            discussion: """
                Comments and the order of the file stay. Under systemd, as root, the gateway is told, \
                the instance's socket is closed and its backend stopped. The rules that name it \
                stay, and \
                are told with the commands that take them away. With --delete-data its store \
                goes too, with all its history, once the instance's name has been typed; nothing is \
                done while a backend has it that this command does not stop.

                EXAMPLES
                  contactsctl instance remove work
                  contactsctl instance remove work --delete-data --yes
                """
        )

        @OptionGroup var places: Places
        @OptionGroup var confirmation: Confirmation

        @Flag(help: "Delete the store with all its history. This cannot be undone.")
        var deleteData = false

        @Argument(help: "The instance.", completion: Completion.instances)
        var name: String

        func run() throws {
            let store = try places.instance(name).storePath(state: places.state)
            let isServed = geteuid() == 0 && SystemManager.serves(name, of: places)
            if deleteData {
                try StoreRemoval.check(store)
                // Whom systemd does not stop is not stopped at all.
                if !isServed { try StoreRemoval.checkIsFree(store) }
                try confirmation.ask(
                    "this deletes \(store) with all its history, for ever",
                    typing: name
                )
            }
            try ContactsFileEditor(path: places.contactsPath).remove(name)
            Terminal.say("\(name) is out of \(places.contactsPath)")
            sayWhatNamesIt()
            if isServed {
                try SystemManager(say: Terminal.say).disable(name)
            } else if case .held(let process) = StoreHolder.of(store) {
                Terminal.say("its backend, process \(process), still runs; SIGTERM ends it")
            }
            guard deleteData else { return Terminal.say("its data stays in \(store)") }
            try StoreRemoval.remove(store)
            Terminal.say("\(store) is deleted")
        }

        /// Rules outlive their instance, which may come back, and hold again for one of its name.
        private func sayWhatNamesIt() {
            do throws(SettingsError) {
                let users = try UsersFile.load(path: places.usersPath)
                let commands = Grant.removals(ofRulesFor: name, in: users)
                guard !commands.isEmpty else { return }
                Terminal.say("rules still name it; to take them away:")
                for command in commands { Terminal.say("  \(command)") }
            } catch {
                Terminal.complain("\(error)")
            }
        }
    }
}
