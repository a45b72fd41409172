/// `contacts.toml`: the instances that are served.
///
/// ```toml
/// enabled = true
/// idle_exit = "10m"
///
/// [instances.default]
/// vhosts = ["contacts.example.com"]
/// ```
public struct ContactsSettings: Sendable, Equatable {
    /// The file's name in the configuration folder.
    public static let fileName = "contacts.toml"

    /// `enabled`: whether anything is served; true where the key is missing.
    public let isEnabled: Bool
    /// `idle_exit`: how long backends wait for a request before they end, where their instance does
    /// not say; 10 minutes where the key is missing, `nil` for `never`.
    public let idleExit: Duration?
    /// `[instances.<name>]`, in the order of the file.
    public let instances: [InstanceSettings]

    /// Reads the settings of a document.
    ///
    /// - Throws: ``SettingsError`` for a key that is not known, a value of another type, a name or a
    ///   host that cannot be one, or a host or a store that two instances claim.
    public init(bytes: [UInt8], file: String) throws(SettingsError) {
        try self.init(table: TOMLDocument.parse(bytes, file: file), file: file)
    }

    /// Reads the settings of a document that is parsed already.
    ///
    /// - Throws: ``SettingsError``, as for bytes.
    public init(table: TOMLTable, file: String) throws(SettingsError) {
        var reader = TableReader(table, file: file)
        isEnabled = try reader.boolean("enabled", default: true)
        idleExit = try reader.durationOrNever(
            "idle_exit",
            in: InstanceSettings.idleExitRange,
            default: .seconds(600)
        )
        var instances: [InstanceSettings] = []
        var claims = Claims(file: file)
        for (name, line, table) in try reader.tables("instances") {
            let instance = try InstanceSettings(
                name: name,
                line: line,
                table: table,
                file: file,
                idleExit: idleExit
            )
            try claims.add(instance, line: line)
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

/// What instances have claimed: they share nothing, so each host and each store has one.
private struct Claims {
    let file: String
    private var hosts: [String: String] = [:]
    private var stores: [String: String] = [:]

    init(file: String) { self.file = file }

    mutating func add(_ instance: InstanceSettings, line: Int) throws(SettingsError) {
        for vhost in instance.vhosts {
            if let other = hosts.updateValue(instance.name, forKey: vhost) {
                throw SettingsError(
                    file: file,
                    line: line,
                    key: "instances.\(instance.name).vhosts",
                    problem: "\(vhost) belongs to the instance \(other) already",
                    remedy: "a host leads to one instance"
                )
            }
        }
        if let other = stores.updateValue(instance.name, forKey: instance.storeIdentity) {
            throw SettingsError(
                file: file,
                line: line,
                key: "instances.\(instance.name).store",
                problem: "\(instance.store) is the store of the instance \(other) already",
                remedy: "write store = \(TOMLText.quote(instance.name))"
            )
        }
    }
}
