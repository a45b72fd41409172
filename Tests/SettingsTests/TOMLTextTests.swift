import Settings
import Testing

struct TOMLTextTests {
    @Test(arguments: [
        "", "plain", "\"quoted\"", "back\\slash", "line\nbreak\r\n", "\u{0}\u{1}\u{1F}\u{7F}",
        "Grüße",
        "🇨🇿 flag", "'''", "a\\nb", "\t",
    ])
    func `a quoted text is read back as it was`(_ text: String) throws {
        #expect(try toml("x = \(TOMLText.quote(text))\n").string("x") == text)
    }

    @Test(arguments: ["plain", "with-hyphen_1", "", "with space", "a.b", "\"", "ključ", "#", "\n"])
    func `a key is read back as it was`(_ key: String) throws {
        #expect(try toml("\(TOMLText.key(key)) = 1\n").entries.map(\.key) == [key])
    }

    @Test func `a key is bare where it may be`() {
        #expect(TOMLText.key("alice-1_B") == "alice-1_B")
        #expect(TOMLText.key("alice@example.com") == "\"alice@example.com\"")
    }
}
