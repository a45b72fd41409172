/// `[metrics]` of `gateway.toml`: where metrics and health are asked for. Nowhere, where the section
/// is missing and systemd hands no socket named `metrics` over.
///
/// ```toml
/// [metrics]
/// listen = "127.0.0.1:9464"
/// ```
public struct MetricsSettings: Sendable, Equatable {
    /// A place that only this machine can reach.
    public enum Place: Sendable, Equatable {
        /// A loopback address and a port, 0 for any that is free.
        case loopback(address: String, port: Int)
        /// The absolute path of a Unix socket.
        case unix(path: String)
    }

    /// The longest path that a Unix socket may have, in bytes (unix(7)).
    private static let maximumPathBytes = 107
    private static let remedy = #"write listen = "127.0.0.1:9464" or listen = "unix:/run/…""#

    /// `listen`: `ADDRESS:PORT` with an address of the loopback, IPv6 in brackets, or `unix:PATH`.
    public let listen: Place?

    init(_ reader: inout TableReader) throws(SettingsError) {
        guard let text = try reader.string("listen", remedy: Self.remedy) else {
            listen = nil
            return
        }
        guard let place = Self.place(text) else {
            throw reader.error(
                "listen",
                "must be an address of the loopback and a port, or the path of a Unix socket",
                Self.remedy
            )
        }
        listen = place
    }

    private static func place(_ text: String) -> Place? {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            let isPath = path.hasPrefix("/") && path.utf8.count <= maximumPathBytes
            return isPath ? .unix(path: path) : nil
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
        else { return nil }
        let address = String(text[..<colon])
        if address == "[::1]" { return .loopback(address: "::1", port: port) }
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127", parts.allSatisfy({ UInt8($0) != nil }) else {
            return nil
        }
        return .loopback(address: address, port: port)
    }
}
