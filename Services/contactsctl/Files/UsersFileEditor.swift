import Glibc
import Settings

/// Changes `users.toml` as a person would: one user's lines, and no others.
struct UsersFileEditor {
    let path: String

    /// Reads the file, has a user's lines changed, checks what comes of it, and puts it in place
    /// whole. Of two that change the file at once, the second waits for the first.
    ///
    /// - Parameters:
    ///   - name: The user; a change that would touch another one is not made.
    ///   - hash: The password hash that the user must have afterwards; `nil` for no such user.
    ///   - change: Changes the text; it is told whether the file has the user.
    /// - Throws: ``SettingsError`` for a file that does not read, ``CommandFailure`` for one that is
    ///   spelled in a way that cannot be changed line by line, or what the change throws.
    func edit(
        user name: String,
        leaving hash: String?,
        _ change: (inout UsersText, Bool) throws -> Void
    ) throws {
        let folder = try FileBytes.lockedFolder(of: path)
        defer { close(folder) }
        let bytes = access(path, F_OK) == 0 ? try FileBytes.read(path) : []
        let before = try UsersFile(bytes: bytes, file: path)
        let isThere = before.users.contains { $0.name == name }
        var text = UsersText(String(decoding: bytes, as: UTF8.self))
        try change(&text, isThere)
        let changed = Array(text.text.utf8)
        // Why the text does not read any more is of no use to people: it is not theirs.
        guard let after = try? UsersFile(bytes: changed, file: path),
            after.users.first(where: { $0.name == name })?.passwordHash == hash,
            Self.others(before, than: name) == Self.others(after, than: name)
        else { throw unusual(name) }
        try FileBytes.replace(path, with: changed)
        // The file is in place already; this has it stay there after a power cut.
        fsync(folder)
    }

    /// What the file says of all but one user, whatever the line.
    private static func others(_ file: UsersFile, than name: String) -> [[String]] {
        file.users.filter { $0.name != name }.map { user in
            [user.name, user.passwordHash] + user.access.flatMap { [$0.path, $0.role] }
        }
    }

    private func unusual(_ name: String) -> CommandFailure {
        CommandFailure(
            message: "\(path) spells the user \(name) in a way that is not changed here, "
                + "which needs [users.\(TOMLText.key(name))]; change it in an editor"
        )
    }
}
