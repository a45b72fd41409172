/// `[times]` of `gateway.toml`: how long the gateway waits for others.
///
/// ```toml
/// [times]
/// stall = "60s"
/// idle = "75s"
/// head = "15s"
/// handshake = "10s"
/// drain = "30s"
/// patience = "5s"
/// ```
public struct GatewayTimeSettings: Sendable, Equatable {
    /// `stall`: how long a connection may stand still, whatever it is doing; 1 second to 1 hour. How long a
    /// request waits for a backend is ``patience`` and ``BackendLimitSettings/wait``, whatever is said here.
    public let stall: Duration
    /// `idle`: how long a connection may wait for its next request; 1 second to 1 hour.
    public let idle: Duration
    /// `head`: how long a request's head may take from its first byte to its last; 1 second to 10
    /// minutes.
    public let head: Duration
    /// `handshake`: how long TLS, and a header of the PROXY protocol before it, may take to begin; 1
    /// second to 10 minutes.
    public let handshake: Duration
    /// `drain`: how long requests may take to end once the service is to stop; 0 seconds to 10
    /// minutes.
    public let drain: Duration
    /// `patience`: how long a backend that is missing is tried again; 0 seconds to 5 minutes. No request
    /// waits longer for it than ``BackendLimitSettings/wait``.
    public let patience: Duration

    init(_ reader: inout TableReader) throws(SettingsError) {
        stall = try reader.duration(
            "stall",
            in: .seconds(1) ... .seconds(3_600),
            default: .seconds(60)
        )
        idle = try reader.duration(
            "idle",
            in: .seconds(1) ... .seconds(3_600),
            default: .seconds(75)
        )
        head = try reader.duration("head", in: .seconds(1) ... .seconds(600), default: .seconds(15))
        handshake = try reader.duration(
            "handshake",
            in: .seconds(1) ... .seconds(600),
            default: .seconds(10)
        )
        drain = try reader.duration("drain", in: .zero ... .seconds(600), default: .seconds(30))
        patience = try reader.duration(
            "patience",
            in: .zero ... .seconds(300),
            default: .seconds(5)
        )
    }
}
