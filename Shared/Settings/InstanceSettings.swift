/// `[instances.<name>]`: one tenant.
public struct InstanceSettings: Sendable, Equatable {
    /// The longest name, in bytes: the instance's user of the system is `evl-` and the name, and
    /// systemd takes no user name of more than 31 bytes (sysusers.d(5)).
    public static let maximumNameBytes = 27

    /// The name: lower-case letters, digits and hyphens, a letter first.
    public let name: String
    /// `store`: the folder of the instance's git repository; a relative one lies under the state
    /// folder. The instance's name where the key is missing.
    public let store: String
    /// `vhosts`: the hosts that lead to the instance, lower-case, without a port; `*.example.com` for
    /// the names with one label before `example.com`, `*` for every host that no instance names.
    public let vhosts: [String]
    /// `idle_exit`: how long the instance's backend waits for a request before it ends, to be
    /// started again by the next; `nil` for `never`. Of ``ContactsSettings/idleExit`` where the key
    /// is missing.
    public let idleExit: Duration?

    /// The range of `idle_exit`.
    static let idleExitRange: ClosedRange<Duration> = .seconds(1) ... .seconds(30 * 86_400)

    init(
        name: String,
        line: Int,
        table: TOMLTable,
        file: String,
        idleExit: Duration?
    ) throws(SettingsError) {
        guard Self.isName(name) else {
            throw SettingsError(
                file: file,
                line: line,
                key: "instances.\(TOMLText.key(name))",
                problem: "is no instance name",
                remedy: "1 to \(Self.maximumNameBytes) of a-z, 0-9 and -, a letter first"
            )
        }
        var reader = TableReader(table, file: file, path: "instances.\(name)")
        let store =
            try reader.string("store", remedy: "write store = \(TOMLText.quote(name))") ?? name
        guard Self.isStore(store) else {
            throw reader.error(
                "store",
                "must be a path without .. in it",
                "write store = \(TOMLText.quote(name))"
            )
        }
        let remedy = "write vhosts = [\"contacts.example.com\"]"
        let vhosts = try reader.strings("vhosts", remedy: remedy) ?? []
        guard !vhosts.isEmpty else { throw reader.error("vhosts", "names no host", remedy) }
        var hosts: [String] = []
        for vhost in vhosts {
            guard let host = Self.host(vhost) else {
                throw reader.error("vhosts", "\(vhost.debugDescription) is no host name", remedy)
            }
            hosts.append(host)
        }
        self.idleExit = try reader.durationOrNever(
            "idle_exit",
            in: Self.idleExitRange,
            default: idleExit
        )
        try reader.end()
        self.name = name
        self.store = store
        self.vhosts = hosts
    }

    /// Where the instance's store is.
    public func storePath(state: String) -> String {
        store.hasPrefix("/") ? store : "\(state)/\(store)"
    }

    /// Whether the store lies in the folder of the state folder that bears the instance's name, which
    /// is where the units in `systemd/` let its backend write.
    public var isInOwnFolder: Bool {
        storeIdentity == name || storeIdentity.hasPrefix("\(name)/")
    }

    /// The store's path in one spelling: `a/./b/` is `a/b`.
    var storeIdentity: String {
        let parts = store.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return store.hasPrefix("/") ? "/\(parts)" : parts
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
        let parts = text.split(separator: "/").filter { $0 != "." }
        return !parts.isEmpty && text.utf8.count <= 1_024 && !parts.contains("..")
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }
}
