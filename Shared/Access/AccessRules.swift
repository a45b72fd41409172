/// Why a rule could not be read.
public enum AccessError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A path that is none.
    case unknownPath(String)
    /// A role that is none.
    case unknownRole(String, path: String)

    /// What is wrong and what would be right.
    public var description: String {
        switch self {
        case .unknownPath(let path):
            "\(path.debugDescription) is no access path; "
                + "write http/contacts or http/contacts/<instance>"
        case .unknownRole(let role, let path):
            "\(role.debugDescription) is no role for \(path); write reader or writer"
        }
    }
}

/// What one user may do, and where: the one place that decides it.
public struct AccessRules: Sendable, Equatable {
    private let roles: [AccessPath: Role]

    /// Reads rules as they stand in a settings file.
    ///
    /// - Throws: ``AccessError`` for the first that cannot be read.
    public init(_ rules: [(path: String, role: String)]) throws(AccessError) {
        var roles: [AccessPath: Role] = [:]
        for (path, role) in rules {
            guard let accessPath = AccessPath(path) else { throw .unknownPath(path) }
            guard let value = Role(rawValue: role) else { throw .unknownRole(role, path: path) }
            roles[accessPath] = value
        }
        self.roles = roles
    }

    /// The user's role for an instance: the rule for the instance itself wins over that for all.
    ///
    /// - Returns: `nil` where the user may do nothing there.
    public func role(instance: String) -> Role? {
        roles[AccessPath(instance: instance)] ?? roles[.everything]
    }
}
