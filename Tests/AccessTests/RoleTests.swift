import Access
import Testing

struct RoleTests {
    @Test func `a writer is more than a reader, and each as much as itself`() {
        #expect(Role.reader < .writer)
        #expect(!(Role.writer < .reader))
        #expect(Role.allCases.allSatisfy { !($0 < $0) && $0 >= $0 })
        #expect(Role.allCases.max() == .writer)
    }

    @Test(arguments: [("reader", Role.reader), ("writer", .writer)])
    func `a role is spelled the same in a settings file and in a frame`(text: String, role: Role) {
        #expect(Role(rawValue: text) == role)
        #expect(role.rawValue == text)
    }

    @Test(arguments: ["", "Reader", "WRITER", "writer ", "admin", "owner"])
    func `any other word is no role`(text: String) {
        #expect(Role(rawValue: text) == nil)
    }
}
