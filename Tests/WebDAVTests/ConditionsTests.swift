import Testing
import WebDAV

/// RFC 9110 §13.1.
struct ConditionsTests {
    private let current = ETag(opaque: "abc", isWeak: false)

    @Test(arguments: ["\"abc\"", "\"x\", \"abc\"", "*", "abc", " \"x\" ,, \"abc\" ", "\"a,b\",abc"])
    func `RFC 9110 §13.1.1: If-Match holds for a tag in the list`(header: String) throws {
        let conditions = try Conditions(ifMatch: header, ifNoneMatch: nil)

        #expect(conditions.evaluate(current: current, isRead: false) == .proceed)
    }

    @Test(arguments: ["\"x\"", "W/\"abc\"", "\"ABC\"", "\"\"", "w/abc", "\"x,abc\""])
    func `RFC 9110 §13.1.1: If-Match fails without a strong match`(header: String) throws {
        let conditions = try Conditions(ifMatch: header, ifNoneMatch: nil)

        #expect(conditions.evaluate(current: current, isRead: false) == .failed)
    }

    @Test func `RFC 9110 §13.1.1: nothing is there for If-Match to hold of`() throws {
        for header in ["*", "\"abc\""] {
            let conditions = try Conditions(ifMatch: header, ifNoneMatch: nil)

            #expect(conditions.evaluate(current: nil, isRead: false) == .failed)
        }
    }

    @Test(arguments: ["\"abc\"", "W/\"abc\"", "*", "\"x\",\"abc\""])
    func `RFC 9110 §13.1.2: a known tag is 304 to a read, 412 to a write`(header: String) throws {
        let conditions = try Conditions(ifMatch: nil, ifNoneMatch: header)

        #expect(conditions.evaluate(current: current, isRead: true) == .notModified)
        #expect(conditions.evaluate(current: current, isRead: false) == .failed)
        #expect(conditions.evaluate(current: nil, isRead: false) == .proceed)
    }

    @Test func `RFC 9110 §13.2.2: If-Match is looked at first`() throws {
        let conditions = try Conditions(ifMatch: "\"x\"", ifNoneMatch: "\"abc\"")

        #expect(conditions.evaluate(current: current, isRead: true) == .failed)
    }

    @Test(arguments: [
        "", " ", ",", "\"abc", "abc\"", "\"a\"\"b\"", "\"a\" \"b\"", "*, \"a\"", "W/", "a\"b\"c",
    ])
    func `what is no list of tags is 400`(header: String) {
        for isMatch in [true, false] {
            #expect {
                try Conditions(
                    ifMatch: isMatch ? header : nil,
                    ifNoneMatch: isMatch ? nil : header
                )
            } throws: { ($0 as? Refusal)?.status == 400 }
        }
    }

    @Test func `more tags than the limit are 400`() throws {
        let most = Array(repeating: "\"a\"", count: 256).joined(separator: ",")

        _ = try Conditions(ifMatch: most, ifNoneMatch: nil)
        #expect(throws: Refusal.self) { try Conditions(ifMatch: most + ",b", ifNoneMatch: nil) }
    }

    @Test func `a star is told from a list`() throws {
        let star = try Conditions(ifMatch: "*", ifNoneMatch: "*")
        let list = try Conditions(ifMatch: "\"*\"", ifNoneMatch: "\"a\"")
        let none = try Conditions(ifMatch: nil, ifNoneMatch: nil)

        #expect(star.requiresPresence && star.requiresAbsence && !star.isEmpty)
        #expect(!list.requiresPresence && !list.requiresAbsence && !list.isEmpty)
        #expect(!none.requiresPresence && !none.requiresAbsence && none.isEmpty)
        #expect(none.evaluate(current: nil, isRead: false) == .proceed)
    }

    @Test func `a tag is written with quotation marks`() {
        #expect(current.description == "\"abc\"")
        #expect(ETag(opaque: "a", isWeak: true).description == "W/\"a\"")
    }
}
