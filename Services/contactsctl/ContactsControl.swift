// contactsctl: the operator's command.
//
// PURPOSE  Looks after users, instances and address books from a shell. What concerns an instance's
//          store is asked of its backend where one listens, and done by this program where none does
//          (Stores/StoreAccess.swift): never behind the back of a running backend.
// FILES    <config>/contacts.toml, users.toml and gateway.toml, the stores under <state>, the sockets
//          in <runtime>.
// EXIT     0 done; 1 failed; 64 wrong use; 78 wrong settings.

import AddressBooks
import ArgumentParser
import Glibc
import Settings
import Supervision

@main
struct ContactsControl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contactsctl",
        abstract: "Looks after users, instances and address books.",
        discussion: """
            Commands that concern an instance's store work whether its backend runs or not. Results \
            go to standard output, everything else to standard error; with --json the result is one \
            JSON document.

            EXAMPLES
              contactsctl user add alice --instance default --generate
              contactsctl import default work cards.vcf
              contactsctl status

            EXIT STATUS
              0   done
              1   failed, or something was found wrong
              64  wrong use
              78  wrong settings
            """,
        version: ServiceVersion.current,
        subcommands: [
            Status.self, Check.self, User.self, AppPasswordCommand.self, Grant.self, Instance.self,
            BookCommand.self, Import.self, Export.self, Verify.self, Checkpoint.self,
            DNS.self,
            Manual.self,
        ]
    )

    /// What every message begins with, whoever found out.
    static let _errorPrefix = "contactsctl: "

    static func main() {
        // A reader that goes away is a failed write, and no signal.
        signal(SIGPIPE, SIG_IGN)
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
        } catch let error as ValidationError {
            // Of a command that was read and is under way: how it is typed is known.
            Terminal.complain(error.message)
            Glibc.exit(64)
        } catch {
            exit(withError: error)
        }
    }
}

/// Something that could not be done, said for people.
struct CommandFailure: Error {
    let message: String
}
