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
