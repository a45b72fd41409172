import Accounts
import Testing

struct AppPasswordTests {
    @Test func `one has seven groups of four that nobody misreads, and an id`() {
        let (id, password) = AppPassword.make()
        let groups = password.split(separator: "-")

        #expect(groups.map(\.count) == [4, 4, 4, 4, 4, 4, 4])
        #expect(id.count == 8)
        for text in [groups.joined(), id] {
            #expect(text.allSatisfy { "abcdefghjkmnpqrstuvwxyz23456789".contains($0) })
        }
    }

    @Test func `no two are the same`() {
        let made = (0..<1_000).map { _ in AppPassword.make() }

        #expect(Set(made.map(\.id)).count == 1_000)
        #expect(Set(made.map(\.password)).count == 1_000)
    }

    @Test func `a hash is SHA-256 in hexadecimal, and reads back`() throws {
        let hash = AppPasswordHash(of: Array("abc".utf8))

        // FIPS 180-4, the example of one block.
        #expect(
            hash.text
                == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(AppPasswordHash(hash.text) == hash)
    }

    @Test func `capitals, blanks and hyphens make no difference, all else does`() {
        let hash = AppPasswordHash(of: Array("abcd-efgh".utf8))

        for same in ["abcdefgh", "Abcd Efgh", "ABCD-EFGH", " abcd-efgh "] {
            #expect(AppPasswordHash(of: Array(same.utf8)) == hash)
        }
        for other in ["abcd-efgi", "abcd_efgh", "abcd-efg", "abcd-efgh\0", ""] {
            #expect(AppPasswordHash(of: Array(other.utf8)) != hash)
        }
    }

    @Test(arguments: [
        "", "sha256:", "sha256:ba78", "$y$j9T$a$b",
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "sha256:ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad00",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    ])
    func `any other text is no hash`(_ text: String) {
        #expect(AppPasswordHash(text) == nil)
    }
}
