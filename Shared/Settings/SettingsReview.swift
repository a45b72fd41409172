/// Finds all that is wrong in a settings file, where reading it for use stops at the first error.
///
/// Whatever an error is about is replaced by something that passes, or taken out of the document, and
/// it is read again: the same readers, and so the same rules, say what is wrong with the rest.
public struct SettingsReview<Settings: Sendable>: Sendable {
    /// The most errors that are looked for.
    public static var maximumErrors: Int { 100 }

    /// The errors, in the order of their lines.
    public private(set) var errors: [SettingsError] = []
    /// What the file says apart from what is wrong in it; `nil` where nothing of it can be read.
    public private(set) var settings: Settings?

    /// Reviews a document.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - file: What errors call it.
    ///   - read: Reads the settings of a document.
    public init(
        bytes: [UInt8],
        file: String,
        _ read: (TOMLTable, String) throws(SettingsError) -> Settings
    ) {
        review(bytes, file, read)
    }

    /// Reviews a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isOptional: Whether the file may be missing: it counts as an empty one then.
    ///   - read: Reads the settings of a document.
    public init(
        path: String,
        isOptional: Bool = false,
        _ read: (TOMLTable, String) throws(SettingsError) -> Settings
    ) {
        do throws(SettingsError) {
            let limit = TOMLDocument.maximumBytes
            let bytes =
                isOptional
                ? try File.readIfThere(path, limit: limit) : try File.read(path, limit: limit)
            review(bytes ?? [], path, read)
        } catch {
            errors.append(error)
        }
    }

    private mutating func review(
        _ bytes: [UInt8],
        _ file: String,
        _ read: (TOMLTable, String) throws(SettingsError) -> Settings
    ) {
        do throws(SettingsError) {
            review(try TOMLDocument.parse(bytes, file: file), file, read)
        } catch {
            errors.append(error)
        }
        errors.sort { ($0.line ?? 0) < ($1.line ?? 0) }
    }

    private mutating func review(
        _ table: TOMLTable,
        _ file: String,
        _ read: (TOMLTable, String) throws(SettingsError) -> Settings
    ) {
        func error(in table: TOMLTable) -> SettingsError? {
            do throws(SettingsError) {
                _ = try read(table, file)
                return nil
            } catch {
                return error
            }
        }
        var patched = table
        var seen = Set<String>()
        // What was taken out is missing ever after, which is nobody's error.
        var taken = Set<String>()
        // Each turn fills one gap or takes something out; whatever is odd, it ends.
        for _ in 0..<(4 * Self.maximumErrors) {
            guard errors.count < Self.maximumErrors, let found = error(in: patched) else { break }
            guard let key = found.key else {
                errors.append(found)
                break
            }
            let less = found.line.flatMap { patched.removing(key, at: $0) }
            var next: TOMLTable?
            if less != nil || !taken.contains(key),
                seen.insert("\(key):\(found.line ?? 0)").inserted
            {
                errors.append(found)
                next = Self.standIns(errors.count).lazy
                    .compactMap { patched.setting(key, at: found.line, to: $0) }
                    .first { table in
                        let then = error(in: table)
                        return then?.key != key || then?.line != found.line
                    }
            }
            if next == nil, less != nil { taken.insert(key) }
            guard let next = next ?? less ?? patched.removing(parentOf: key) else { break }
            patched = next
        }
        settings = Self.settings(table, file, read)
    }

    /// Values that some reader may take in the place of a wrong one, so that it reads on: an
    /// instance without a host still has other keys.
    private static func standIns(_ number: Int) -> [TOMLValue] {
        let text = "stand-in-\(number).invalid"
        return [
            .string(text), .array([.string(text)]), .array([]), .integer(1), .boolean(true),
            .string("1s"),
            .table(TOMLTable(entries: [])),
        ]
    }

    /// What is left of the settings without that which is wrong.
    private static func settings(
        _ table: TOMLTable,
        _ file: String,
        _ read: (TOMLTable, String) throws(SettingsError) -> Settings
    ) -> Settings? {
        var rest = table
        var removed = Set<String>()
        for _ in 0...(2 * maximumErrors) {
            do throws(SettingsError) {
                return try read(rest, file)
            } catch {
                guard let key = error.key else { return nil }
                let isNew = removed.insert("\(key):\(error.line ?? 0)").inserted
                // Where taking the key out has not helped, what it belongs to has to go.
                guard
                    let less = (isNew ? rest.removing(key, at: error.line) : nil)
                        ?? rest.removing(parentOf: key)
                else { return nil }
                rest = less
            }
        }
        return nil
    }
}

extension TOMLTable {
    /// The table without an entry; `nil` where it has none of that name.
    ///
    /// - Parameters:
    ///   - name: The entry's key with those above it, as errors write them.
    ///   - line: The entry's line, which tells it from those of the same name in other tables of a
    ///     list.
    /// - Returns: What is left.
    func removing(_ name: String, at line: Int? = nil) -> TOMLTable? {
        changing(name, above: "") { entry in
            entry.map { line == nil || $0.line == line ? .removed : .passed } ?? .passed
        }
    }

    /// The table without the innermost table that a missing key would belong to.
    func removing(parentOf name: String) -> TOMLTable? {
        var best: String?
        visit(above: "") { path in
            if name.hasPrefix("\(path)."), path.utf8.count > best?.utf8.count ?? 0 { best = path }
        }
        return best.flatMap { removing($0) }
    }

    /// The table with another value for an entry, which need not be there, of a table that must be.
    func setting(_ name: String, at line: Int?, to value: TOMLValue) -> TOMLTable? {
        func replaced() -> TOMLTable? {
            changing(name, above: "") { entry in
                entry.map { line == nil || $0.line == line ? .set(value) : .passed } ?? .passed
            }
        }
        func filled() -> TOMLTable? {
            changing(name, above: "") { $0 == nil ? .set(value) : .passed }
        }
        // What has no line is missing.
        return line == nil ? filled() ?? replaced() : replaced() ?? filled()
    }

    /// What becomes of an entry, or of the place where one could be.
    private enum Change {
        case passed, removed
        case set(TOMLValue)
    }

    /// The table with the first entry of a name changed for which a change is given.
    private func changing(
        _ name: String,
        above: String,
        _ change: (Entry?) -> Change
    ) -> TOMLTable? {
        for (index, entry) in entries.enumerated() {
            let path = Self.path(above, entry.key)
            if path == name {
                switch change(entry) {
                case .passed: return nil
                case .removed: return replacing(index, by: nil)
                case .set(let value): return replacing(index, by: value)
                }
            }
            guard name.hasPrefix("\(path).") else { continue }
            if let value = entry.value.changing(tables: { $0.changing(name, above: path, change) })
            {
                return replacing(index, by: value)
            }
        }
        // A bare key of this very table; one in quotes is not missed by any reader.
        let prefix = above.isEmpty ? "" : "\(above)."
        let key = String(name.dropFirst(prefix.count))
        guard name.hasPrefix(prefix), TOMLText.key(key) == key, self[key] == nil,
            case .set(let value) = change(nil)
        else { return nil }
        return TOMLTable(entries: entries + [Entry(key: key, value: value, line: 0)])
    }

    private func replacing(_ index: Int, by value: TOMLValue?) -> TOMLTable {
        var entries = entries
        if let value {
            entries[index] = Entry(key: entries[index].key, value: value, line: entries[index].line)
        } else {
            entries.remove(at: index)
        }
        return TOMLTable(entries: entries)
    }

    private func visit(above: String, _ body: (String) -> Void) {
        for entry in entries {
            let path = Self.path(above, entry.key)
            body(path)
            if case .table(let inner) = entry.value { inner.visit(above: path, body) }
        }
    }

    private static func path(_ above: String, _ key: String) -> String {
        above.isEmpty ? TOMLText.key(key) : "\(above).\(TOMLText.key(key))"
    }
}

extension TOMLValue {
    /// The value with the table in it changed, or the first of a list of tables that can be.
    fileprivate func changing(tables change: (TOMLTable) -> TOMLTable?) -> TOMLValue? {
        switch self {
        case .table(let table): return change(table).map(TOMLValue.table)
        case .array(var values):
            for (index, value) in values.enumerated() {
                guard case .table(let table) = value, let changed = change(table) else { continue }
                values[index] = .table(changed)
                return .array(values)
            }
            return nil
        default: return nil
        }
    }
}
