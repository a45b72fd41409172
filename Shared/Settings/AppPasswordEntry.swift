/// `[users.<name>.app_passwords.<id>]`: a password that one device of a user has.
///
/// ```toml
/// [users.alice.app_passwords.k7m2q9xw]
/// name = "Alice's phone"
/// hash = "sha256:…"
/// created = "2026-11-21"
/// expires = "2027-11-21"
/// paths = ["http/contacts/default"]
/// read_only = true
/// ```
public struct AppPasswordEntry: Sendable, Equatable {
    /// The most that one user has.
    public static let maximumOfUser = 100
    /// The most access paths that one names.
    public static let maximumPaths = 100
    /// The longest name, in bytes.
    public static let maximumNameBytes = 200

    /// What tells it from the user's others: 1 to 32 of `a-z`, `0-9` and `-`.
    public let id: String
    /// `name`: what people call the device.
    public let name: String
    /// `hash`: what is kept of the password; its form is settled by whoever checks passwords.
    public let hash: String
    /// `created`: the day it was made; for people.
    public let created: CalendarDay?
    /// `expires`: the last day that it is taken, in UTC; without it, it does not end by itself.
    public let expires: CalendarDay?
    /// `paths`: the access paths that it opens, of those that the user may use; all without it. What
    /// they mean is settled by whoever knows roles.
    public let paths: [String]?
    /// `read_only`: whether it opens nothing for changes; `false` without it.
    public let isReadOnly: Bool
    /// The line of its table.
    public private(set) var line: Int

    /// Joins the parts.
    public init(
        id: String,
        name: String,
        hash: String,
        created: CalendarDay?,
        expires: CalendarDay? = nil,
        paths: [String]? = nil,
        isReadOnly: Bool = false,
        line: Int = 0
    ) {
        self.id = id
        self.name = name
        self.hash = hash
        self.created = created
        self.expires = expires
        self.paths = paths
        self.isReadOnly = isReadOnly
        self.line = line
    }

    init(id: String, line: Int, _ reader: inout TableReader) throws(SettingsError) {
        let remedy = "contactsctl app-password add writes it"
        guard Self.isID(id) else {
            throw SettingsError(
                file: reader.file,
                line: line,
                key: reader.path,
                problem: "is no id of an app password",
                remedy: "1 to 32 of a-z, 0-9 and -"
            )
        }
        self.id = id
        self.line = line
        guard let hash = try reader.string("hash", remedy: remedy) else {
            throw reader.error("hash", "is missing", remedy)
        }
        self.hash = hash
        name = try reader.string("name", remedy: "write name = \"Alice's phone\"") ?? id
        guard Self.isName(name) else {
            throw reader.error(
                "name",
                "is no name of a device",
                "1 to \(Self.maximumNameBytes) bytes without control characters"
            )
        }
        created = try Self.day("created", &reader)
        expires = try Self.day("expires", &reader)
        paths = try Self.paths(&reader)
        isReadOnly = try reader.boolean("read_only", default: false)
        try reader.end()
    }

    /// The same entry as if it stood in no file.
    var withoutLine: AppPasswordEntry {
        var entry = self
        entry.line = 0
        return entry
    }

    /// Whether a text can be an id.
    public static func isID(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, 0x2D: true
                default: false
                }
            }
    }

    /// Whether a text can be a device's name.
    public static func isName(_ text: String) -> Bool {
        (1...maximumNameBytes).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
            }
    }

    /// The table, as ``UsersFile`` reads it.
    ///
    /// - Parameter user: The user's name.
    /// - Returns: Its lines, without an end.
    public func lines(user: String) -> [String] {
        func list(_ names: [String]) -> String {
            "[" + names.map(TOMLText.quote).joined(separator: ", ") + "]"
        }
        return [
            "[users.\(TOMLText.key(user)).app_passwords.\(TOMLText.key(id))]",
            "name = \(TOMLText.quote(name))", "hash = \(TOMLText.quote(hash))",
            created.map { "created = \"\($0)\"" }, expires.map { "expires = \"\($0)\"" },
            paths.map { "paths = \(list($0))" },
            isReadOnly ? "read_only = true" : nil,
        ].compactMap { $0 }
    }

    private static func day(
        _ key: String,
        _ reader: inout TableReader
    ) throws(SettingsError) -> CalendarDay? {
        let remedy = "write \(key) = \"2027-11-21\""
        guard let text = try reader.string(key, remedy: remedy) else { return nil }
        guard let day = CalendarDay(text) else { throw reader.error(key, "is no day", remedy) }
        return day
    }

    private static func paths(_ reader: inout TableReader) throws(SettingsError) -> [String]? {
        let remedy = "write paths = [\"http/contacts/<instance>\"], or leave it out for all"
        guard let paths = try reader.strings("paths", remedy: remedy) else { return nil }
        guard (1...maximumPaths).contains(paths.count) else {
            throw reader.error("paths", "has none, or more than \(maximumPaths)", remedy)
        }
        return paths
    }
}
