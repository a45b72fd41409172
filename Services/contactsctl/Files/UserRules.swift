import Access
import Framing
import Settings

/// The rules of `users.toml` as the gateway reads them.
struct UserRules {
    /// The users with all that they may do, groups and all.
    let users: [(name: String, rules: AccessRules)]
    /// What may be done without logging in.
    let anonymous: AccessRules

    /// Reads all rules.
    ///
    /// - Throws: ``SettingsError`` for what the gateway would not take.
    init(_ file: UsersFile, path: String) throws(SettingsError) {
        var rules: [AccessHolder: AccessRules] = [:]
        for holder in file.holders {
            rules[holder] = try Self.rules(of: holder, in: file, path: path)
        }
        anonymous = rules[.anonymous] ?? .nothing
        var users: [(name: String, rules: AccessRules)] = []
        for user in file.users {
            let joined = AccessRules(
                own: rules[.user(user.name)] ?? .nothing,
                groups: file.groups(of: user.name).compactMap { rules[.group($0.name)] }
            )
            if let instance = Self.tooLarge(joined) {
                throw SettingsError(
                    file: path,
                    line: user.line,
                    key: "\(AccessHolder.user(user.name).table).access",
                    problem: "names more books of \(instance), with those of groups, than a "
                        + "request carries",
                    remedy: "give a role for the whole instance and name the exceptions"
                )
            }
            users.append((user.name, joined))
        }
        self.users = users
    }

    private static func rules(
        of holder: AccessHolder,
        in file: UsersFile,
        path: String
    ) throws(SettingsError) -> AccessRules {
        let access = file.access(of: holder) ?? []
        var read: [(path: String, role: String)] = []
        var rules = AccessRules.nothing
        for line in access {
            read.append((line.path, line.role))
            do throws(AccessError) {
                rules =
                    holder == .anonymous
                    ? try AccessRules(anonymous: read) : try AccessRules(read)
            } catch {
                throw SettingsError(
                    file: path,
                    line: line.line,
                    key: "\(holder.table).access",
                    problem: error.description
                )
            }
        }
        return rules
    }

    private static func tooLarge(_ rules: AccessRules) -> String? {
        rules.instances.first { instance in
            let grants = rules.authorization(instance: instance).grants
            return !FramingLimits.hasRoom(
                for: grants.map { Framing.Grant(path: $0.book, role: $0.role.rawValue) }
            )
        }
    }
}
