/// `users.toml`: who may log in, and where to.
///
/// ```toml
/// [users.alice]
/// password = "$y$j9T$…"
///
/// [users.alice.access]
/// "http/contacts/default" = "writer"
///
/// [users.alice.app_passwords.k7m2q9xw]
/// name = "Alice's phone"
/// hash = "sha256:…"
///
/// [groups.family]
/// members = ["alice"]
///
/// [groups.family.access]
/// "http/contacts/default/family" = "writer"
///
/// [anonymous.access]
/// "http/contacts/default/club" = "reader"
/// ```
public struct UsersFile: Sendable, Equatable {
    /// The file's name in the configuration folder.
    public static let fileName = "users.toml"

    /// The users, in the order of the file.
    public let users: [UserEntry]

    /// The groups, in the order of the file.
    public let groups: [GroupEntry]

    /// What may be done without logging in.
    public let anonymousAccess: [UserEntry.Access]

    /// Reads the users of a document.
    ///
    /// - Throws: ``SettingsError`` for a key that is not known, a missing password, a name that
    ///   Basic authentication cannot carry (RFC 7617 §2: no colon), or a group with a member that is
    ///   no user of the document.
    public init(bytes: [UInt8], file: String) throws(SettingsError) {
        try self.init(table: TOMLDocument.parse(bytes, file: file), file: file)
    }

    /// Reads the users of a document that is parsed already.
    ///
    /// - Throws: ``SettingsError``, as for bytes.
    public init(table: TOMLTable, file: String) throws(SettingsError) {
        var reader = TableReader(table, file: file)
        var users: [UserEntry] = []
        for (name, line, table) in try reader.tables("users") {
            users.append(try UserEntry(name: name, line: line, table: table, file: file))
        }
        var groups: [GroupEntry] = []
        for (name, line, table) in try reader.tables("groups") {
            groups.append(
                try GroupEntry(name: name, line: line, table: table, users: users, file: file)
            )
        }
        anonymousAccess = try Self.anonymousAccess(&reader, file: file)
        try reader.end()
        self.users = users
        self.groups = groups
    }

    private static func anonymousAccess(
        _ reader: inout TableReader,
        file: String
    ) throws(SettingsError) -> [UserEntry.Access] {
        guard let value = reader.take("anonymous") else { return [] }
        guard case .table(let table) = value else {
            throw reader.error("anonymous", "must be a table", "write [anonymous.access]")
        }
        var inner = TableReader(table, file: file, path: "anonymous")
        let access = try inner.access()
        try inner.end()
        return access
    }

    /// The groups that a user is in.
    public func groups(of user: String) -> [GroupEntry] {
        groups.filter { $0.members.contains(user) }
    }

    /// Reads a file.
    ///
    /// - Throws: ``SettingsError``.
    public static func load(path: String) throws(SettingsError) -> UsersFile {
        try UsersFile(bytes: File.read(path, limit: TOMLDocument.maximumBytes), file: path)
    }
}

/// `[users.<name>]`: one user.
public struct UserEntry: Sendable, Equatable {
    /// One line of `[users.<name>.access]` or a group's; what it means is settled by whoever knows roles.
    public struct Access: Sendable, Equatable {
        /// The access path.
        public let path: String
        /// The role.
        public let role: String
        /// The line of the file.
        public let line: Int
    }

    /// The user's name.
    public let name: String
    /// `password`: a hash in a form of crypt(3), or ``passwordOfPAM``; may be missing where
    /// ``takesPassword`` is false.
    public let passwordHash: String?
    /// `password_login`: whether the password opens anything; where it does not, only app passwords
    /// and access tokens do. `true` by default.
    public let takesPassword: Bool
    /// The passwords of the user's devices, in the order of the file.
    public private(set) var appPasswords: [AppPasswordEntry]
    /// What the user may do, and where.
    public private(set) var access: [Access]
    /// The line of the user's table.
    public private(set) var line: Int

    init(name: String, line: Int, table: TOMLTable, file: String) throws(SettingsError) {
        guard Self.isName(name) else {
            throw SettingsError(
                file: file,
                line: line,
                key: "users.\(TOMLText.key(name))",
                problem: "is no user name",
                remedy: "1 to 64 bytes without a colon, a slash or a control character"
            )
        }
        var reader = TableReader(table, file: file, path: "users.\(TOMLText.key(name))")
        let remedy = "contactsctl user password \(name) writes it"
        takesPassword = try reader.boolean("password_login", default: true)
        passwordHash = try reader.string("password", remedy: remedy)
        if passwordHash?.isEmpty == true || takesPassword && passwordHash == nil {
            throw SettingsError(
                file: file,
                line: line,
                key: reader.name("password"),
                problem: "is missing",
                remedy: "\(remedy); without one, write password_login = false"
            )
        }
        appPasswords = try Self.appPasswords(&reader, line: line)
        access = try reader.access()
        try reader.end()
        self.name = name
        self.line = line
    }

    /// The same entry as if it stood in no file: to be compared.
    public var withoutLines: UserEntry {
        var entry = self
        entry.line = 0
        entry.access = access.map { Access(path: $0.path, role: $0.role, line: 0) }
        entry.appPasswords = appPasswords.map(\.withoutLine)
        return entry
    }

    private static func appPasswords(
        _ reader: inout TableReader,
        line: Int
    ) throws(SettingsError) -> [AppPasswordEntry] {
        let file = reader.file
        let above = reader.name("app_passwords")
        var entries: [AppPasswordEntry] = []
        for (id, line, table) in try reader.tables("app_passwords") {
            let path = "\(above).\(TOMLText.key(id))"
            var inner = TableReader(table, file: file, path: path)
            entries.append(try AppPasswordEntry(id: id, line: line, &inner))
        }
        guard entries.count <= AppPasswordEntry.maximumOfUser else {
            throw SettingsError(
                file: file,
                line: line,
                key: above,
                problem: "has more than \(AppPasswordEntry.maximumOfUser) entries",
                remedy: "contactsctl app-password revoke removes one"
            )
        }
        return entries
    }

    /// Whether a text can name a user.
    public static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
                    && scalar != ":" && scalar != "/"
            }
    }
}

extension TableReader {
    /// The `access` table of whoever this table is about.
    mutating func access() throws(SettingsError) -> [UserEntry.Access] {
        try texts("access", remedy: "write \"http/contacts/<instance>\" = \"writer\"")
            .map { UserEntry.Access(path: $0.key, role: $0.value, line: $0.line) }
    }
}
