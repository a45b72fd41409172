import Glibc
import Settings

/// Changes `users.toml` as a person would: the lines that are meant, and no others.
struct UsersFileEditor {
    let path: String

    /// Has a user's lines changed.
    ///
    /// - Parameters:
    ///   - name: The user; a change that would touch anybody else is not made.
    ///   - hash: The password hash that the user must have afterwards; `nil` for no such user.
    ///   - change: Changes the text; it is told whether the file has the user.
    /// - Throws: ``SettingsError`` for a file that does not read, ``CommandFailure`` for one that is
    ///   spelled in a way that cannot be changed line by line and for a member of a group that is to
    ///   be removed, or what the change throws.
    func edit(
        user name: String,
        leaving hash: String?,
        _ change: (inout UsersText, Bool) throws -> Void
    ) throws {
        let holder = AccessHolder.user(name)
        try edit(holder) { text, before in
            try change(&text, before.users.contains { $0.name == name })
            if hash == nil, let group = before.groups(of: name).first {
                throw CommandFailure(
                    message: "\(name) is a member of the group \(group.name); "
                        + "take the name out of \(path):\(group.line) first"
                )
            }
        } isDone: { before, after in
            let (old, new) = (before.user(name), after.user(name))
            return new?.passwordHash == hash && (new == nil) == (hash == nil)
                && (old == nil || new == nil || old?.appPasswords == new?.appPasswords)
                && before.facts(without: holder) == after.facts(without: holder)
        }
    }

    /// Has a user's app passwords changed.
    ///
    /// - Parameters:
    ///   - name: The user.
    ///   - change: Changes the text; it is given what the file says of the user.
    ///   - ids: The ids of the app passwords afterwards, in order.
    /// - Throws: As ``edit(user:leaving:_:)``, and ``CommandFailure`` where there is no such user.
    func edit(
        appPasswordsOf name: String,
        _ change: (inout UsersText, UserEntry) throws -> Void,
        leaving ids: (UserEntry) -> [String]
    ) throws {
        let holder = AccessHolder.user(name)
        try edit(holder) { text, before in
            guard let user = before.user(name) else { throw User.noSuchUser(name) }
            try change(&text, user)
        } isDone: { before, after in
            guard let old = before.user(name), let new = after.user(name) else { return false }
            let kept = new.appPasswords.filter { old.appPasswords.map(\.id).contains($0.id) }
            return new.appPasswords.map(\.id) == ids(old)
                && kept.allSatisfy(old.appPasswords.contains)
                && new.passwordHash == old.passwordHash && new.access == old.access
                && new.takesPassword == old.takesPassword
                && before.facts(without: holder) == after.facts(without: holder)
        }
    }

    /// Has one rule changed.
    ///
    /// - Parameters:
    ///   - holder: Whose.
    ///   - rule: The access path.
    ///   - role: The role afterwards; `nil` for no rule.
    ///   - check: Looks at what would be put in place.
    /// - Throws: As ``edit(user:leaving:_:)``, and ``CommandFailure`` where there is no such holder,
    ///   or no such rule to be removed; or what the check throws.
    func edit(
        ruleOf holder: AccessHolder,
        for rule: String,
        leaving role: String?,
        check: (UsersFile) throws -> Void
    ) throws {
        try edit(holder) { text, before in
            guard let access = before.access(of: holder) else { throw missing(holder) }
            guard let role else {
                guard access.contains(where: { $0.path == rule }) else {
                    throw CommandFailure(
                        message: "there is no rule for \(rule); "
                            + "contactsctl grant list shows those there are"
                    )
                }
                return text.removeAccess(rule, of: holder)
            }
            text.setAccess(rule, role, of: holder)
        } isDone: { before, after in
            var expected = before.facts()
            expected[[holder.kind, holder.name, "access", rule]] = role
            guard expected == after.facts() else { return false }
            try check(after)
            return true
        }
    }

    /// Reads the file, has it changed, checks what comes of it, and puts it in place whole. Of two
    /// that change the file at once, the second waits for the first.
    private func edit(
        _ holder: AccessHolder,
        _ change: (inout UsersText, UsersFile) throws -> Void,
        isDone: (UsersFile, UsersFile) throws -> Bool
    ) throws {
        let folder = try FileBytes.lockedFolder(of: path)
        defer { close(folder) }
        let bytes = access(path, F_OK) == 0 ? try FileBytes.read(path) : []
        let before = try UsersFile(bytes: bytes, file: path)
        var text = UsersText(String(decoding: bytes, as: UTF8.self))
        try change(&text, before)
        let changed = Array(text.text.utf8)
        // Why the text does not read any more is of no use to people: it is not theirs.
        guard let after = try? UsersFile(bytes: changed, file: path), try isDone(before, after)
        else { throw unusual(holder) }
        try FileBytes.replace(path, with: changed)
        // The file is in place already; this has it stay there after a power cut.
        fsync(folder)
    }

    private func missing(_ holder: AccessHolder) -> CommandFailure {
        let remedy =
            switch holder {
            case .group: "add [\(holder.table)] with members = [\"…\"] to \(path)"
            case .user, .anonymous: "contactsctl user list shows them"
            }
        return CommandFailure(message: "there is no \(holder.kind) \(holder.name); \(remedy)")
    }

    private func unusual(_ holder: AccessHolder) -> CommandFailure {
        CommandFailure(
            message: "\(path) spells \(holder.table) in a way that is not changed here, "
                + "which needs [\(holder.table)]; change it in an editor"
        )
    }
}

extension UsersFile {
    /// What the file says of a user, whatever the line.
    fileprivate func user(_ name: String) -> UserEntry? {
        users.first { $0.name == name }?.withoutLines
    }

    /// What the file says, whatever the line and the order: each fact by where it stands.
    ///
    /// - Parameter left: Whose facts are left out.
    /// - Returns: The facts.
    fileprivate func facts(without left: AccessHolder? = nil) -> [[String]: String] {
        var facts: [[String]: String] = [:]
        for holder in holders where holder != left {
            let name = [holder.kind, holder.name]
            switch holder {
            case .user(let user):
                guard let user = self.user(user) else { continue }
                facts[name] = user.passwordHash ?? ""
                facts[name + ["password_login"]] = String(user.takesPassword)
                for app in user.appPasswords {
                    facts[name + ["app_passwords", app.id]] = app.lines(user: user.name).joined()
                }
            case .group:
                facts[name] = groups.first { $0.name == holder.name }?.members
                    .joined(separator: "/")
            case .anonymous: break
            }
            for rule in access(of: holder) ?? [] {
                facts[name + ["access", rule.path]] = rule.role
            }
        }
        return facts
    }
}
