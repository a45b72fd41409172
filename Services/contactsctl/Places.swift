import ArgumentParser
import Glibc
import Settings

/// Where things are; the same for every command.
struct Places: ParsableArguments {
    /// Where an installation has its settings; its units know no other place.
    static let installedConfig = "/etc/everlock-contacts"
    /// Where an installation has its stores.
    static let installedState = "/var/lib/everlock-contacts"
    /// Where an installation has its sockets; root and the gateway alone get in (tmpfiles.d).
    static let installedRuntime = "/run/everlock-contacts"

    @Option(
        help: "The folder with contacts.toml, users.toml and gateway.toml.",
        completion: .directory
    )
    var config = Self.installedConfig

    @Option(help: "The folder that relative store names lie under.", completion: .directory)
    var state = Self.installedState

    @Option(
        help: ArgumentHelp(
            "The folder with the sockets of running backends.",
            discussion: "Without it: where .runtime in the state folder leads to, which "
                + "Services/run leaves there, else /run/everlock-contacts."
        ),
        completion: .directory
    )
    var runtime: String?

    var usersPath: String { "\(config)/\(UsersFile.fileName)" }
    var contactsPath: String { "\(config)/\(ContactsSettings.fileName)" }
    var gatewayPath: String { "\(config)/\(GatewaySettings.fileName)" }

    /// The folder with the backends' sockets.
    var runtimePath: String {
        if let runtime { return runtime }
        // No instance's name begins with a dot: nobody but the state folder's owner makes the link.
        guard let real = realpath("\(state)/.runtime", nil) else { return Self.installedRuntime }
        defer { free(real) }
        return String(cString: real)
    }

    func socketPath(_ instance: String) -> String { "\(runtimePath)/\(instance).sock" }

    /// Whether these are the settings and the stores of an installation, which its units serve, and
    /// not those of a set-up beside it, as of `Services/run`.
    var isInstallation: Bool {
        Self.isSame(config, Self.installedConfig) && Self.isSame(state, Self.installedState)
    }

    private static func isSame(_ folder: String, _ other: String) -> Bool {
        if folder == other { return true }
        guard let first = FileModes.status(of: folder), let second = FileModes.status(of: other)
        else { return false }
        return first.st_dev == second.st_dev && first.st_ino == second.st_ino
    }

    func contacts() throws(SettingsError) -> ContactsSettings {
        try ContactsSettings.load(path: contactsPath)
    }

    /// The settings of an instance that must be there.
    ///
    /// - Throws: `SettingsError` for settings that do not read, ``CommandFailure`` for an instance that
    ///   they do not have.
    func instance(_ name: String) throws -> InstanceSettings {
        let contacts = try self.contacts()
        if let instance = contacts.instance(named: name) { return instance }
        let names = contacts.instances.map(\.name).joined(separator: ", ")
        throw CommandFailure(
            message: "\(contactsPath) has no instance \(name); "
                + (names.isEmpty
                    ? "contactsctl instance add \(name) makes it" : "it has \(names)")
        )
    }
}
