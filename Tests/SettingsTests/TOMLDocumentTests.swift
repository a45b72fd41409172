import Settings
import Testing

struct TOMLDocumentTests {
    @Test func `values of each kind are read`() throws {
        let table = try toml(
            "text = 'a'\nnumber = -7\nyes = true\nother = 1.5\nlist = [1, ['b']]\n"
        )

        #expect(
            table.entries.map(\.value) == [
                .string("a"), .integer(-7), .boolean(true), .other,
                .array([.integer(1), .array([.string("b")])]),
            ]
        )
    }

    @Test func `entries come in the order of the file, with their lines`() throws {
        let table = try toml("z = 1\n\na = 2\n[m]\nb = 3\n")

        #expect(table.entries.map(\.key) == ["z", "a", "m"])
        #expect(table.entries.map(\.line) == [1, 3, 4])
    }

    @Test func `keys on one line come in the order of the file`() throws {
        let table = try toml("inline = { z = 1, m = 2, a = 3 }\n")

        guard case .table(let inline)? = table["inline"]?.value else {
            Issue.record("inline is no table")
            return
        }
        #expect(inline.entries.map(\.key) == ["z", "m", "a"])
    }

    @Test func `an empty document is an empty table`() throws {
        #expect(try toml("").entries.isEmpty)
    }

    @Test func `dotted keys and table headers lead to the same place`() throws {
        let dotted = try toml("[a]\nb.c = 'x'\n")["a"]?.value
        guard case .table(let a)? = dotted, case .table(let b)? = a["b"]?.value else {
            Issue.record("a.b is no table")
            return
        }

        #expect(b.string("c") == "x")
    }

    @Test(arguments: [
        ("a = 1\nb = \n", 2), ("a = 1\na = 2\n", 2), ("[t\n", 1), ("x = \"open\n", 1), ("=1\n", 1),
    ])
    func `a malformed document is refused with its line`(_ text: String, _ line: Int) throws {
        let error = try #require(throws: SettingsError.self) { try toml(text) }

        #expect(error.file == "a.toml")
        #expect(error.line == line)
        #expect(!error.problem.isEmpty)
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        let bytes = Array("a = \"".utf8) + [0xFF, 0xFE] + Array("\"\n".utf8)

        #expect(throws: SettingsError.self) { try TOMLDocument.parse(bytes, file: "a.toml") }
    }

    @Test func `a document beyond the limit is refused unread`() {
        let bytes = [UInt8](repeating: 0x0A, count: TOMLDocument.maximumBytes + 1)

        #expect(throws: SettingsError(file: "a", problem: "larger than 16777216 bytes")) {
            try TOMLDocument.parse(bytes, file: "a")
        }
    }

    @Test func `a missing file is named with a remedy`() throws {
        let error = try #require(throws: SettingsError.self) {
            try ContactsSettings.load(path: "/nonexistent/contacts.toml")
        }

        #expect(error.file == "/nonexistent/contacts.toml")
        #expect(error.remedy?.contains("--config") == true)
    }

    @Test func `a folder in the place of a file is refused`() {
        #expect(throws: SettingsError.self) { try UsersFile.load(path: "/") }
    }
}
