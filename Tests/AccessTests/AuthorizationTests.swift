import Access
import Testing

/// What a decision carries, and what is left of it under a credential that is good for less.
struct AuthorizationTests {
    @Test func `each book among many has its own role, every other one the instance's`() {
        let books = Dictionary(
            uniqueKeysWithValues: (0..<1_000).map { number in
                ("book \(number)", number.isMultiple(of: 3) ? Role.writer : .nothing)
            }
        )
        let authorization = Authorization(role: .reader, books: books)

        #expect(authorization.grants.count == 1_000)
        for (book, role) in books { #expect(authorization.role(book: book) == role) }
        for book in ["", "book", "book -1", "book 1000", "Book 1", "z", "é"] {
            #expect(authorization.role(book: book) == .reader)
        }
    }

    @Test func `a book is found in each way of writing its characters`() {
        let authorization = Authorization(
            role: .writer,
            books: ["caf\u{E9}": .nothing, "cafe": .reader, "cafz": .reader]
        )

        #expect(authorization.role(book: "cafe\u{301}") == .nothing)
        #expect(authorization.role(book: "caf\u{E9}") == .nothing)
    }

    @Test(
        arguments: [
            (.nothing, [:], true, false), (.nothing, ["a": .nothing], true, false),
            (.nothing, ["a": .reader], false, false), (.nothing, ["a": .writer], false, true),
            (.reader, [:], false, false), (.reader, ["a": .nothing], false, false),
            (.reader, ["a": .writer], false, true), (.writer, ["a": .nothing], false, true),
        ] as [(Role, [String: Role], Bool, Bool)]
    )
    func `whether something may be read, and something written, hangs on all of it`(
        role: Role,
        books: [String: Role],
        permitsNothing: Bool,
        mayWriteSomewhere: Bool
    ) {
        let authorization = Authorization(role: role, books: books)

        #expect(authorization.permitsNothing == permitsNothing)
        #expect(authorization.mayWriteSomewhere == mayWriteSomewhere)
    }

    @Test func `what was sent is read as it was`() throws {
        let sent = Authorization(role: .reader, books: ["b": .writer, "a": .nothing])

        let read = Authorization(
            role: sent.role.rawValue,
            grants: sent.grants.map { ($0.book, $0.role.rawValue) }
        )

        #expect(read == sent)
    }

    @Test(
        arguments: [
            ("", []), ("chief", []), ("reader", [("a", "chief")]), ("reader", [("a", "")]),
            ("reader", [("a", "writer"), ("a", "none")]),
            ("reader", [("caf\u{E9}", "writer"), ("cafe\u{301}", "none")]),
        ] as [(String, [(String, String)])]
    )
    func `what no decision can be is not read`(role: String, grants: [(String, String)]) {
        #expect(Authorization(role: role, grants: grants.map { ($0.0, $0.1) }) == nil)
    }

    /// Every role of a user for an instance and a book, and every scope there can be of those.
    static let limits: [(user: Role, book: Role, scope: Scope)] = {
        let paths = ["http/contacts", "http/contacts/work", "http/contacts/work/staff"]
            .compactMap(AccessPath.init(_:))
        let subsets: [Set<AccessPath>?] =
            [nil]
            + (0..<8).map { bits in
                Set(paths.indices.filter { bits >> $0 & 1 == 1 }.map { paths[$0] })
            }
        return Role.allCases.flatMap { user in
            Role.allCases.flatMap { book in
                Role.allCases.flatMap { most in
                    subsets.map { (user, book, Scope(role: most, paths: $0)) }
                }
            }
        }
    }()

    @Test(arguments: limits)
    func `a scope leaves the lesser role at each place, and nothing outside of it`(
        user: Role,
        book: Role,
        scope: Scope
    ) throws {
        let whole = Authorization(role: user, books: ["staff": book])

        let left = whole.limited(by: scope, instance: "work")

        let covers = { (paths: [String]) in
            scope.paths.map { covered in paths.contains { covered.map(\.description).contains($0) }
            }
                ?? true
        }
        let instance = covers(["http/contacts", "http/contacts/work"])
        let staff = instance || covers(["http/contacts/work/staff"])
        #expect(left.role == (instance ? min(user, scope.role) : .nothing))
        #expect(left.role(book: "other") == left.role)
        #expect(left.role(book: "staff") == (staff ? min(book, scope.role) : .nothing))
        #expect(left.limited(by: scope, instance: "work") == left)
    }

    @Test func `a scope for another instance leaves nothing`() throws {
        let scope = try Scope(paths: ["http/contacts/work"], isReadOnly: false)

        let left = Authorization(role: .writer).limited(by: scope, instance: "default")

        #expect(left.permitsNothing)
    }

    @Test func `a scope never leaves more grants than the user or the scope has`() throws {
        let users = [
            Authorization(role: .reader, books: ["a": .nothing, "b": .writer, "c": .writer]),
            Authorization(role: .nothing, books: ["a": .reader, "b": .writer]),
        ]
        let scopes = [
            try Scope(paths: ["http/contacts/work"], isReadOnly: true),
            try Scope(
                paths: ["x", "y", "b", "z"].map { "http/contacts/work/\($0)" },
                isReadOnly: false
            ),
        ]
        for user in users {
            for scope in scopes {
                let left = user.limited(by: scope, instance: "work")
                #expect(left.grants.count <= max(user.grants.count, scope.paths?.count ?? 0))
            }
        }
    }

    @Test func `a scope without paths means everywhere, one with none nowhere`() throws {
        let user = Authorization(role: .writer, books: ["a": .reader])

        #expect(user.limited(by: .everything, instance: "work") == user)
        #expect(
            user.limited(by: try Scope(paths: [], isReadOnly: false), instance: "work")
                .permitsNothing
        )
        #expect(
            user.limited(by: try Scope(paths: nil, isReadOnly: true), instance: "work")
                == Authorization(role: .reader)
        )
        #expect(throws: AccessError.unknownPath("work")) {
            try Scope(paths: ["work"], isReadOnly: false)
        }
    }
}
