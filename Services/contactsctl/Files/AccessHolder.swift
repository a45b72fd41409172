import Settings

/// Whose rules some are, in `users.toml`.
enum AccessHolder: Hashable {
    case user(String)
    case group(String)
    /// Whoever has not logged in.
    case anonymous

    /// The holder's table without its `access`.
    var table: String {
        switch self {
        case .user(let name): "users.\(TOMLText.key(name))"
        case .group(let name): "groups.\(TOMLText.key(name))"
        case .anonymous: "anonymous"
        }
    }

    /// The table in every spelling that a person would choose.
    var tableSpellings: Set<String> {
        switch self {
        case .user(let name): TOMLLines.spellings(of: name, in: "users")
        case .group(let name): TOMLLines.spellings(of: name, in: "groups")
        case .anonymous: ["anonymous"]
        }
    }

    /// What kind of holder it is, for people and programs.
    var kind: String {
        switch self {
        case .user: "user"
        case .group: "group"
        case .anonymous: "anonymous"
        }
    }

    /// The holder's name; empty where there is none.
    var name: String {
        switch self {
        case .user(let name), .group(let name): name
        case .anonymous: ""
        }
    }
}

extension UsersFile {
    /// The rules of a holder; `nil` for one that the file does not have.
    func access(of holder: AccessHolder) -> [UserEntry.Access]? {
        switch holder {
        case .user(let name): users.first { $0.name == name }?.access
        case .group(let name): groups.first { $0.name == name }?.access
        case .anonymous: anonymousAccess
        }
    }

    /// Everybody who can have rules, in the order of the file.
    var holders: [AccessHolder] {
        users.map { .user($0.name) } + groups.map { .group($0.name) } + [.anonymous]
    }
}
