/// `contacts.toml`: the instances that are served.
///
/// ```toml
/// enabled = true
///
/// [instances.default]
/// store = "everlock-contacts"
/// vhosts = ["contacts.example.com"]
/// ```
public struct ContactsSettings: Sendable, Equatable {
    /// The file's name in the configuration folder.
    public static let fileName = "contacts.toml"

    /// `enabled`: whether anything is served; true where the key is missing.
    public let isEnabled: Bool
    /// `[instances.<name>]`, in the order of the file.
    public let instances: [InstanceSettings]

    /// Reads the settings of a document.
    ///
    /// - Throws: ``SettingsError`` for a key that is not known, a value of another type, a name or a
    ///   host that cannot be one, or a host that two instances claim.
    public init(bytes: [UInt8], file: String) throws(SettingsError) {
        var reader = TableReader(try TOMLDocument.parse(bytes, file: file), file: file)
        isEnabled = try reader.boolean("enabled", default: true)
        var instances: [InstanceSettings] = []
        var claimed: [String: String] = [:]
        for (name, line, table) in try reader.tables("instances") {
            let instance = try InstanceSettings(name: name, line: line, table: table, file: file)
            for vhost in instance.vhosts {
                if let other = claimed[vhost] {
                    throw SettingsError(
                        file: file,
                        line: line,
                        key: "instances.\(name).vhosts",
                        problem: "\(vhost) belongs to the instance \(other) already",
                        remedy: "a host leads to one instance"
                    )
                }
                claimed[vhost] = name
            }
            instances.append(instance)
        }
        try reader.end()
        self.instances = instances
    }

    /// Reads a file.
    ///
    /// - Throws: ``SettingsError``.
    public static func load(path: String) throws(SettingsError) -> ContactsSettings {
        try ContactsSettings(bytes: File.read(path, limit: TOMLDocument.maximumBytes), file: path)
    }

    /// The settings of an instance by its name.
    public func instance(named name: String) -> InstanceSettings? {
        instances.first { $0.name == name }
    }
}

/// `[instances.<name>]`: one tenant.
public struct InstanceSettings: Sendable, Equatable {
    /// The longest name, in bytes: a user of the system is named after it.
    public static let maximumNameBytes = 31

    /// The name: lower-case letters, digits and hyphens, a letter first.
    public let name: String
    /// `store`: the folder of the instance's git repository; a relative one lies under the state
    /// folder. The instance's name where the key is missing.
    public let store: String
    /// `vhosts`: the hosts that lead to the instance, lower-case, without a port; `*` for every host
    /// that no instance names.
    public let vhosts: [String]

    init(name: String, line: Int, table: TOMLTable, file: String) throws(SettingsError) {
        guard Self.isName(name) else {
            throw SettingsError(
                file: file,
                line: line,
                key: "instances.\(name)",
                problem: "is no instance name",
                remedy: "1 to 31 of a-z, 0-9 and -, a letter first"
            )
        }
        var reader = TableReader(table, file: file, path: "instances.\(name)")
        let store =
            try reader.string("store", remedy: "write store = \"everlock-contacts\"") ?? name
        guard Self.isStore(store) else {
            throw reader.error(
                "store",
                "must be a path without .. in it",
                "write store = \"everlock-contacts\""
            )
        }
        let remedy = "write vhosts = [\"contacts.example.com\"]"
        let vhosts = try reader.strings("vhosts", remedy: remedy) ?? []
        guard !vhosts.isEmpty else { throw reader.error("vhosts", "names no host", remedy) }
        for vhost in vhosts where !Self.isHost(vhost) {
            throw reader.error("vhosts", "\(vhost.debugDescription) is no host name", remedy)
        }
        try reader.end()
        self.name = name
        self.store = store
        self.vhosts = vhosts.map { $0.lowercased() }
    }

    /// Where the instance's store is.
    public func storePath(state: String) -> String {
        store.hasPrefix("/") ? store : "\(state)/\(store)"
    }

    /// Whether a text can name an instance.
    public static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
        return text.utf8.count <= maximumNameBytes
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
            }
    }

    private static func isStore(_ text: String) -> Bool {
        let parts = text.split(separator: "/")
        return !parts.isEmpty && text.utf8.count <= 1_024 && !parts.contains("..")
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func isHost(_ text: String) -> Bool {
        if text == "*" { return true }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        return !text.isEmpty && text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: isBracketed && [0x3A, 0x5B, 0x5D].contains(byte)
                }
            }
    }
}
