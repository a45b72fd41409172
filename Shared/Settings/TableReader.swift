/// Reads the keys of one table, and refuses those that nobody asked for.
struct TableReader {
    let file: String
    let path: String
    private let table: TOMLTable
    private var known: Set<String> = []

    init(_ table: TOMLTable, file: String, path: String = "") {
        self.table = table
        self.file = file
        self.path = path
    }

    /// A key with those above it, each as it would be written.
    func name(_ key: String) -> String {
        path.isEmpty ? TOMLText.key(key) : "\(path).\(TOMLText.key(key))"
    }

    func error(_ key: String, _ problem: String, _ remedy: String? = nil) -> SettingsError {
        SettingsError(
            file: file,
            line: table[key]?.line,
            key: name(key),
            problem: problem,
            remedy: remedy
        )
    }

    /// Where a key stands.
    func line(of key: String) -> Int { table[key]?.line ?? 1 }

    /// The value of a key, which is known from now on.
    mutating func take(_ key: String) -> TOMLValue? {
        known.insert(key)
        return table[key]?.value
    }

    mutating func string(_ key: String, remedy: String) throws(SettingsError) -> String? {
        known.insert(key)
        guard let entry = table[key] else { return nil }
        guard case .string(let text) = entry.value else {
            throw error(key, "must be a text", remedy)
        }
        return text
    }

    mutating func boolean(_ key: String, default absent: Bool) throws(SettingsError) -> Bool {
        known.insert(key)
        guard let entry = table[key] else { return absent }
        guard case .boolean(let value) = entry.value else {
            throw error(key, "must be true or false")
        }
        return value
    }

    mutating func strings(_ key: String, remedy: String) throws(SettingsError) -> [String]? {
        known.insert(key)
        guard let entry = table[key] else { return nil }
        guard case .array(let values) = entry.value else {
            throw error(key, "must be a list of texts", remedy)
        }
        var strings: [String] = []
        for value in values {
            guard case .string(let text) = value else {
                throw error(key, "must be a list of texts", remedy)
            }
            strings.append(text)
        }
        return strings
    }

    /// The tables inside a table, by their keys, in the order of the file.
    mutating func tables(
        _ key: String
    ) throws(SettingsError) -> [(key: String, line: Int, table: TOMLTable)] {
        known.insert(key)
        guard let entry = table[key] else { return [] }
        guard case .table(let outer) = entry.value else {
            throw error(key, "must be a table", "write [\(name(key)).<name>]")
        }
        var tables: [(key: String, line: Int, table: TOMLTable)] = []
        for inner in outer.entries {
            guard case .table(let table) = inner.value else {
                throw SettingsError(
                    file: file,
                    line: inner.line,
                    key: "\(name(key)).\(TOMLText.key(inner.key))",
                    problem: "must be a table",
                    remedy: "write [\(name(key)).\(TOMLText.key(inner.key))]"
                )
            }
            tables.append((inner.key, inner.line, table))
        }
        return tables
    }

    /// The entries of a table that may have any keys, their values texts.
    mutating func texts(
        _ key: String,
        remedy: String
    ) throws(SettingsError) -> [(key: String, value: String, line: Int)] {
        known.insert(key)
        guard let entry = table[key] else { return [] }
        guard case .table(let inner) = entry.value else {
            throw error(key, "must be a table", remedy)
        }
        var texts: [(key: String, value: String, line: Int)] = []
        for entry in inner.entries {
            guard case .string(let text) = entry.value else {
                throw SettingsError(
                    file: file,
                    line: entry.line,
                    key: "\(name(key)).\(TOMLText.key(entry.key))",
                    problem: "must be a text",
                    remedy: remedy
                )
            }
            texts.append((entry.key, text, entry.line))
        }
        return texts
    }

    /// Refuses what is left.
    func end() throws(SettingsError) {
        guard let entry = table.entries.first(where: { !known.contains($0.key) }) else { return }
        let choices = known.sorted().joined(separator: ", ")
        throw SettingsError(
            file: file,
            line: entry.line,
            key: name(entry.key),
            problem: "is not a known key",
            remedy: "known here: \(choices)"
        )
    }
}
