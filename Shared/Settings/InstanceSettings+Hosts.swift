extension InstanceSettings {
    /// The longest host name, in bytes (RFC 1035 §2.3.4).
    private static let maximumHostBytes = 253

    /// A host as requests name it: lower-case, without the root's dot behind it, an IPv6 address in
    /// brackets; `*` as it is, and `*.example.com` for all names that have one label more.
    ///
    /// - Returns: `nil` for what is no host, also for one with a port.
    ///
    /// RFC 3986 §3.2.2.
    static func host(_ text: String) -> String? {
        if text == "*" { return text }
        if text.hasPrefix("*.") {
            return host(String(text.dropFirst(2))).flatMap { isWildcardBase($0) ? "*.\($0)" : nil }
        }
        if text.hasPrefix("[") { return isAddressInBrackets(text) ? text.lowercased() : nil }
        let name = text.hasSuffix(".") ? text.dropLast() : text[...]
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isName = name.utf8.count <= maximumHostBytes && labels.allSatisfy(isLabel)
        return isName ? name.lowercased() : nil
    }

    private static func isWildcardBase(_ host: String) -> Bool {
        !host.hasPrefix("*") && !host.hasPrefix("[")
    }

    /// A label of a name; an underscore is no letter of host names, but found in them.
    private static func isLabel(_ text: Substring) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
    }

    private static func isAddressInBrackets(_ text: String) -> Bool {
        guard text.hasSuffix("]") else { return false }
        let address = text.dropFirst().dropLast()
        // The longest is an IPv4 address in an IPv6 one (RFC 4291 §2.2).
        return (2...45).contains(address.utf8.count) && address.utf8.contains(0x3A)
            && address.utf8.allSatisfy { byte in
                switch byte {
                case 0x2E, 0x30...0x3A, 0x41...0x46, 0x61...0x66: true
                default: false
                }
            }
    }
}
