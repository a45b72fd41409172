import Settings
import Testing

struct TOMLDepthTests {
    private static let limit = TOMLDocument.maximumDepth

    private static func dots(_ parts: Int) -> String {
        Array(repeating: "a", count: parts).joined(separator: ".")
    }

    @Test(arguments: [
        "\(dots(limit)) = 1\n", "[\(dots(limit))]\n",
        "a = \(String(repeating: "[", count: limit))\(String(repeating: "]", count: limit))\n",
    ])
    func `what is nested as deep as may be is read`(_ text: String) throws {
        #expect(try toml(text).entries.count == 1)
    }

    @Test(arguments: [
        "\(dots(limit + 1)) = 1\n", "[\(dots(limit + 1))]\n",
        "a = \(String(repeating: "[", count: limit + 1))\(String(repeating: "]", count: limit + 1))\n",
        "a = { \(dots(limit + 1)) = 1 }\n", "[\(dots(limit))]\nb.c.d = 1\n",
        "a = \(String(repeating: "{b=", count: limit + 1))1\(String(repeating: "}", count: limit + 1))\n",
    ])
    func `what is nested deeper is refused with its line`(_ text: String) throws {
        let error = try #require(throws: SettingsError.self) { try toml("x = 1\n" + text) }

        #expect(error.problem == "tables and lists are nested deeper than 16")
        #expect((error.line ?? 0) >= 2)
    }

    @Test(arguments: [
        "", "x = '''a''''\n", "x = \"\"\"a\"\"\"\"\"\n", "x = \"\"\"\n\"\n\\\"\"\" \"\"\"\n",
        "x = 'a\\'\n", "x = \"a\\\\\"\n", "# \"\n", "x = \"\"\ny = ''\n", "x = \"\"\"\"\"\"\n",
        "x = \"\"\"\\\n  a\\\"\"\"\"\n", "'a' = 1\n\"b\" = 2\n",
    ])
    func `a key of a million parts never reaches the parser, whatever stands before it`(
        _ before: String
    ) throws {
        _ = try toml(before)

        let error = try #require(throws: SettingsError.self) {
            try toml(before + Self.dots(1_000_000) + " = 1\n")
        }
        #expect(error.problem == "tables and lists are nested deeper than 16")
        #expect(error.line == before.utf8.count { $0 == 0x0A } + 1)
    }

    @Test(arguments: [
        "x = '\(dots(40))'\n", "x = \"\(dots(40))\"\n", "x = '''\n\(dots(40))\n'''\n",
        "# \(dots(40))\nx = 1\n", "'\(dots(40))' = 1\n",
        "x = [\((0..<40).map { "\($0).5" }.joined(separator: ", "))]\n",
    ])
    func `dots in texts, comments, quoted keys and numbers do not count`(_ text: String) throws {
        #expect(try toml(text).entries.count == 1)
    }

    @Test func `many entries are read`() throws {
        let text = (0..<20_000).map { "k\($0) = \($0)\n" }.joined()

        #expect(try toml(text).entries.last?.key == "k19999")
    }
}
