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
              1   failed, something was found wrong, or the result could not be written
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
        let status = status {
            var command = try parseAsRoot()
            try command.run()
        }
        // A password that was made and cannot be shown again must not seem to have been shown.
        let lost = Self.status(of: Terminal.checkOutput)
        Glibc.exit(status == 0 ? lost : status)
    }

    /// Does something, and says why where it fails.
    ///
    /// - Returns: The exit status.
    private static func status(of body: () throws -> Void) -> Int32 {
        do {
            try body()
            return 0
        } catch let error as SettingsError {
            Terminal.complain("\(error)")
            return 78
        } catch let error as AddressBookError {
            Terminal.complain("\(error)")
            return 1
        } catch let error as CommandFailure {
            Terminal.complain(error.message)
            return 1
        } catch let error as ValidationError {
            // Of a command that was read and is under way: how it is typed is known.
            Terminal.complain(error.message)
            return 64
        } catch {
            // A help text and the like, and what is wrong with the words of the command.
            let status = exitCode(for: error)
            let text = fullMessage(for: error)
            let place = status.isSuccess ? STDOUT_FILENO : STDERR_FILENO
            if !text.isEmpty { Terminal.put("\(text)\n", place) }
            return status.rawValue
        }
    }
}

/// Something that could not be done, said for people.
struct CommandFailure: Error, CustomStringConvertible {
    let message: String

    var description: String { message }
}
