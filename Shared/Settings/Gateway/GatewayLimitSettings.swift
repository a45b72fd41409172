/// `[limits]` of `gateway.toml`: how much of everything clients may have.
///
/// ```toml
/// [limits]
/// connections = 10000
/// connections_per_address = 256
/// body = "16M"
/// ```
public struct GatewayLimitSettings: Sendable, Equatable {
    /// `connections`: of all clients together, 1 to 1,000,000; 10,000. Never more than the descriptors
    /// that the process may have.
    public let connections: Int
    /// `connections_per_address`: of one IPv4 address or one IPv6 /64, 1 to 1,000,000; 256. Trusted
    /// proxies are not counted, the clients that they name by the PROXY protocol are.
    public let connectionsPerAddress: Int
    /// `requests`: on one connection, 1 to 1,000,000,000; 10,000. The last one's answer says so.
    public let requests: Int
    /// `head`: the bytes of a request's header fields, 1 KiB to 1 MiB; 32 KiB.
    public let headBytes: Int
    /// `fields`: how many header fields, 10 to 1,000; 100. A backend takes no more than 256 fields and
    /// 128 KiB of all that a head has: a request for one that has more is refused whatever is said here.
    public let fields: Int
    /// `target`: the bytes of a request's target, 256 to 64 KiB; 8 KiB.
    public let targetBytes: Int
    /// `body`: the bytes of a body of PUT or POST, 1 KiB to 64 MiB; 16 MiB.
    public let bodyBytes: Int
    /// `xml`: the bytes of any other request's body, 1 KiB to 64 MiB; 8 MiB.
    public let xmlBytes: Int
    /// `slowest`: the fewest bytes a second, over the time of a stall, at which a body may come or an
    /// answer be taken, 0 to 1 MiB; 128. 0 lets everything pass that moves at all. A body that comes more
    /// slowly is 408; of an answer that is taken more slowly nothing can be told but the connection's end.
    public let slowestBytesPerSecond: Int
    /// `streams`: requests under way at once on one HTTP/2 connection, 1 to 1,000; 100.
    public let streams: Int
    /// `resets`: streams that one HTTP/2 connection may abandon in a second, on an average of ten, 1 to
    /// 1,000; 20.
    public let resetsPerSecond: Int

    init(_ reader: inout TableReader) throws(SettingsError) {
        connections = try reader.integer("connections", in: 1...1_000_000, default: 10_000)
        connectionsPerAddress = try reader.integer(
            "connections_per_address",
            in: 1...1_000_000,
            default: 256
        )
        requests = try reader.integer("requests", in: 1...1_000_000_000, default: 10_000)
        headBytes = try reader.bytes("head", in: 1_024...1 << 20, default: 32 << 10)
        fields = try reader.integer("fields", in: 10...1_000, default: 100)
        targetBytes = try reader.bytes("target", in: 256...64 << 10, default: 8 << 10)
        bodyBytes = try reader.bytes("body", in: 1_024...64 << 20, default: 16 << 20)
        xmlBytes = try reader.bytes("xml", in: 1_024...64 << 20, default: 8 << 20)
        slowestBytesPerSecond = try reader.bytes("slowest", in: 0...1 << 20, default: 128)
        streams = try reader.integer("streams", in: 1...1_000, default: 100)
        resetsPerSecond = try reader.integer("resets", in: 1...1_000, default: 20)
    }
}
