/// `[backends]` of `gateway.toml`: what one instance may take of the gateway, whatever its backend
/// does, so that nobody else's requests suffer.
///
/// ```toml
/// [backends]
/// connections = 64
/// queue = 1024
/// wait = "30s"
/// buffered = "32M"
/// ```
public struct BackendLimitSettings: Sendable, Equatable {
    /// `connections`: how many connections, which is how many requests at once; 1 to 120, shared
    /// equally by the event loops, each of which has one at least. A backend takes 128.
    public let connections: Int
    /// `queue`: how many requests wait for one of them, beside those that have one made; 0 to 100,000,
    /// shared equally by the event loops, rounded up.
    public let queue: Int
    /// `wait`: how long a request waits for one of them; 100 milliseconds to 10 minutes.
    public let wait: Duration
    /// `buffered`: how many bytes of requests and answers are held for a side that is slow to take
    /// them, in all, and as many of requests that wait; 1 MiB to 4 GiB. Never less than 16 KiB for
    /// each connection and direction.
    public let buffered: Int

    init(_ reader: inout TableReader) throws(SettingsError) {
        connections = try reader.integer("connections", in: 1...120, default: 64)
        queue = try reader.integer("queue", in: 0...100_000, default: 1_024)
        wait = try reader.duration(
            "wait",
            in: .milliseconds(100) ... .seconds(600),
            default: .seconds(30)
        )
        buffered = try reader.bytes("buffered", in: 1 << 20...4 << 30, default: 32 << 20)
    }
}
