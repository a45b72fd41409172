/// What one user may do, and where: the one place that decides it.
///
/// The longest path that a rule has for a place decides there, whether it gives more or less than
/// the shorter ones. Of rules for the same path, the user's own beats those of groups, and among the
/// groups' the one that gives most counts.
public struct AccessRules: Sendable {
    /// No rule at all: nothing may be done.
    public static let nothing = AccessRules(roles: [:])

    private let roles: [AccessPath: Role]
    private let everywhere: Authorization
    private let named: [String: Authorization]

    /// Reads rules as they stand in a settings file.
    ///
    /// - Throws: ``AccessError`` for the first that cannot be read.
    public init(_ rules: [(path: String, role: String)]) throws(AccessError) {
        var roles: [AccessPath: Role] = [:]
        for (path, role) in rules {
            guard let accessPath = AccessPath(path) else { throw .unknownPath(path) }
            guard let value = Role(rawValue: role) else { throw .unknownRole(role, path: path) }
            guard roles.updateValue(value, forKey: accessPath) == nil else {
                throw .repeatedPath(path)
            }
        }
        self.init(roles: roles)
    }

    /// Reads rules for whoever has not logged in: they may read and not write, since every change
    /// has an author.
    ///
    /// - Throws: ``AccessError``, for a writer too.
    public init(anonymous rules: [(path: String, role: String)]) throws(AccessError) {
        try self.init(rules)
        for (path, role) in rules where role == Role.writer.rawValue {
            throw .anonymousWriter(path: path)
        }
    }

    /// Joins a user's own rules with those of the groups that the user is in.
    ///
    /// - Parameters:
    ///   - own: The user's.
    ///   - groups: Each group's; their order does not matter.
    public init(own: AccessRules, groups: [AccessRules]) {
        var roles: [AccessPath: Role] = [:]
        for group in groups { roles.merge(group.roles, uniquingKeysWith: max) }
        roles.merge(own.roles) { _, own in own }
        self.init(roles: roles)
    }

    init(roles: [AccessPath: Role]) {
        self.roles = roles
        let standard = roles[.everything] ?? .nothing
        everywhere = Authorization(role: standard)
        var books: [String: [String: Role]] = [:]
        for (path, role) in roles {
            guard let instance = path.instance else { continue }
            books[instance, default: [:]][path.book ?? ""] = role
        }
        var named: [String: Authorization] = [:]
        for (instance, inner) in books {
            var inner = inner
            // No book has an empty name: it stands for the instance itself.
            let role = inner.removeValue(forKey: "") ?? standard
            named[instance] = Authorization(role: role, books: inner)
        }
        self.named = named
    }

    /// The instances that rules name, in the order of their names.
    public var instances: [String] { named.keys.sorted() }

    /// What the user may do with an instance and its books; one look-up.
    public func authorization(instance: String) -> Authorization { named[instance] ?? everywhere }
}

extension AccessRules: Equatable {
    /// Whether both have the same rules.
    public static func == (left: AccessRules, right: AccessRules) -> Bool {
        left.roles == right.roles
    }
}
