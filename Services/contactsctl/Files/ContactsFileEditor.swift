import Glibc
import Settings

/// Changes `contacts.toml` as a person would: one instance's lines, and no others.
struct ContactsFileEditor {
    let path: String

    /// Adds an instance; a file that is not there is made.
    ///
    /// - Parameters:
    ///   - name: The instance.
    ///   - store: The folder of its store, where that has not its name.
    ///   - vhosts: Its hosts.
    ///   - unlessThere: Whether an instance that is there with the same store and hosts will do.
    /// - Returns: Whether it was not there yet.
    /// - Throws: `SettingsError` for a file that does not read, or would not with the instance in it;
    ///   ``CommandFailure`` where the instance is there already.
    @discardableResult
    func add(
        _ name: String,
        store: String?,
        vhosts: [String],
        unlessThere: Bool = false
    ) throws -> Bool {
        var isNew = true
        try edit(name, isThereAfter: true) { text, old in
            guard let old else { return text.add(name, store: store, vhosts: vhosts) }
            guard unlessThere else {
                throw CommandFailure(message: "there is an instance \(name) already")
            }
            var alone = ContactsText("")
            alone.add(name, store: store, vhosts: vhosts)
            let wanted = try ContactsSettings(bytes: Array(alone.text.utf8), file: path)
                .instance(named: name)
            guard wanted?.store == old.store, wanted?.vhosts == old.vhosts else {
                throw CommandFailure(
                    message: "there is an instance \(name) already, and not with this store and "
                        + "these hosts; contactsctl instance list shows it"
                )
            }
            isNew = false
        }
        return isNew
    }

    /// Removes an instance; its data stays.
    ///
    /// - Throws: `SettingsError` for a file that does not read, ``CommandFailure`` for an instance
    ///   that is not there, or one that is spelled in a way that cannot be changed line by line.
    func remove(_ name: String) throws {
        try edit(name, isThereAfter: false) { text, old in
            guard old != nil else {
                throw CommandFailure(
                    message: "there is no instance \(name); contactsctl instance list shows them"
                )
            }
            text.remove(name)
        }
    }

    /// Of two that change the file at once, the second waits for the first; readers see the one
    /// state or the other.
    private func edit(
        _ name: String,
        isThereAfter: Bool,
        _ change: (inout ContactsText, InstanceSettings?) throws -> Void
    ) throws {
        let folder = try FileBytes.lockedFolder(of: path)
        defer { close(folder) }
        let bytes = access(path, F_OK) == 0 ? try FileBytes.read(path) : []
        let before = try ContactsSettings(bytes: bytes, file: path)
        var text = ContactsText(String(decoding: bytes, as: UTF8.self))
        try change(&text, before.instance(named: name))
        let changed = Array(text.text.utf8)
        let after = try ContactsSettings(bytes: changed, file: path)
        guard (after.instance(named: name) != nil) == isThereAfter,
            after.isEnabled == before.isEnabled,
            Self.others(before, than: name) == Self.others(after, than: name)
        else {
            throw CommandFailure(
                message: "\(path) spells the instance \(name) in a way that is not changed here, "
                    + "which needs [instances.\(name)]; change it in an editor"
            )
        }
        if changed == bytes { return }
        // The gateway and each backend read it, under users of their own.
        try FileBytes.replace(path, with: changed, newMode: 0o644)
        // The file is in place already; this has it stay there after a power cut.
        fsync(folder)
    }

    private static func others(_ file: ContactsSettings, than name: String) -> [InstanceSettings] {
        file.instances.filter { $0.name != name }
    }
}
