import Settings

/// Which host leads to which instance.
struct Vhosts: Sendable, Equatable {
    private let instances: [String: String]
    private let fallback: String?

    init(_ settings: ContactsSettings) {
        var instances: [String: String] = [:]
        var fallback: String?
        for instance in settings.isEnabled ? settings.instances : [] {
            for vhost in instance.vhosts {
                if vhost == "*" {
                    fallback = instance.name
                } else {
                    instances[vhost] = instance.name
                }
            }
        }
        self.instances = instances
        self.fallback = fallback
    }

    /// The instance of a `Host` header's value: its port and letter case do not count.
    func instance(forHost host: String) -> String? {
        guard let name = Self.name(of: host) else { return nil }
        return instances[name] ?? fallback
    }

    /// The name in `name`, `name:port` or `[address]:port`; `nil` for what is none.
    static func name(of host: String) -> String? {
        let name: Substring
        let port: Substring
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
            name = host[...end]
            port = host[host.index(after: end)...]
        } else {
            name = host.prefix { $0 != ":" }
            port = host[name.endIndex...]
        }
        let isPort =
            port.isEmpty || (port.hasPrefix(":") && port.dropFirst().allSatisfy(\.isNumber))
        let isName =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: name.hasPrefix("[") && [0x3A, 0x5B, 0x5D].contains(byte)
                }
            }
        guard isName, isPort, name.utf8.count <= 253 else { return nil }
        // A host may be written with the root's dot behind it (RFC 3986 §3.2.2).
        return (name.hasSuffix(".") ? name.dropLast() : name).lowercased()
    }
}
