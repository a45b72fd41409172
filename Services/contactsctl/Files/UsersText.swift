import Settings

/// The lines of `users.toml`.
struct UsersText {
    var lines: [String]

    init(_ text: String) { lines = TOMLLines.split(text) }

    var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    mutating func add(_ name: String, hash: String, access: [(path: String, role: String)]) {
        let key = TOMLText.key(name)
        if !lines.isEmpty { lines.append("") }
        lines += ["[users.\(key)]", "password = \(TOMLText.quote(hash))"]
        guard !access.isEmpty else { return }
        lines += ["", "[users.\(key).access]"]
        lines += access.map { "\(TOMLText.quote($0.path)) = \(TOMLText.quote($0.role))" }
    }

    /// Changes the line of a user's password, or adds it; leaves the text as it is where the user has
    /// no table.
    mutating func setPassword(_ name: String, hash: String) {
        let line = "password = \(TOMLText.quote(hash))"
        let spellings = AccessHolder.user(name).tableSpellings
        let own = tables(of: name).filter { range in
            TOMLLines.header(of: lines[range.lowerBound]).map(spellings.contains) == true
        }
        for range in own {
            for index in range where TOMLLines.key(of: lines[index]) == "password" {
                lines[index] = line
                return
            }
        }
        if let table = own.first { lines.insert(line, at: table.lowerBound + 1) }
    }

    /// Adds an app password behind all else of a user; leaves the text as it is where the user has
    /// no tables.
    mutating func add(_ entry: AppPasswordEntry, of name: String) {
        guard let last = tables(of: name).last else { return }
        lines.insert(contentsOf: [""] + entry.lines(user: name), at: last.upperBound)
    }

    /// Leaves the text as it is where the user has no table for the app password.
    mutating func removeAppPassword(_ id: String, of name: String) {
        let ends = [TOMLText.key(id), TOMLText.quote(id), "'\(id)'"].map { ".app_passwords.\($0)" }
        for range in tables(of: name).reversed() {
            guard let header = TOMLLines.header(of: lines[range.lowerBound]),
                ends.contains(where: header.hasSuffix)
            else { continue }
            TOMLLines.remove(range, from: &lines)
        }
    }

    /// Leaves the text as it is where the user has no tables.
    mutating func remove(_ name: String) {
        for range in tables(of: name).reversed() { TOMLLines.remove(range, from: &lines) }
    }

    /// Where the tables of a user stand: `[users.name]` and what is below it, without the comments
    /// and blank lines at its end, which lead to what comes next.
    private func tables(of name: String) -> [Range<Int>] {
        tables(named: AccessHolder.user(name).tableSpellings)
    }

    /// Where the tables of one of these names stand, and those below them.
    func tables(named spellings: Set<String>) -> [Range<Int>] {
        TOMLLines.tables(named: spellings, in: lines)
    }
}
