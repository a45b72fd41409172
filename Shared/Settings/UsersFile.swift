/// `users.toml`: who may log in, and where to.
///
/// ```toml
/// [users.alice]
/// password = "$y$j9T$…"
///
/// [users.alice.access]
/// "http/contacts/default" = "writer"
/// ```
public struct UsersFile: Sendable, Equatable {
    /// The file's name in the configuration folder.
    public static let fileName = "users.toml"

    /// The users, in the order of the file.
    public let users: [UserEntry]

    /// Reads the users of a document.
    ///
    /// - Throws: ``SettingsError`` for a key that is not known, a missing password, or a name that
    ///   Basic authentication cannot carry (RFC 7617 §2: no colon).
    public init(bytes: [UInt8], file: String) throws(SettingsError) {
        var reader = TableReader(try TOMLDocument.parse(bytes, file: file), file: file)
        var users: [UserEntry] = []
        for (name, line, table) in try reader.tables("users") {
            users.append(try UserEntry(name: name, line: line, table: table, file: file))
        }
        try reader.end()
        self.users = users
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
    /// One line of `[users.<name>.access]`; what it means is settled by whoever knows roles.
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
    /// `password`: a hash in a form of crypt(3).
    public let passwordHash: String
    /// What the user may do, and where.
    public let access: [Access]
    /// The line of the user's table.
    public let line: Int

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
        guard let hash = try reader.string("password", remedy: remedy), !hash.isEmpty else {
            throw SettingsError(
                file: file,
                line: line,
                key: reader.name("password"),
                problem: "is missing",
                remedy: remedy
            )
        }
        passwordHash = hash
        access = try reader.texts(
            "access",
            remedy: "write \"http/contacts/<instance>\" = \"writer\""
        )
        .map { Access(path: $0.key, role: $0.value, line: $0.line) }
        try reader.end()
        self.name = name
        self.line = line
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
