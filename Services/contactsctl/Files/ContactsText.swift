import Settings

/// The lines of `contacts.toml`.
struct ContactsText {
    private var lines: [String]

    init(_ text: String) { lines = TOMLLines.split(text) }

    var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    /// Puts an instance behind all that is there.
    mutating func add(_ name: String, store: String?, vhosts: [String]) {
        if !lines.isEmpty { lines.append("") }
        lines.append("[instances.\(TOMLText.key(name))]")
        if let store { lines.append("store = \(TOMLText.quote(store))") }
        lines.append("vhosts = [\(vhosts.map(TOMLText.quote).joined(separator: ", "))]")
    }

    /// Leaves the text as it is where the instance has no tables.
    mutating func remove(_ name: String) {
        let spellings = TOMLLines.spellings(of: name, in: "instances")
        for range in TOMLLines.tables(named: spellings, in: lines).reversed() {
            TOMLLines.remove(range, from: &lines)
        }
    }
}
