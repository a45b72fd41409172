// contactsctl: the operator's command.
//
// PURPOSE  Looks after users, instances and address books from a shell. A command that writes into
//          an instance's store takes the store's lock, so that it never writes behind the back of a
//          running backend: it says who has the lock instead.
// FILES    <config>/contacts.toml, <config>/users.toml, and the stores under <state>.
// EXIT     0 done; 1 failed; 64 wrong use; 78 wrong settings.

import AddressBooks
import ArgumentParser
import Glibc
import Settings

@main
struct ContactsControl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contactsctl",
        abstract: "Looks after users, instances and address books.",
        subcommands: [
            Check.self, User.self, AppPasswordCommand.self, Grant.self, Instance.self,
            BookCommand.self, Import.self, Export.self,
            Verify.self, Checkpoint.self,
        ]
    )

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as SettingsError {
            Terminal.complain("\(error)")
            Glibc.exit(78)
        } catch let error as AddressBookError {
            Terminal.complain("\(error)")
            Glibc.exit(1)
        } catch let error as CommandFailure {
            Terminal.complain(error.message)
            Glibc.exit(1)
        } catch {
            exit(withError: error)
        }
    }
}

/// Something that could not be done, said for people.
struct CommandFailure: Error {
    let message: String
}

/// Where things are; the same for every command.
struct Places: ParsableArguments {
    @Option(help: "The folder with contacts.toml and users.toml.")
    var config = "/etc/everlock-contacts"

    @Option(help: "The folder that relative store names lie under.")
    var state = "/var/lib/everlock-contacts"

    var usersPath: String { "\(config)/\(UsersFile.fileName)" }
    var contactsPath: String { "\(config)/\(ContactsSettings.fileName)" }

    func contacts() throws(SettingsError) -> ContactsSettings {
        try ContactsSettings.load(path: contactsPath)
    }

    /// The settings of an instance that must be there.
    func instance(_ name: String) throws(SettingsError) -> InstanceSettings {
        let contacts = try self.contacts()
        if let instance = contacts.instance(named: name) { return instance }
        let names = contacts.instances.map(\.name).joined(separator: ", ")
        throw SettingsError(
            file: contactsPath,
            problem: "has no instance \(name)",
            remedy: names.isEmpty ? "add [instances.\(name)]" : "it has \(names)"
        )
    }

    /// Opens an instance's store, with its lock.
    func store(_ name: String) throws -> AddressBookStore {
        let instance = try self.instance(name)
        let path = instance.storePath(state: state)
        try StoreOwner.take(path)
        do throws(AddressBookError) {
            return try AddressBookStore(path: path) { Terminal.complain($0) }
        } catch .inUse(let holder) {
            throw CommandFailure(
                message: "the store of \(name) is in use by \(holder); "
                    + "stop it first, for example with systemctl stop contacts-backend@\(name)"
            )
        }
    }
}

/// What goes to people.
enum Terminal {
    static let isInteractive = isatty(STDERR_FILENO) == 1

    static func say(_ text: String) { put(text + "\n", STDOUT_FILENO) }

    static func complain(_ text: String) { put("contactsctl: \(text)\n", STDERR_FILENO) }

    /// A line that the next one overwrites; nothing where nobody watches.
    static func progress(_ text: String) {
        if isInteractive { put("\r\u{1B}[K\(text)", STDERR_FILENO) }
    }

    static func endProgress() {
        if isInteractive { put("\r\u{1B}[K", STDERR_FILENO) }
    }

    static func put(_ text: String, _ descriptor: Int32) { put(Array(text.utf8), descriptor) }

    static func put(_ bytes: [UInt8], _ descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            // Whoever read the output has gone; there is nobody to tell.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// JSON for `--json`: objects of texts and numbers, which is all that is listed.
enum JSON {
    enum Value {
        case text(String)
        case number(Int)
        case texts([String])
        case truth(Bool)
    }

    static func lines(_ rows: [[(String, Value)]]) -> String {
        let objects = rows.map { row in
            "{" + row.map { "\(quote($0.0)):\(encode($0.1))" }.joined(separator: ",") + "}"
        }
        return "[" + objects.joined(separator: ",\n ") + "]"
    }

    private static func encode(_ value: Value) -> String {
        switch value {
        case .text(let text): quote(text)
        case .number(let number): String(number)
        case .truth(let truth): truth ? "true" : "false"
        case .texts(let texts): "[" + texts.map(quote).joined(separator: ",") + "]"
        }
    }

    private static func quote(_ text: String) -> String {
        // TOML's basic strings escape as JSON does, whatever the control character (RFC 8259 §7).
        TOMLText.quote(text)
    }
}
