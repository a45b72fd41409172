import Settings

/// The lines of `users.toml`.
struct UsersText {
    var lines: [String]

    init(_ text: String) {
        // By scalars: as a character, the line end of Windows is another than that of Unix.
        lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0) }
        while lines.last.map(Self.isBlank) == true { lines.removeLast() }
    }

    var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    mutating func add(_ name: String, hash: String, access: [(path: String, role: String)]) {
        let key = TOMLText.key(name)
        if !lines.isEmpty { lines.append("") }
        lines += ["[users.\(key)]", "password = \(TOMLText.quote(hash))"]
        guard !access.isEmpty else { return }
        lines += ["", "[users.\(key).access]"]
        lines += access.map { "\(TOMLText.quote($0.path)) = \(TOMLText.quote($0.role))" }
    }

    /// Leaves the text as it is where the user's password is not found on a line of its own.
    mutating func setPassword(_ name: String, hash: String) {
        for range in tables(of: name) {
            for index in range where Self.key(of: lines[index]) == "password" {
                lines[index] = "password = \(TOMLText.quote(hash))"
                return
            }
        }
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
            guard let header = Self.header(of: lines[range.lowerBound]),
                ends.contains(where: header.hasSuffix)
            else { continue }
            remove(range)
        }
        while lines.last.map(Self.isBlank) == true { lines.removeLast() }
    }

    /// Leaves the text as it is where the user has no tables.
    mutating func remove(_ name: String) {
        for range in tables(of: name).reversed() { remove(range) }
        while lines.last.map(Self.isBlank) == true { lines.removeLast() }
    }

    private mutating func remove(_ range: Range<Int>) {
        // The blank lines that set the table apart from the next one go with it.
        let blank = lines[range.upperBound...].prefix(while: Self.isBlank).count
        lines.removeSubrange(range.lowerBound..<range.upperBound + blank)
    }

    /// Where the tables of a user stand: `[users.name]` and what is below it, without the comments
    /// and blank lines at its end, which lead to what comes next.
    private func tables(of name: String) -> [Range<Int>] {
        tables(named: AccessHolder.user(name).tableSpellings)
    }

    /// Where the tables of one of these names stand, and those below them.
    func tables(named spellings: Set<String>) -> [Range<Int>] {
        let starts = lines.indices.filter { Self.header(of: lines[$0]) != nil }
        var ranges: [Range<Int>] = []
        for (position, start) in starts.enumerated() {
            guard let header = Self.header(of: lines[start]),
                spellings.contains(where: { header == $0 || header.hasPrefix("\($0).") })
            else { continue }
            let next = position + 1 < starts.count ? starts[position + 1] : lines.count
            let last = lines[start..<next].lastIndex { !Self.isBlank($0) && !Self.isComment($0) }
            ranges.append(start..<(last ?? start) + 1)
        }
        return ranges
    }

    /// The name in a table's header, without white space around it.
    private static func header(of line: String) -> String? {
        let trimmed = trim(line[...])
        guard trimmed.hasPrefix("["), !trimmed.hasPrefix("[[") else { return nil }
        var quote: Character?
        var isEscaped = false
        // A bracket in a quoted name, or in a comment behind the header, does not end it.
        for index in trimmed.indices.dropFirst() {
            let character = trimmed[index]
            if let open = quote {
                if character == open, !isEscaped { quote = nil }
                isEscaped = open == "\"" && character == "\\" && !isEscaped
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "]" {
                return String(trim(trimmed[trimmed.index(after: trimmed.startIndex)..<index]))
            }
        }
        return nil
    }

    private static func key(of line: String) -> String? {
        line.firstIndex(of: "=").map { String(trim(line[..<$0])) }
    }

    private static func isBlank(_ line: String) -> Bool { trim(line[...]).isEmpty }

    private static func isComment(_ line: String) -> Bool { trim(line[...]).hasPrefix("#") }

    private static func trim(_ text: Substring) -> Substring {
        func isSpace(_ character: Character) -> Bool {
            character == " " || character == "\t" || character == "\r"
        }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text = text.dropLast() }
        return text
    }
}
