import Accounts
import Testing

struct GeneratedPasswordTests {
    @Test func `a generated password is five groups of four that nobody misreads`() {
        let groups = GeneratedPassword.make().split(separator: "-")

        #expect(groups.map(\.count) == [4, 4, 4, 4, 4])
        #expect(groups.joined().allSatisfy { "abcdefghjkmnpqrstuvwxyz23456789".contains($0) })
    }

    @Test func `no two are the same`() {
        #expect(Set((0..<1_000).map { _ in GeneratedPassword.make() }).count == 1_000)
    }

    @Test func `a generated password can be hashed and checked`() throws {
        let password = Array(GeneratedPassword.make().utf8)

        #expect(try PasswordHash.make(password).verifies(password))
    }
}
