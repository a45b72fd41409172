/// `[groups.<name>]`: users who may do the same.
public struct GroupEntry: Sendable, Equatable {
    /// The group's name.
    public let name: String
    /// `members`: the users' names.
    public let members: [String]
    /// What each member may do, and where.
    public let access: [UserEntry.Access]
    /// The line of the group's table.
    public let line: Int

    init(
        name: String,
        line: Int,
        table: TOMLTable,
        users: [UserEntry],
        file: String
    ) throws(SettingsError) {
        let path = "groups.\(TOMLText.key(name))"
        guard UserEntry.isName(name) else {
            throw SettingsError(
                file: file,
                line: line,
                key: path,
                problem: "is no group name",
                remedy: "1 to 64 bytes without a colon, a slash or a control character"
            )
        }
        var reader = TableReader(table, file: file, path: path)
        let remedy = "write members = [\"alice\", \"bob\"]"
        guard let members = try reader.strings("members", remedy: remedy) else {
            throw SettingsError(
                file: file,
                line: line,
                key: reader.name("members"),
                problem: "is missing",
                remedy: remedy
            )
        }
        let known = Set(users.map(\.name))
        if let stranger = members.first(where: { !known.contains($0) }) {
            throw reader.error(
                "members",
                "names \(stranger.debugDescription), who is no user",
                "add [users.\(TOMLText.key(stranger))], or take the name out"
            )
        }
        access = try reader.access()
        try reader.end()
        self.name = name
        self.members = members
        self.line = line
    }
}
