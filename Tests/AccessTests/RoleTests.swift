import Access
import Testing

struct RoleTests {
    @Test func `a writer is more than a reader, a reader more than nobody`() {
        #expect(Role.allCases.sorted() == [.nothing, .reader, .writer])
        for left in Role.allCases {
            for right in Role.allCases {
                #expect((left < right) != (left >= right))
                #expect(left != right || !(left < right))
            }
        }
    }

    @Test(arguments: [("none", Role.nothing), ("reader", .reader), ("writer", .writer)])
    func `a role is spelled the same in a settings file and in a frame`(text: String, role: Role) {
        #expect(Role(rawValue: text) == role)
        #expect(role.rawValue == text)
    }

    @Test(arguments: ["", "None", "Reader", "WRITER", "writer ", "admin", "owner"])
    func `any other word is no role`(text: String) {
        #expect(Role(rawValue: text) == nil)
    }
}
