import Access
import Accounts
import Settings

/// The users as `users.toml` names them, ready to be asked.
struct UserDirectory: Sendable {
    /// One user.
    struct User: Sendable {
        let name: String
        let hash: PasswordHash
        let rules: AccessRules
    }

    private let users: [String: User]

    /// Reads the users of a file.
    ///
    /// - Throws: ``SettingsError`` for a hash, a path or a role that is none.
    init(_ file: UsersFile, path: String) throws(SettingsError) {
        var users: [String: User] = [:]
        for entry in file.users {
            guard let hash = PasswordHash(entry.passwordHash) else {
                throw SettingsError(
                    file: path,
                    line: entry.line,
                    key: "users.\(entry.name).password",
                    problem: "is no hash that is accepted",
                    remedy: "contactsctl user password \(entry.name) writes one"
                )
            }
            users[entry.name] = User(
                name: entry.name,
                hash: hash,
                rules: try Self.rules(entry, path: path)
            )
        }
        self.users = users
    }

    /// A user by name.
    subscript(_ name: String) -> User? { users[name] }

    private static func rules(
        _ entry: UserEntry,
        path: String
    ) throws(SettingsError) -> AccessRules {
        do throws(AccessError) {
            return try AccessRules(entry.access.map { ($0.path, $0.role) })
        } catch {
            throw SettingsError(
                file: path,
                line: entry.line,
                key: "users.\(entry.name).access",
                problem: error.description
            )
        }
    }
}
