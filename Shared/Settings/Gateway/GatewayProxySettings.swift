/// `[proxy]` of `gateway.toml`: proxies before the gateway, and what is believed of what they say.
///
/// ```toml
/// [proxy]
/// trusted = ["127.0.0.1", "10.0.0.0/8", "unix"]
/// headers = "x-forwarded"
/// protocol = false
/// ```
public struct GatewayProxySettings: Sendable, Equatable {
    /// The header fields in which proxies say whom they speak for.
    public enum Fields: String, Sendable, CaseIterable {
        /// `X-Forwarded-For`, `-Proto` and `-Host`, as nginx, Caddy and HAProxy are mostly set up.
        case xForwarded = "x-forwarded"
        /// `Forwarded` (RFC 7239).
        case forwarded
        /// None.
        case none
    }

    /// `trusted`: addresses and ranges of proxies; nobody where the key is missing.
    public let trusted: [IPAddressRange]
    /// `"unix"` in `trusted`: whoever connects by a Unix socket.
    public let trustsUnixSockets: Bool
    /// `headers`: the fields in which they say whom they speak for, `x-forwarded` where the key is
    /// missing. One kind only: a proxy passes the other kind on as its client sent it.
    public let fields: Fields
    /// `protocol`: whether each of their connections begins with a header of the PROXY protocol,
    /// version 1 or 2; false where the key is missing.
    public let speaksProxyProtocol: Bool

    init(_ reader: inout TableReader) throws(SettingsError) {
        let remedy = #"write trusted = ["127.0.0.1", "10.0.0.0/8", "unix"]"#
        var ranges: [IPAddressRange] = []
        var unix = false
        for text in try reader.strings("trusted", remedy: remedy) ?? [] {
            if text == "unix" {
                unix = true
            } else if let range = IPAddressRange(text) {
                ranges.append(range)
            } else {
                throw reader.error(
                    "trusted",
                    "\(text.debugDescription) is no address, and no range of addresses",
                    remedy
                )
            }
        }
        trusted = ranges
        trustsUnixSockets = unix
        fields = try reader.choice("headers", default: .xForwarded)
        speaksProxyProtocol = try reader.boolean("protocol", default: false)
        if speaksProxyProtocol, ranges.isEmpty, !unix {
            throw reader.error("protocol", "needs somebody who is trusted", remedy)
        }
    }
}

extension TableReader {
    /// One of some words.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        default absent: Choice
    ) throws(SettingsError) -> Choice where Choice.RawValue == String {
        guard let value = take(key) else { return absent }
        guard case .string(let text) = value, let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw error(key, "must be one of \(words)", "write \(key) = \"\(absent.rawValue)\"")
        }
        return choice
    }
}
