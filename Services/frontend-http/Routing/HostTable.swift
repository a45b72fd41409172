/// What is said of hosts: of one by its name, of those with `*` for the first label, and of all others.
struct HostTable<Value> {
    private var values: [String: Value] = [:]
    private var fallback: Value?
    private var hasWildcards = false

    /// - Parameter entries: Hosts as the settings name them, in lower case, and what is said of each.
    init(_ entries: some Sequence<(host: String, value: Value)>) {
        for (host, value) in entries {
            if host == "*" {
                fallback = value
            } else {
                values[host] = value
                if host.hasPrefix("*") { hasWildcards = true }
            }
        }
    }

    /// The hosts, as the settings name them.
    var hosts: [String] { values.keys.sorted() + (fallback == nil ? [] : ["*"]) }

    /// What is said of a host by its name, else with `*` for its first label, else of all.
    subscript(name: String) -> Value? {
        if let value = values[name] { return value }
        if hasWildcards, let dot = name.firstIndex(of: "."), let value = values["*\(name[dot...])"]
        {
            return value
        }
        return fallback
    }
}

extension HostTable: Sendable where Value: Sendable {}
extension HostTable: Equatable where Value: Equatable {}
