import Settings

// One rule is one line of a holder's `access` table.
extension UsersText {
    /// Gives a path a role, on the line that has it already or on a new one behind the others.
    mutating func setAccess(_ path: String, _ role: String, of holder: AccessHolder) {
        let tables = tables(named: holder.accessSpellings)
        for range in tables {
            if let index = range.first(where: { Self.isRule(lines[$0], for: path) }) {
                lines[index] = Self.replacingValue(of: lines[index], with: role)
                return
            }
        }
        let line = "\(TOMLText.quote(path)) = \(TOMLText.quote(role))"
        if let table = tables.last {
            return lines.insert(line, at: table.upperBound)
        }
        let place = self.tables(named: holder.tableSpellings).last?.upperBound ?? lines.count
        let new = ["[\(holder.table).access]", line]
        lines.insert(contentsOf: lines.isEmpty ? new : [""] + new, at: place)
    }

    /// Takes the line of a path away; leaves the text as it is where there is none.
    mutating func removeAccess(_ path: String, of holder: AccessHolder) {
        for range in tables(named: holder.accessSpellings) {
            if let index = range.first(where: { Self.isRule(lines[$0], for: path) }) {
                lines.remove(at: index)
                return
            }
        }
    }

    private static func isRule(_ line: String, for path: String) -> Bool {
        guard let key = quotedKey(of: line) else { return false }
        return key == TOMLText.quote(path) || key == "'\(path)'"
    }

    /// The key that a line begins with, in its quotes.
    private static func quotedKey(of line: String) -> Substring? {
        let text = line.drop { $0 == " " || $0 == "\t" }
        guard let quote = text.first, quote == "\"" || quote == "'" else { return nil }
        var isEscaped = false
        for index in text.indices.dropFirst() {
            if text[index] == quote, !isEscaped { return text[...index] }
            isEscaped = quote == "\"" && text[index] == "\\" && !isEscaped
        }
        return nil
    }

    /// The line with another text as its value; what stands behind the value stays.
    private static func replacingValue(of line: String, with role: String) -> String {
        guard let key = quotedKey(of: line) else { return line }
        let rest = line[key.endIndex...]
        guard let open = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }),
            let close = rest[rest.index(after: open)...].firstIndex(of: rest[open])
        else { return line }
        return line[..<open] + TOMLText.quote(role) + line[line.index(after: close)...]
    }
}

extension AccessHolder {
    fileprivate var accessSpellings: Set<String> { Set(tableSpellings.map { "\($0).access" }) }
}
