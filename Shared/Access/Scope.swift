/// What a credential is good for: an app password or a token that may do less than its user.
///
/// A scope never gives anything: it is laid over what the user may do
/// (``Authorization/limited(by:instance:)``). One role holds for all that it covers, so that there
/// are never more grants left than the user or the scope has.
public struct Scope: Sendable, Equatable {
    /// Whatever the user may do.
    public static let everything = Scope()

    /// The most that may be done: ``Role/reader`` for a credential that changes nothing.
    public let role: Role

    /// Where; `nil` for wherever the user may do something.
    public let paths: Set<AccessPath>?

    let rules: AccessRules

    /// Says what a credential is good for.
    ///
    /// - Parameters:
    ///   - role: The most that may be done.
    ///   - paths: Instances and books; no path at all means nothing may be done anywhere.
    public init(role: Role = .writer, paths: Set<AccessPath>? = nil) {
        self.role = role
        self.paths = paths
        let roles = (paths ?? [.everything]).map { ($0, role) }
        rules = AccessRules(roles: Dictionary(roles) { first, _ in first })
    }

    /// Reads a scope as it stands in a settings file or in a token.
    ///
    /// - Throws: ``AccessError/unknownPath(_:)`` for the first path that is none.
    public init(paths: [String]?, isReadOnly: Bool) throws(AccessError) {
        var read: Set<AccessPath>?
        if let paths {
            var found: Set<AccessPath> = []
            for path in paths {
                guard let accessPath = AccessPath(path) else { throw .unknownPath(path) }
                found.insert(accessPath)
            }
            read = found
        }
        self.init(role: isReadOnly ? .reader : .writer, paths: read)
    }
}
