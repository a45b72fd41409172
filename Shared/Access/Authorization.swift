/// What whoever asks may do with one instance: a role for all of it, and others for some books.
///
/// Made from ``AccessRules``, narrowed by the credential's ``Scope``, sent along with each request,
/// and held to by whoever serves it.
public struct Authorization: Sendable, Equatable {
    /// A role for one book.
    public struct Grant: Sendable, Equatable {
        /// The book's name.
        public let book: String
        /// What may be done with it.
        public let role: Role
    }

    /// Nothing may be done.
    public static let nothing = Authorization(role: .nothing)

    /// The role for the instance: for each book without a grant, and for making and deleting books.
    public let role: Role

    /// The books with another role than the instance's, each once, in the order of their names.
    public let grants: [Grant]

    /// Joins a role with those of books; what says the same as the role is left out.
    public init(role: Role, books: [String: Role] = [:]) {
        self.role = role
        grants = books.filter { $0.value != role }
            .map { Grant(book: $0.key, role: $0.value) }
            .sorted { $0.book < $1.book }
    }

    /// Reads what another process sent; `nil` for a role that is none, or a book that is there twice.
    ///
    /// - Parameters:
    ///   - role: The instance's role, as ``Role/rawValue``.
    ///   - grants: Books and their roles, likewise.
    public init?(role: String, grants: [(book: String, role: String)]) {
        guard let role = Role(rawValue: role) else { return nil }
        var books: [String: Role] = [:]
        for grant in grants {
            guard let role = Role(rawValue: grant.role),
                books.updateValue(role, forKey: grant.book) == nil
            else { return nil }
        }
        self.init(role: role, books: books)
    }

    /// The role for a book; costs the logarithm of the number of grants.
    public func role(book: String) -> Role {
        var range = 0..<grants.count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if grants[middle].book == book { return grants[middle].role }
            range =
                grants[middle].book < book
                ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return role
    }

    /// Whether there is nothing at all that may be read.
    public var permitsNothing: Bool {
        role == .nothing && grants.allSatisfy { $0.role == .nothing }
    }

    /// Whether there may be a book that may be written to.
    public var mayWriteSomewhere: Bool {
        role == .writer || grants.contains { $0.role == .writer }
    }

    /// What is left of it under a credential that is good for less: at each place the lesser role.
    ///
    /// - Parameters:
    ///   - scope: What the credential is good for.
    ///   - instance: The instance that this is for.
    /// - Returns: What may be done with the credential.
    public func limited(by scope: Scope, instance: String) -> Authorization {
        let limit = scope.rules.authorization(instance: instance)
        var books: [String: Role] = [:]
        for name in (grants + limit.grants).map(\.book) {
            books[name] = min(role(book: name), limit.role(book: name))
        }
        return Authorization(role: min(role, limit.role), books: books)
    }
}
