import Access
import Accounts
import Framing
import Settings

/// The users as `users.toml` names them, ready to be asked.
struct UserDirectory: Sendable {
    /// Who knows a user's password.
    enum PasswordKeeper: Sendable, Hashable {
        /// `users.toml`, by this hash.
        case hash(PasswordHash)
        /// The service of PAM that `gateway.toml` names.
        case pam

        /// The hash, where there is one.
        var hash: PasswordHash? { if case .hash(let hash) = self { hash } else { nil } }
    }

    /// One user.
    struct User: Sendable {
        let name: String
        /// What the password is checked by; `nil` where there is none, or none is taken.
        let password: PasswordKeeper?
        let rules: AccessRules
        /// The passwords of the user's devices.
        let appPasswords: [AppPasswordHash: Device]
    }

    /// A device with a password of its own.
    struct Device: Sendable {
        let id: String
        let scope: Scope
        /// The last day that its password is taken.
        let expires: CalendarDay?

        func isValid(atSeconds seconds: Int) -> Bool {
            expires.map { CalendarDay(secondsSince1970: seconds) <= $0 } ?? true
        }
    }

    /// What a password is compared with that has no user: as costly as most users' hashes.
    let dummy: PasswordHash
    /// What a password is checked by that has no user: what most users' are.
    let keeperOfNobody: PasswordKeeper
    /// Whether there is a user whose password PAM checks.
    let leavesPasswordsToPAM: Bool
    private let users: [String: User]

    /// What may be done without logging in; nothing, unless a rule says so.
    let anonymous: AccessRules

    /// Reads the users of a file.
    ///
    /// - Throws: ``SettingsError`` for a hash, a path or a role that is none, and for more grants
    ///   than a request carries.
    init(_ file: UsersFile, path: String) throws(SettingsError) {
        var problems: [SettingsError] = []
        self.init(file, path: path, &problems)
        if let problem = problems.first { throw problem }
    }

    /// Reads what can be read of a file, and adds all that is wrong with the rest to the problems.
    init(_ file: UsersFile, path: String, _ problems: inout [SettingsError]) {
        var reader = RulesReader(file: path)
        var groups: [String: [AccessRules]] = [:]
        for group in file.groups {
            let rules = reader.rules(group.access, of: "groups.\(group.name)")
            for member in Set(group.members) { groups[member, default: []].append(rules) }
        }
        var users: [String: User] = [:]
        for entry in file.users {
            let key = "users.\(entry.name)"
            let rules = AccessRules(
                own: reader.rules(entry.access, of: key),
                groups: groups[entry.name] ?? []
            )
            reader.checkSize(of: rules, at: entry.line, of: key)
            users[entry.name] = User(
                name: entry.name,
                password: Self.password(entry, path, &reader.problems),
                rules: rules,
                appPasswords: Self.devices(entry, path, &reader.problems)
            )
        }
        anonymous = reader.anonymousRules(file.anonymousAccess)
        problems += reader.problems
        self.users = users
        let keepers = users.values.compactMap(\.password)
        let hashes = keepers.compactMap(\.hash)
        dummy = .dummy(like: hashes)
        leavesPasswordsToPAM = hashes.count < keepers.count
        keeperOfNobody = keepers.count - hashes.count > hashes.count ? .pam : .hash(dummy)
    }

    /// A user by name.
    subscript(_ name: String) -> User? { users[name] }

    /// Whether a device still is one.
    func hasDevice(_ id: String, of user: String) -> Bool {
        users[user]?.appPasswords.values.contains { $0.id == id } ?? false
    }

    private static func password(
        _ entry: UserEntry,
        _ path: String,
        _ problems: inout [SettingsError]
    ) -> PasswordKeeper? {
        guard let text = entry.passwordHash else { return nil }
        if entry.isLeftToPAM { return entry.takesPassword ? .pam : nil }
        guard let hash = PasswordHash(text) else {
            problems.append(
                SettingsError(
                    file: path,
                    line: entry.line,
                    key: "users.\(entry.name).password",
                    problem: "is no hash that is accepted",
                    remedy: "contactsctl user password \(entry.name) writes one"
                )
            )
            return nil
        }
        return entry.takesPassword ? .hash(hash) : nil
    }

    private static func devices(
        _ entry: UserEntry,
        _ path: String,
        _ problems: inout [SettingsError]
    ) -> [AppPasswordHash: Device] {
        var devices: [AppPasswordHash: Device] = [:]
        for app in entry.appPasswords {
            let key = "users.\(entry.name).app_passwords.\(app.id)"
            guard let hash = AppPasswordHash(app.hash), devices[hash] == nil else {
                problems.append(
                    SettingsError(
                        file: path,
                        line: app.line,
                        key: "\(key).hash",
                        problem: "is no hash of an app password, or that of another one",
                        remedy: "contactsctl app-password add \(entry.name) writes one"
                    )
                )
                continue
            }
            do throws(AccessError) {
                let scope = try Scope(paths: app.paths, isReadOnly: app.isReadOnly)
                devices[hash] = Device(id: app.id, scope: scope, expires: app.expires)
            } catch {
                problems.append(
                    SettingsError(
                        file: path,
                        line: app.line,
                        key: "\(key).paths",
                        problem: error.description
                    )
                )
            }
        }
        return devices
    }
}

/// Reads the `access` tables of `users.toml`.
private struct RulesReader {
    let file: String
    /// What was wrong with those that have been read.
    var problems: [SettingsError] = []

    init(file: String) { self.file = file }

    /// Reads a table; one that is wrong allows nothing.
    mutating func rules(_ access: [UserEntry.Access], of key: String) -> AccessRules {
        read(access, of: key) { rules throws(AccessError) in try AccessRules(rules) }
    }

    mutating func anonymousRules(_ access: [UserEntry.Access]) -> AccessRules {
        let rules = read(access, of: "anonymous") { rules throws(AccessError) in
            try AccessRules(anonymous: rules)
        }
        checkSize(of: rules, at: access.first?.line, of: "anonymous")
        return rules
    }

    private mutating func read(
        _ access: [UserEntry.Access],
        of key: String,
        _ read: ([(path: String, role: String)]) throws(AccessError) -> AccessRules
    ) -> AccessRules {
        let count = problems.count
        // One by one first, so that an error has its line.
        for line in access {
            do throws(AccessError) {
                _ = try read([(line.path, line.role)])
            } catch {
                refuse(error, at: line.line, of: key)
            }
        }
        guard problems.count == count else { return .nothing }
        do throws(AccessError) {
            return try read(access.map { ($0.path, $0.role) })
        } catch {
            refuse(error, at: access.first?.line, of: key)
            return .nothing
        }
    }

    /// What does not fit a frame could never be asked for.
    mutating func checkSize(of rules: AccessRules, at line: Int?, of key: String) {
        for instance in rules.instances {
            let grants = rules.authorization(instance: instance).framedGrants
            if FramingLimits.hasRoom(for: grants) { continue }
            problems.append(
                SettingsError(
                    file: file,
                    line: line,
                    key: "\(key).access",
                    problem: "names \(grants.count) books of \(instance), with those of groups; a "
                        + "request carries \(FramingLimits.maximumGrants), and "
                        + "\(FramingLimits.maximumGrantBytes) bytes of them",
                    remedy: "give a role for the whole instance and name the exceptions"
                )
            )
            return
        }
    }

    private mutating func refuse(_ error: AccessError, at line: Int?, of key: String) {
        problems.append(
            SettingsError(
                file: file,
                line: line,
                key: "\(key).access",
                problem: error.description
            )
        )
    }
}

extension Authorization {
    /// The grants as a request's head carries them: a book's name and its role.
    var framedGrants: [Framing.Grant] {
        grants.map { Framing.Grant(path: $0.book, role: $0.role.rawValue) }
    }
}
