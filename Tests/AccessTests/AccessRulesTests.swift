import Access
import Testing

/// The decision: what a user may do with an instance.
struct AccessRulesTests {
    private static let everywhere = "http/contacts"
    private static let work = "http/contacts/work"

    @Test func `a user without rules may do nothing`() throws {
        let rules = try AccessRules([])

        #expect(rules.role(instance: "work") == nil)
    }

    @Test(arguments: Role.allCases)
    func `a rule for the service holds for each instance`(role: Role) throws {
        let rules = try AccessRules([(Self.everywhere, role.rawValue)])

        #expect(rules.role(instance: "work") == role)
        #expect(rules.role(instance: "default") == role)
    }

    @Test(arguments: Role.allCases)
    func `a rule for an instance holds for that one only`(role: Role) throws {
        let rules = try AccessRules([(Self.work, role.rawValue)])

        #expect(rules.role(instance: "work") == role)
        #expect(rules.role(instance: "default") == nil)
        #expect(rules.role(instance: "Work") == nil)
        #expect(rules.role(instance: "workshop") == nil)
        #expect(rules.role(instance: "") == nil)
    }

    @Test(arguments: [("reader", "writer"), ("writer", "reader")])
    func `the rule for the instance itself wins, whether it gives more or less`(
        everywhere: String,
        work: String
    ) throws {
        let orders = [
            [(path: Self.everywhere, role: everywhere), (path: Self.work, role: work)],
            [(path: Self.work, role: work), (path: Self.everywhere, role: everywhere)],
        ]
        for order in orders {
            let rules = try AccessRules(order)

            #expect(rules.role(instance: "work") == Role(rawValue: work))
            #expect(rules.role(instance: "default") == Role(rawValue: everywhere))
        }
    }

    @Test func `rules are the same whatever their order`() throws {
        let one = try AccessRules([(Self.everywhere, "reader"), (Self.work, "writer")])
        let other = try AccessRules([(Self.work, "writer"), (Self.everywhere, "reader")])

        #expect(one == other)
        #expect(try one != AccessRules([(Self.everywhere, "reader")]))
    }

    @Test(arguments: ["", "http", "http/contacts/a/b", "imap/contacts"])
    func `a path that is none is refused by name`(path: String) {
        #expect(throws: AccessError.unknownPath(path)) { try AccessRules([(path, "reader")]) }
    }

    @Test(arguments: ["", "Writer", "none"])
    func `a role that is none is refused by name and path`(role: String) {
        #expect(throws: AccessError.unknownRole(role, path: Self.work)) {
            try AccessRules([(Self.everywhere, "reader"), (Self.work, role)])
        }
    }

    @Test func `the first rule that cannot be read is the one that is named`() {
        #expect(throws: AccessError.unknownRole("chief", path: Self.work)) {
            try AccessRules([(Self.work, "chief"), ("nowhere", "reader")])
        }
    }

    @Test(arguments: [
        (
            AccessError.unknownPath("a\nb"),
            #""a\nb" is no access path; write http/contacts or http/contacts/<instance>"#
        ),
        (
            .unknownRole("chief", path: "http/contacts"),
            #""chief" is no role for http/contacts; write reader or writer"#
        ),
    ])
    func `a refusal says what would be right, on one line`(error: AccessError, text: String) {
        #expect(error.description == text)
    }
}
