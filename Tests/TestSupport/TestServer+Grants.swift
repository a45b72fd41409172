// Users whose rights are a test's own, beside those of all tests.

extension TestServer {
    /// The user whose rights a test chooses.
    public static let guest = ("gus", "staple battery")

    /// Gives the guest these rules and no others, and has the gateway begin anew with them.
    ///
    /// - Parameters:
    ///   - rules: Paths below `http/contacts/default`, empty for the instance itself, and roles.
    ///   - more: What else `users.toml` is to have.
    /// - Throws: ``TestServer/Failure``.
    public func setGuest(_ rules: [(path: String, role: String)], _ more: String = "") throws {
        var users = ""
        for (name, password) in [Self.writer, Self.reader, Self.guest] {
            users += "[users.\(name)]\npassword = \"\(TestHash.cheap(password))\"\n"
        }
        users += "[users.alice.access]\n\"http/contacts\" = \"writer\"\n"
        users += "[users.rita.access]\n\"http/contacts\" = \"reader\"\n"
        users += "[users.gus.access]\n"
        for (path, role) in rules {
            let whole = path.isEmpty ? "http/contacts/default" : "http/contacts/default/\(path)"
            users += "\"\(whole)\" = \"\(role)\"\n"
        }
        try write("\(users)\n\(more)\n", to: "users.toml")
        stopGateway()
        try startGateway()
    }

    /// A request of the guest's.
    public func guest(
        _ method: String,
        _ path: String,
        _ fields: [String: String] = [:],
        body: String? = nil
    ) throws -> HTTPAnswer {
        try request(method, path, fields, body: body, user: Self.guest)
    }

    /// The hrefs of the books that the guest's home lists.
    public func guestBooks() throws -> [String] {
        try propfind(Self.home, depth: "1", "<D:displayname/>", user: Self.guest)
            .responses.map(\.href).filter { $0 != Self.home }
    }
}
