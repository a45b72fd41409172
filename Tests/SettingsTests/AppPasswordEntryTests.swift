import Glibc
import Settings
import Testing

/// App passwords in `users.toml`, and when they were last used.
struct AppPasswordEntryTests {
    private static let user = "[users.alice]\npassword = \"x\"\n"

    @Test func `one comes with its scope and its days, and is written as it is read`() throws {
        let entry = AppPasswordEntry(
            id: "k7m2q9xw",
            name: "Alice's \"phone\"",
            hash: "sha256:00",
            created: CalendarDay("2026-11-21"),
            expires: CalendarDay("2027-02-28"),
            paths: ["http/contacts/default"],
            isReadOnly: true
        )
        let text = Self.user + entry.lines(user: "alice").joined(separator: "\n") + "\n"

        let file = try users(text)

        #expect(file.users.first?.withoutLines.appPasswords == [entry])
        #expect(file.users.first?.appPasswords.first?.line == 3)
        #expect(file.users.first?.takesPassword == true)
    }

    @Test func `what is left out limits nothing`() throws {
        let file = try users(Self.user + "[users.alice.app_passwords.a]\nhash = \"h\"\n")
        let entry = try #require(file.users.first?.appPasswords.first)

        #expect(entry.name == "a")
        #expect(entry.paths == nil)
        #expect(entry.expires == nil)
        #expect(!entry.isReadOnly)
    }

    @Test func `a user without a password may log in with app passwords only`() throws {
        let file = try users("[users.alice]\npassword_login = false\n")

        #expect(file.users.first?.passwordHash == nil)
        #expect(file.users.first?.takesPassword == false)
        #expect(throws: SettingsError.self) { try users("[users.alice]\n") }
        #expect(throws: SettingsError.self) { try users("[users.alice]\npassword_login = true\n") }
    }

    @Test(arguments: [
        "[users.alice.app_passwords.a]\nname = \"n\"\n",
        "[users.alice.app_passwords.\"A b\"]\nhash = \"h\"\n",
        "[users.alice.app_passwords.a]\nhash = \"h\"\nname = \"\"\n",
        "[users.alice.app_passwords.a]\nhash = \"h\"\nexpires = \"2026-02-29\"\n",
        "[users.alice.app_passwords.a]\nhash = \"h\"\nexpires = 2026-02-28\n",
        "[users.alice.app_passwords.a]\nhash = \"h\"\npaths = []\n",
        "[users.alice.app_passwords.a]\nhash = \"h\"\nread_only = 1\n",
        "[users.alice.app_passwords.a]\nhash = \"h\"\nreadonly = true\n",
    ])
    func `a wrong value is refused, for it must not become a right`(_ text: String) {
        #expect(throws: SettingsError.self) { try users(Self.user + text) }
    }

    @Test func `a user has a hundred at the most`() throws {
        func text(_ count: Int) -> String {
            Self.user
                + (0..<count).map { "[users.alice.app_passwords.a\($0)]\nhash = \"h\"\n" }.joined()
        }

        #expect(try users(text(100)).users.first?.appPasswords.count == 100)
        #expect(throws: SettingsError.self) { try users(text(101)) }
    }

    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-11-21", 20_778),
        ("2100-03-01", 47_541), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
    ])
    func `days are counted as the calendar does`(_ text: String, _ number: Int) throws {
        #expect(CalendarDay(text)?.daysSince1970 == number)
        #expect(CalendarDay(daysSince1970: number).description == text)
    }

    @Test(arguments: ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "2026-01-32", "", "x"])
    func `a day that the calendar does not have is none`(_ text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test func `the last uses are written and read again, whole or not at all`() throws {
        let path = "/tmp/evl-use-\(UInt32.random(in: 0 ... .max)).toml"
        #expect(try LastUseFile.load(path: path) == LastUseFile())
        var file = LastUseFile()
        file.minutes["Alice Ä"] = ["a": CalendarMinute(secondsSince1970: 1_795_260_239)]

        try file.save(path: path)

        #expect(file.text == "[\"Alice Ä\"]\na = \"2026-11-21T11:23Z\"\n")
        #expect(try LastUseFile.load(path: path) == file)
        #expect(throws: SettingsError.self) { try file.save(path: "/nowhere/last-use.toml") }
        for text in ["a = 1\n", "[a]\nb = \"2026-11-21\"\n", "[a]\nb = \"2026-11-21T24:00Z\"\n"] {
            #expect(throws: SettingsError.self) {
                try LastUseFile(bytes: Array(text.utf8), file: "last-use.toml")
            }
        }
        try #require(remove(path) == 0)
    }
}
