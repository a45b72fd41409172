import Settings

/// Which host leads to which instance.
struct Vhosts: Sendable, Equatable {
    private let instances: HostTable<String>

    init(_ settings: ContactsSettings) {
        let served = settings.isEnabled ? settings.instances : []
        instances = HostTable(
            served.flatMap { instance in instance.vhosts.map { ($0, instance.name) } }
        )
    }

    /// All hosts that lead somewhere, as the settings name them.
    var hosts: [String] { instances.hosts }

    /// The instance that a host's name leads to: one that names it, one that names it with `*` for its
    /// first label, or the one of all hosts.
    func instance(ofName name: String) -> String? { instances[name] }

    /// The name in a `Host` header's value, `name`, `name:port` or `[address]:port`, in lower case;
    /// `nil` for what is none.
    static func name(of host: String) -> String? {
        let bytes = host.utf8
        let isAddress = bytes.first == UInt8(ascii: "[")
        let end: String.Index
        if isAddress, let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) {
            end = bytes.index(after: bracket)
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        }
        var name = bytes[..<end]
        let isName =
            (1...253).contains(name.count)
            && name.allSatisfy { isNameByte($0) || (isAddress && isAddressByte($0)) }
        guard isName, isPort(bytes[end...]) else { return nil }
        // A host may be written with the root's dot behind it (RFC 3986 §3.2.2).
        if name.last == UInt8(ascii: ".") { name = name.dropLast() }
        return name.isEmpty ? nil : Substring(name).lowercased()
    }

    private static func isPort(_ bytes: Substring.UTF8View) -> Bool {
        bytes.isEmpty
            || (bytes.first == UInt8(ascii: ":") && bytes.count <= 6
                && bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
                && (Int(Substring(bytes.dropFirst())) ?? 0) <= 65_535)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte == 0x3A || byte == 0x5B || byte == 0x5D
    }
}
