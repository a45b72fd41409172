import Glibc
import Settings

/// Changes `users.toml` as a person would: the user's lines, and no others.
struct UsersFileEditor {
    let path: String

    /// Reads the file, has its text changed, checks that it still reads, and puts it in place whole.
    ///
    /// - Throws: ``SettingsError`` for a file that does not read, or what the change throws.
    func edit(_ change: (inout UsersText) throws -> Void) throws {
        let bytes = access(path, F_OK) == 0 ? try FileBytes.read(path) : []
        if !bytes.isEmpty { _ = try UsersFile(bytes: bytes, file: path) }
        var text = UsersText(String(decoding: bytes, as: UTF8.self))
        try change(&text)
        let changed = Array(text.text.utf8)
        _ = try UsersFile(bytes: changed, file: path)
        try FileBytes.replace(path, with: changed)
    }
}

/// The lines of `users.toml`.
struct UsersText {
    private var lines: [String]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
    }

    var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    func has(_ name: String) -> Bool { !tables(of: name).isEmpty }

    mutating func add(_ name: String, hash: String, access: [(path: String, role: String)]) {
        let key = TOMLText.key(name)
        if !lines.isEmpty { lines.append("") }
        lines += ["[users.\(key)]", "password = \(TOMLText.quote(hash))"]
        guard !access.isEmpty else { return }
        lines += ["", "[users.\(key).access]"]
        lines += access.map { "\(TOMLText.quote($0.path)) = \(TOMLText.quote($0.role))" }
    }

    /// - Returns: False where there is no such user.
    mutating func setPassword(_ name: String, hash: String) -> Bool {
        for range in tables(of: name) {
            for index in range where Self.key(of: lines[index]) == "password" {
                lines[index] = "password = \(TOMLText.quote(hash))"
                return true
            }
        }
        return false
    }

    /// - Returns: False where there is no such user.
    mutating func remove(_ name: String) -> Bool {
        let ranges = tables(of: name)
        for range in ranges.reversed() { lines.removeSubrange(range) }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return !ranges.isEmpty
    }

    /// Where the tables of a user stand: `[users.name]` and what is below it.
    private func tables(of name: String) -> [Range<Int>] {
        let spellings = Set([TOMLText.key(name), TOMLText.quote(name), "'\(name)'"])
        let starts = lines.indices.filter { Self.header(of: lines[$0]) != nil }
        var ranges: [Range<Int>] = []
        for (position, start) in starts.enumerated() {
            guard let header = Self.header(of: lines[start]), header.hasPrefix("users.") else {
                continue
            }
            let rest = header.dropFirst("users.".count)
            guard spellings.contains(where: { rest == $0 || rest.hasPrefix("\($0).") }) else {
                continue
            }
            let end = position + 1 < starts.count ? starts[position + 1] : lines.count
            ranges.append(start..<end)
        }
        return ranges
    }

    /// The name in a table's header, without white space around the dots.
    private static func header(of line: String) -> String? {
        let trimmed = trim(line[...])
        guard trimmed.hasPrefix("["), !trimmed.hasPrefix("[["), let end = trimmed.lastIndex(of: "]")
        else { return nil }
        return String(trim(trimmed[trimmed.index(after: trimmed.startIndex)..<end]))
    }

    private static func key(of line: String) -> String? {
        line.firstIndex(of: "=").map { String(trim(line[..<$0])) }
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text = text.dropLast() }
        return text
    }
}
