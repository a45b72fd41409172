import Access
import Testing

/// The decision: what a user may do with an instance and its books.
struct AccessRulesTests {
    private static let everywhere = "http/contacts"
    private static let work = "http/contacts/work"
    private static let book = "http/contacts/work/staff"

    private static func role(
        _ rules: AccessRules,
        _ instance: String,
        _ book: String? = nil
    ) -> Role {
        let authorization = rules.authorization(instance: instance)
        return book.map { authorization.role(book: $0) } ?? authorization.role
    }

    @Test func `a user without rules may do nothing`() throws {
        let authorization = try AccessRules([]).authorization(instance: "work")

        #expect(authorization == .nothing)
        #expect(authorization.permitsNothing)
        #expect(try AccessRules([]) == .nothing)
    }

    /// Every way in which the three lengths of path can have a rule or none.
    static let precedence: [(everywhere: Role?, work: Role?, book: Role?)] = {
        let choices: [Role?] = [nil] + Role.allCases
        return choices.flatMap { everywhere in
            choices.flatMap { work in choices.map { (everywhere, work, $0) } }
        }
    }()

    @Test(arguments: precedence)
    func `the longest path wins, whether it gives more or less`(
        everywhere: Role?,
        work: Role?,
        book: Role?
    ) throws {
        let lines = [(Self.everywhere, everywhere), (Self.work, work), (Self.book, book)]
            .compactMap { path, role in role.map { (path: path, role: $0.rawValue) } }

        for order in [lines, lines.reversed()] {
            let rules = try AccessRules(order)

            #expect(Self.role(rules, "work", "staff") == book ?? work ?? everywhere ?? .nothing)
            #expect(Self.role(rules, "work", "other") == work ?? everywhere ?? .nothing)
            #expect(Self.role(rules, "work") == work ?? everywhere ?? .nothing)
            #expect(Self.role(rules, "default", "staff") == everywhere ?? .nothing)
            #expect(Self.role(rules, "default") == everywhere ?? .nothing)
        }
    }

    @Test(arguments: ["Work", "workshop", "wor", ""])
    func `a rule for an instance holds for that one only`(other: String) throws {
        let rules = try AccessRules([(Self.work, "writer"), (Self.book, "reader")])

        #expect(rules.authorization(instance: other).permitsNothing)
    }

    @Test(arguments: ["Staff", "staff2", "staf", "", "staff/"])
    func `a rule for a book holds for that one only`(other: String) throws {
        let rules = try AccessRules([(Self.book, "reader")])

        #expect(Self.role(rules, "work", "staff") == .reader)
        #expect(Self.role(rules, "work", other) == .nothing)
    }

    @Test func `a book's rule that says what the instance's says is no grant`() throws {
        let rules = try AccessRules([
            (Self.work, "reader"), (Self.book, "reader"), ("\(Self.work)/b", "writer"),
            ("\(Self.work)/a", "none"),
        ])
        let grants = rules.authorization(instance: "work").grants

        #expect(grants.map(\.book) == ["a", "b"])
        #expect(grants.map(\.role) == [.nothing, .writer])
        #expect(rules.instances == ["work"])
    }

    @Test func `rules are the same whatever their order`() throws {
        let one = try AccessRules([(Self.everywhere, "reader"), (Self.work, "writer")])
        let other = try AccessRules([(Self.work, "writer"), (Self.everywhere, "reader")])

        #expect(one == other)
        #expect(try one != AccessRules([(Self.everywhere, "reader")]))
    }

    /// What a user and two groups say of one path, and what comes of it.
    static let joined: [(own: Role?, one: Role?, other: Role?)] = {
        let choices: [Role?] = [nil] + Role.allCases
        return choices.flatMap { own in choices.flatMap { one in choices.map { (own, one, $0) } } }
    }()

    @Test(arguments: joined)
    func `at one path the user's own rule wins, then the group that gives most`(
        own: Role?,
        one: Role?,
        other: Role?
    ) throws {
        func rules(_ role: Role?) throws -> AccessRules {
            try AccessRules(role.map { [(Self.book, $0.rawValue)] } ?? [])
        }
        let groups = [try rules(one), try rules(other)]

        for order in [groups, groups.reversed()] {
            let joined = AccessRules(own: try rules(own), groups: order)

            let strongest = [one, other].compactMap { $0 }.max()
            #expect(Self.role(joined, "work", "staff") == own ?? strongest ?? .nothing)
        }
    }

    @Test func `a group's rule for a longer path wins over the user's own for a shorter`() throws {
        let joined = AccessRules(
            own: try AccessRules([(Self.everywhere, "reader"), (Self.work, "none")]),
            groups: [try AccessRules([(Self.book, "writer"), (Self.everywhere, "writer")])]
        )

        #expect(Self.role(joined, "work", "staff") == .writer)
        #expect(Self.role(joined, "work") == .nothing)
        #expect(Self.role(joined, "default") == .reader)
    }

    @Test(arguments: ["", "http", "http/contacts/a/b/c", "imap/contacts"])
    func `a path that is none is refused by name`(path: String) {
        #expect(throws: AccessError.unknownPath(path)) { try AccessRules([(path, "reader")]) }
    }

    @Test(arguments: ["", "Writer", "owner"])
    func `a role that is none is refused by name and path`(role: String) {
        #expect(throws: AccessError.unknownRole(role, path: Self.work)) {
            try AccessRules([(Self.everywhere, "reader"), (Self.work, role)])
        }
    }

    @Test func `a book that is there in two spellings is refused`() {
        let second = "http/contacts/work/cafe\u{301}"
        #expect(throws: AccessError.repeatedPath(second)) {
            try AccessRules([("http/contacts/work/caf\u{E9}", "none"), (second, "writer")])
        }
    }

    @Test func `nobody writes without a name`() throws {
        #expect(throws: AccessError.anonymousWriter(path: Self.book)) {
            try AccessRules(anonymous: [(Self.work, "reader"), (Self.book, "writer")])
        }
        let rules = try AccessRules(anonymous: [(Self.work, "reader"), (Self.book, "none")])
        #expect(Self.role(rules, "work") == .reader)
        #expect(Self.role(rules, "work", "staff") == .nothing)
    }

    @Test func `the first rule that cannot be read is the one that is named`() {
        #expect(throws: AccessError.unknownRole("chief", path: Self.work)) {
            try AccessRules([(Self.work, "chief"), ("nowhere", "reader")])
        }
    }

    @Test(arguments: [
        (
            AccessError.unknownPath("a\nb"),
            #""a\nb" is no access path; write http/contacts, http/contacts/<instance> or "#
                + "http/contacts/<instance>/<book>"
        ),
        (
            .unknownRole("chief", path: "http/contacts"),
            #""chief" is no role for http/contacts; write reader, writer or none"#
        ),
        (.repeatedPath("http/contacts/a/b"), #""http/contacts/a/b" is there twice; leave one"#),
        (
            .anonymousWriter(path: "http/contacts"),
            "nobody writes to http/contacts without a name; write reader or none"
        ),
    ])
    func `a refusal says what would be right, on one line`(error: AccessError, text: String) {
        #expect(error.description == text)
    }
}
