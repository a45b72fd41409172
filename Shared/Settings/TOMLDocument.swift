internal import CTOML

/// A value of a TOML document.
public indirect enum TOMLValue: Sendable, Equatable {
    /// A text.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// True or false.
    case boolean(Bool)
    /// A float, a date or a time: no setting is one.
    case other
    /// A list.
    case array([TOMLValue])
    /// A table.
    case table(TOMLTable)
}

/// A table of a TOML document: its entries in the order of the file.
public struct TOMLTable: Sendable, Equatable {
    /// One entry.
    public struct Entry: Sendable, Equatable {
        /// The key.
        public let key: String
        /// The value.
        public let value: TOMLValue
        /// The line that the key stands in.
        public let line: Int
    }

    /// The entries.
    public let entries: [Entry]

    /// The entry of a key.
    public subscript(_ key: String) -> Entry? {
        entries.first { $0.key == key }
    }

    /// The text of a key; `nil` where it is missing or no text.
    public func string(_ key: String) -> String? {
        if case .string(let text)? = self[key]?.value { text } else { nil }
    }
}

/// Reads TOML 1.0 with toml++.
public enum TOMLDocument {
    /// The largest document, in bytes.
    public static let maximumBytes = 16 * 1024 * 1024

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: The document, in UTF-8.
    ///   - file: What errors call it.
    /// - Returns: The table at its root.
    /// - Throws: ``SettingsError`` with the line that is malformed.
    public static func parse(
        _ bytes: [UInt8],
        file: String
    ) throws(SettingsError) -> TOMLTable {
        guard bytes.count <= maximumBytes else {
            throw SettingsError(file: file, problem: "larger than \(maximumBytes) bytes")
        }
        let builder = Builder()
        var error = everlock_toml_error()
        // The builder outlives the call, which is the only one that uses the pointer.
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe everlock_toml_parse(
                buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
                buffer.count,
                { context, event in
                    guard let context = unsafe context, let event = unsafe event else { return }
                    unsafe Unmanaged<Builder>.fromOpaque(context).takeUnretainedValue()
                        .take(event.pointee)
                },
                Unmanaged.passUnretained(builder).toOpaque(),
                &error
            )
        }
        guard code == 0, let root = builder.root else {
            // The message is a C string that ends inside its array.
            let message = unsafe withUnsafeBytes(of: error.message) { buffer in
                unsafe String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw SettingsError(
                file: file,
                line: error.line > 0 ? Int(error.line) : nil,
                problem: message
            )
        }
        return root
    }

    /// Reads a file.
    ///
    /// - Throws: ``SettingsError``, for one where it cannot be read.
    public static func read(path: String) throws(SettingsError) -> TOMLTable {
        try parse(File.read(path, limit: maximumBytes), file: path)
    }

    /// Builds the tables that the walk tells of.
    private final class Builder {
        private enum Open {
            case table(key: String, line: Int, [TOMLTable.Entry])
            case array(key: String, line: Int, [TOMLValue])
        }

        private(set) var root: TOMLTable?
        private var stack: [Open] = []

        func take(_ event: everlock_toml_event) {
            let key = unsafe Self.text(event.key, event.key_bytes)
            let line = unsafe Int(event.line)
            switch unsafe event.kind {
            case EVERLOCK_TOML_STRING:
                add(.string(unsafe Self.text(event.text, event.text_bytes)), key, line)
            case EVERLOCK_TOML_INTEGER: add(.integer(unsafe event.integer), key, line)
            case EVERLOCK_TOML_BOOLEAN: add(.boolean(unsafe event.integer != 0), key, line)
            case EVERLOCK_TOML_BEGIN_TABLE: stack.append(.table(key: key, line: line, []))
            case EVERLOCK_TOML_BEGIN_ARRAY: stack.append(.array(key: key, line: line, []))
            case EVERLOCK_TOML_END: end()
            default: add(.other, key, line)
            }
        }

        private func end() {
            switch stack.popLast() {
            case .table(let key, let line, let entries):
                // toml++ keeps a table sorted by key; people count lines.
                let table = TOMLTable(entries: entries.sorted { $0.line < $1.line })
                if stack.isEmpty { root = table } else { add(.table(table), key, line) }
            case .array(let key, let line, let values): add(.array(values), key, line)
            case nil: return
            }
        }

        private func add(_ value: TOMLValue, _ key: String, _ line: Int) {
            switch stack.popLast() {
            case .table(let outer, let outerLine, let entries):
                let entry = TOMLTable.Entry(key: key, value: value, line: line)
                stack.append(.table(key: outer, line: outerLine, entries + [entry]))
            case .array(let outer, let outerLine, let values):
                stack.append(.array(key: outer, line: outerLine, values + [value]))
            case nil: return
            }
        }

        private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
            // The walk gives a pointer and its length, both valid during the callback.
            let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
            return unsafe String(decoding: bytes, as: UTF8.self)
        }
    }
}
