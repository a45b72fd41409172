import Accounts
import Testing

struct PasswordHashTests {
    /// Hashes of `correct horse` at the least cost of each method.
    private static let known = KnownHashes.all

    @Test(arguments: known)
    func `a password verifies against each method that is taken`(_ text: String) throws {
        let hash = try #require(PasswordHash(text))

        #expect(hash.verifies(Array("correct horse".utf8)))
    }

    @Test(arguments: known)
    func `another password does not`(_ text: String) throws {
        let hash = try #require(PasswordHash(text))

        #expect(!hash.verifies(Array("correct horsf".utf8)))
        #expect(!hash.verifies(Array("correct hors".utf8)))
        #expect(!hash.verifies([]))
    }

    @Test func `a made hash is yescrypt, verifies, and has a salt of its own`() throws {
        let password = Array("heslo – пароль".utf8)
        let one = try PasswordHash.make(password)
        let other = try PasswordHash.make(password)

        #expect(one.text.hasPrefix("$y$"))
        #expect(one != other)
        #expect(PasswordHash(one.text) == one)
        #expect(one.verifies(password))
    }

    @Test func `a password with a NUL never verifies, nor is it cut there`() throws {
        let hash = try #require(PasswordHash(Self.known[0]))

        #expect(!hash.verifies(Array("correct horse".utf8) + [0]))
        #expect(!hash.verifies(Array("correct horse\0tail".utf8)))
    }

    @Test func `a password beyond 511 bytes never verifies`() throws {
        let longest = [UInt8](repeating: 0x61, count: PasswordHash.maximumPasswordBytes)
        let hash = try PasswordHash.make(longest)

        #expect(hash.verifies(longest))
        #expect(!hash.verifies(longest + [0x61]))
    }

    @Test(arguments: [[], [0x61, 0], [UInt8](repeating: 0x61, count: 512)] as [[UInt8]])
    func `what cannot be checked is not hashed`(_ password: [UInt8]) {
        #expect(throws: AccountsError.unusablePassword) { try PasswordHash.make(password) }
    }

    @Test(arguments: [
        "", "correct horse", "*", "!", "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/", "aaRE.Vvm/eMWE",
        "$apr1$salt$HHDGcWG9TbVvVwXmXWEUL.", "$3$$8846f7eaee8fb117ad06bdd830b7586c", "$y$",
        "$y$j9T$with:colon:in:it:and:more", "$6$with space in the salt",
        "$y$j9T$line\nbreak$hashhash",
        "$y$" + String(repeating: "a", count: 400),
    ])
    func `a text that is no strong hash is refused`(_ text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test(arguments: [
        "$y$j9T$tooshort", "$6$saltsalt$truncated", "$2b$99$impossiblecost0000000000000",
    ])
    func `a damaged hash verifies nothing`(_ text: String) {
        #expect(PasswordHash(text)?.verifies(Array("correct horse".utf8)) != true)
    }

    @Test func `the dummy is a hash that costs, and that nothing obvious opens`() {
        #expect(PasswordHash(PasswordHash.dummy.text) == PasswordHash.dummy)
        #expect(PasswordHash.dummy.text.hasPrefix("$y$j9T$"))
        for guess in ["", "dummy", "password", "everlock"] {
            #expect(!PasswordHash.dummy.verifies(Array(guess.utf8)))
        }
    }

    @Test(arguments: known)
    func `a dummy like others is of the method that most have, and opens with no password`(
        _ text: String
    ) throws {
        let hash = try #require(PasswordHash(text))
        let others = Self.known.compactMap { PasswordHash($0) }

        let dummy = PasswordHash.dummy(like: [hash] + others)

        #expect(dummy.text.dropLast() == text.dropLast())
        #expect(dummy != hash)
        #expect(PasswordHash(dummy.text) == dummy)
        #expect(!dummy.verifies(Array("correct horse".utf8)))
    }

    @Test func `without others a dummy is one of the system's own method`() {
        #expect(PasswordHash.dummy(like: []) == .dummy)
    }
}
