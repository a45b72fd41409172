import Access
import Settings

extension Grant {
    /// One rule of `users.toml`, as it is listed.
    struct Rule {
        let holder: AccessHolder
        let path: String
        let role: String
        /// Whether it has a say; `nil` where that hangs on who asks.
        var counts: Bool?

        /// For programs.
        var row: [(String, JSON.Value)] {
            [("holder", .text(holder.kind))]
                + (holder == .anonymous ? [] : [("name", .text(holder.name))])
                + [("path", .text(path)), ("role", .text(role))]
                + (counts.map { [("counts", .truth($0))] } ?? [])
        }

        /// For people.
        var line: String {
            let whose = holder == .anonymous ? "anonymous" : "\(holder.kind) \(holder.name)"
            return "\(whose)\t\(path)\t\(role)" + (counts == false ? "\t(overruled)" : "")
        }
    }

    /// All rules, in the order of the file.
    static func rules(in file: UsersFile) -> [Rule] {
        file.holders.flatMap { holder in
            (file.access(of: holder) ?? []).map {
                Rule(holder: holder, path: $0.path, role: $0.role)
            }
        }
    }

    /// A user's rules and those of the user's groups: of those for one path, the user's own counts,
    /// else the one that gives most.
    static func rules(of user: String, in file: UsersFile) throws -> [Rule] {
        guard file.users.contains(where: { $0.name == user }) else {
            throw CommandFailure(
                message: "there is no user \(user); contactsctl user list shows them"
            )
        }
        let groups = Swift.Set(file.groups(of: user).map { AccessHolder.group($0.name) })
        var rules = rules(in: file).filter {
            $0.holder == .user(user) || groups.contains($0.holder)
        }
        var first: [String: Int] = [:]
        for index in rules.indices {
            rules[index].counts = false
            let rule = rules[index]
            guard let best = first[rule.path] else {
                first[rule.path] = index
                continue
            }
            let isMore =
                rules[best].holder != .user(user)
                && Role(rawValue: rule.role) ?? .nothing
                    > Role(rawValue: rules[best].role) ?? .nothing
            if isMore { first[rule.path] = index }
        }
        for index in first.values { rules[index].counts = true }
        return rules
    }
}
