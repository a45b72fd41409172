import Glibc
import Settings

/// Changes `contacts.toml` as a person would: one instance's lines, and no others.
struct ContactsFileEditor {
    let path: String

    /// Adds an instance; a file that is not there is made.
    ///
    /// - Throws: `SettingsError` for a file that does not read, or would not with the instance in it;
    ///   ``CommandFailure`` where the instance is there already.
    func add(_ name: String, store: String?, vhosts: [String]) throws {
        try edit(name, isThereAfter: true) { text, isThere in
            guard !isThere else {
                throw CommandFailure(message: "there is an instance \(name) already")
            }
            text.add(name, store: store, vhosts: vhosts)
        }
    }

    /// Removes an instance; its data stays.
    ///
    /// - Throws: `SettingsError` for a file that does not read, ``CommandFailure`` for an instance
    ///   that is not there, or one that is spelled in a way that cannot be changed line by line.
    func remove(_ name: String) throws {
        try edit(name, isThereAfter: false) { text, isThere in
            guard isThere else {
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
        _ change: (inout ContactsText, Bool) throws -> Void
    ) throws {
        let folder = try FileBytes.lockedFolder(of: path)
        defer { close(folder) }
        let bytes = access(path, F_OK) == 0 ? try FileBytes.read(path) : []
        let before = try ContactsSettings(bytes: bytes, file: path)
        var text = ContactsText(String(decoding: bytes, as: UTF8.self))
        try change(&text, before.instance(named: name) != nil)
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
        // The gateway and each backend read it, under users of their own.
        try FileBytes.replace(path, with: changed, newMode: 0o644)
        // The file is in place already; this has it stay there after a power cut.
        fsync(folder)
    }

    private static func others(_ file: ContactsSettings, than name: String) -> [InstanceSettings] {
        file.instances.filter { $0.name != name }
    }
}
