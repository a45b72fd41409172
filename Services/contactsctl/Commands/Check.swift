import ArgumentParser
import Settings
import Supervision

/// `contactsctl check`: all settings, with file, line and remedy.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says all that is wrong with the settings, with file, line and remedy.",
        discussion: """
            Reads contacts.toml, users.toml and gateway.toml, and looks whether they fit together and \
            to this machine: access to instances that are not there, instances without a user, stores \
            of another owner, certificates whose files are missing or closed to the gateway, hosts for \
            web pages that no instance has, files that others may read. Warnings leave the exit \
            status 0; with an error it is 78. Under systemd, \
            run it as root: it sees more. What is in certificates, and whether a key belongs to its \
            certificate, is checked by frontend-http --check; a credential: is known in its unit alone.

            EXAMPLES
              contactsctl check
              contactsctl check --json | jq '.findings[] | select(.severity == "error")'

            JSON
              {"findings": [{"severity": "error" or "warning", "file": text, "line": number or null,
                             "key": text or null, "problem": text, "remedy": text or null}, …],
               "instances": number, "users": number, "errors": number, "warnings": number}
            """
    )

    @OptionGroup var places: Places

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let check = SettingsCheck(places)
        let instances = check.contacts?.instances.count ?? 0
        let users = check.users?.users.count ?? 0
        if json {
            Terminal.say(
                JSON.encode(
                    .members([
                        "findings": .list(check.findings.map(\.json)),
                        "instances": .number(instances), "users": .number(users),
                        "errors": .number(check.errors), "warnings": .number(check.warnings),
                    ])
                )
            )
        } else {
            for finding in check.findings { Terminal.complain(finding.text) }
            let warnings = StatusText.count(check.warnings, "warning")
            Terminal.say(
                StatusText.count(instances, "instance") + " and "
                    + StatusText.count(users, "user") + ", "
                    + (check.errors == 0 ? "no error" : StatusText.count(check.errors, "error"))
                    + (check.warnings == 0 ? "" : ", \(warnings)")
            )
        }
        if check.errors > 0 { throw ExitCode(78) }
    }
}
