import Access
import Accounts
import ArgumentParser
import Settings

/// `contactsctl check`: all settings, with file, line and remedy.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads all settings and says what is wrong with them."
    )

    @OptionGroup var places: Places

    func run() throws {
        let contacts = try places.contacts()
        _ = try GatewaySettings.load(path: "\(places.config)/\(GatewaySettings.fileName)")
        let users = try UsersFile.load(path: places.usersPath)
        for user in users.users {
            guard user.passwordHash.map({ PasswordHash($0) != nil }) ?? true else {
                throw SettingsError(
                    file: places.usersPath,
                    line: user.line,
                    key: "users.\(user.name).password",
                    problem: "is no hash that is accepted",
                    remedy: "contactsctl user password \(user.name) writes one"
                )
            }
            for app in user.appPasswords { try Self.check(app, user, places.usersPath) }
        }
        _ = try UserRules(users, path: places.usersPath)
        for holder in users.holders {
            try Self.checkInstances(of: holder, in: users, contacts, places.usersPath)
        }
        for instance in contacts.instances where !instance.isInOwnFolder {
            Terminal.complain(
                "\(places.contactsPath): instances.\(instance.name).store: "
                    + "\(instance.store.debugDescription) is outside of the folder that the unit "
                    + "contacts-backend@\(instance.name) may write into; leave the key out, "
                    + "or write store = \(TOMLText.quote("\(instance.name)/git"))"
            )
        }
        Terminal.say(
            "\(contacts.instances.count) instances and \(users.users.count) users, no error"
        )
    }

    private static func check(
        _ app: AppPasswordEntry,
        _ user: UserEntry,
        _ file: String
    ) throws(SettingsError) {
        let key = "users.\(user.name).app_passwords.\(app.id)"
        guard AppPasswordHash(app.hash) != nil else {
            throw SettingsError(
                file: file,
                line: app.line,
                key: "\(key).hash",
                problem: "is no hash of an app password",
                remedy: "contactsctl app-password add \(user.name) writes one"
            )
        }
        do throws(AccessError) {
            _ = try Scope(paths: app.paths, isReadOnly: app.isReadOnly)
        } catch {
            throw SettingsError(
                file: file,
                line: app.line,
                key: "\(key).paths",
                problem: error.description
            )
        }
    }

    private static func checkInstances(
        of holder: AccessHolder,
        in users: UsersFile,
        _ contacts: ContactsSettings,
        _ file: String
    ) throws(SettingsError) {
        for access in users.access(of: holder) ?? [] {
            guard let name = AccessPath(access.path)?.instance,
                contacts.instance(named: name) == nil
            else { continue }
            throw SettingsError(
                file: file,
                line: access.line,
                key: "\(holder.table).access",
                problem: "there is no instance \(name)",
                remedy: "see [instances] in \(ContactsSettings.fileName)"
            )
        }
    }
}
