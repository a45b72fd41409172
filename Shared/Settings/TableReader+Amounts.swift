/// Numbers with units, and a table by itself.
extension TableReader {
    /// A whole number within a range.
    mutating func integer(
        _ key: String,
        in range: ClosedRange<Int>,
        default absent: Int
    ) throws(SettingsError) -> Int {
        guard let value = take(key) else { return absent }
        guard case .integer(let number) = value, let number = Int(exactly: number),
            range.contains(number)
        else {
            throw error(
                key,
                "must be a number from \(range.lowerBound) to \(range.upperBound)",
                "write \(key) = \(absent)"
            )
        }
        return number
    }

    /// A time: digits and `ms`, `s`, `m`, `h` or `d`.
    mutating func duration(
        _ key: String,
        in range: ClosedRange<Duration>,
        default absent: Duration
    ) throws(SettingsError) -> Duration {
        guard let value = take(key) else { return absent }
        guard case .string(let text) = value, let duration = TimeText.duration(text),
            range.contains(duration)
        else {
            throw error(
                key,
                "must be a time from \(TimeText.text(range.lowerBound)) to "
                    + TimeText.text(range.upperBound),
                "write \(key) = \"\(TimeText.text(absent))\""
            )
        }
        return duration
    }

    /// A time as ``duration(_:in:default:)`` reads it, or `never`.
    ///
    /// - Returns: `nil` for never.
    mutating func durationOrNever(
        _ key: String,
        in range: ClosedRange<Duration>,
        default absent: Duration?
    ) throws(SettingsError) -> Duration? {
        guard let value = take(key) else { return absent }
        if case .string("never") = value { return nil }
        guard case .string(let text) = value, let duration = TimeText.duration(text),
            range.contains(duration)
        else {
            throw error(
                key,
                "must be a time from \(TimeText.text(range.lowerBound)) to "
                    + "\(TimeText.text(range.upperBound)), or never",
                "write \(key) = \"\(absent.map(TimeText.text) ?? "never")\""
            )
        }
        return duration
    }

    /// A number of bytes: digits alone, or a text of digits and `K`, `M` or `G` (1,024 and its
    /// powers).
    mutating func bytes(
        _ key: String,
        in range: ClosedRange<Int>,
        default absent: Int
    ) throws(SettingsError) -> Int {
        let number: Int?
        switch take(key) {
        case nil: return absent
        case .integer(let value): number = Int(exactly: value)
        case .string(let text): number = SizeText.bytes(text)
        default: number = nil
        }
        guard let number, range.contains(number) else {
            throw error(
                key,
                "must be a size from \(SizeText.text(range.lowerBound)) to "
                    + SizeText.text(range.upperBound),
                "write \(key) = \"\(SizeText.text(absent))\""
            )
        }
        return number
    }

    /// Reads a table with what a section knows of it; an empty one where the key is missing.
    mutating func section<Section>(
        _ key: String,
        _ read: (inout TableReader) throws(SettingsError) -> Section
    ) throws(SettingsError) -> Section {
        var inner = TableReader(TOMLTable(entries: []), file: file, path: name(key))
        switch take(key) {
        case nil: break
        case .table(let table): inner = TableReader(table, file: file, path: name(key))
        default: throw error(key, "must be a table", "write [\(name(key))]")
        }
        let section = try read(&inner)
        try inner.end()
        return section
    }
}

extension TableReader {
    /// Reads `[[key]]`, each table with what an item knows of it; none where the key is missing.
    mutating func list<Item>(
        _ key: String,
        maximum: Int,
        _ read: (inout TableReader, _ line: Int) throws(SettingsError) -> Item
    ) throws(SettingsError) -> [Item] {
        guard let value = take(key) else { return [] }
        guard case .array(let values) = value, values.count <= maximum else {
            throw error(key, "must be up to \(maximum) tables", "write [[\(name(key))]]")
        }
        var items: [Item] = []
        for value in values {
            guard case .table(let table) = value else {
                throw error(key, "must be tables", "write [[\(name(key))]]")
            }
            var inner = TableReader(table, file: file, path: name(key))
            let item = try read(&inner, table.entries.first?.line ?? line(of: key))
            try inner.end()
            items.append(item)
        }
        return items
    }
}

/// Times as settings write them.
enum TimeText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
    ]

    /// `"90s"`, `"10m"`, `"250ms"`: up to nine digits and a unit.
    static func duration(_ text: String) -> Duration? {
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let digits = text.utf8.dropLast(unit.suffix.utf8.count)
        guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(String(decoding: digits, as: UTF8.self))
        else { return nil }
        return .milliseconds(number * unit.milliseconds)
    }

    /// A time in the largest unit that leaves no rest.
    static func text(_ duration: Duration) -> String {
        let parts = duration.components
        let milliseconds = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
        if milliseconds == 0 { return "0s" }
        let unit =
            units.dropFirst().first { milliseconds.isMultiple(of: $0.milliseconds) } ?? units[0]
        return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
    }
}

/// Sizes as settings write them.
enum SizeText {
    private static let units: [(suffix: UInt8, bytes: Int)] = [
        (UInt8(ascii: "G"), 1 << 30), (UInt8(ascii: "M"), 1 << 20), (UInt8(ascii: "K"), 1 << 10),
    ]

    /// `"16M"`, `"4096"`: up to nine digits, and a unit or none.
    static func bytes(_ text: String) -> Int? {
        var digits = Substring(text).utf8
        let unit = units.first { digits.last == $0.suffix }
        if unit != nil { digits = digits.dropLast() }
        guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(String(decoding: digits, as: UTF8.self))
        else { return nil }
        return number * (unit?.bytes ?? 1)
    }

    /// A size in the largest unit that leaves no rest.
    static func text(_ bytes: Int) -> String {
        guard bytes > 0, let unit = units.first(where: { bytes.isMultiple(of: $0.bytes) }) else {
            return String(bytes)
        }
        return "\(bytes / unit.bytes)\(String(decoding: [unit.suffix], as: UTF8.self))"
    }
}
