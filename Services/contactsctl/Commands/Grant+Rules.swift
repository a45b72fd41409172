import Access
import Settings

extension AccessHolder {
    /// Who it is, for programs.
    var json: [JSON.Member] {
        [
            JSON.Member("holder", .text(kind)),
            JSON.Member("name", self == .anonymous ? .none : .text(name)),
        ]
    }
}

extension Grant {
    /// One rule of `users.toml`, as it is listed.
    struct Rule {
        let holder: AccessHolder
        let path: String
        let role: String
        /// Whether it has a say; `nil` where that hangs on who asks.
        var counts: Bool?

        /// For programs.
        var json: JSON.Value {
            .object(
                holder.json
                    + [JSON.Member("path", .text(path)), JSON.Member("role", .text(role))]
                    + (counts.map { [JSON.Member("counts", .truth($0))] } ?? [])
            )
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

    /// The command that takes a rule away.
    ///
    /// - Parameters:
    ///   - path: The rule's access path, as it stands in the file.
    ///   - holder: Whose it is.
    /// - Returns: The command, as it is typed.
    static func removal(of path: String, from holder: AccessHolder) -> String {
        let whose =
            switch holder {
            case .user(let name): Shell.quote(name)
            case .group(let name): "--group \(Shell.quote(name))"
            case .anonymous: "--anonymous"
            }
        return "contactsctl grant remove \(whose) \(Shell.quote(path))"
    }

    /// The commands that take away all rules of an instance and its books, and revoke the app
    /// passwords that open nothing else.
    static func removals(ofRulesFor instance: String, in file: UsersFile) -> [String] {
        let rules = rules(in: file).filter { AccessPath($0.path)?.instance == instance }
        let passwords = file.users.flatMap { user in
            user.appPasswords.filter { entry in
                entry.paths.map { paths in
                    !paths.isEmpty && paths.allSatisfy { AccessPath($0)?.instance == instance }
                } ?? false
            }.map { "contactsctl app-password revoke \(Shell.quote(user.name)) \($0.id)" }
        }
        return rules.map { removal(of: $0.path, from: $0.holder) } + passwords
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
