/// `[times]` of `gateway.toml`: how long the gateway waits for others.
///
/// ```toml
/// [times]
/// stall = "60s"
/// drain = "30s"
/// patience = "5s"
/// ```
public struct GatewayTimeSettings: Sendable, Equatable {
    /// `stall`: how long a connection may stand still, whatever it is doing; 1 second to 1 hour.
    public let stall: Duration
    /// `drain`: how long requests may take to end once the service is to stop; 0 seconds to 10
    /// minutes.
    public let drain: Duration
    /// `patience`: how long a backend that is missing is tried again; 0 seconds to 5 minutes.
    public let patience: Duration

    init(_ reader: inout TableReader) throws(SettingsError) {
        stall = try reader.duration(
            "stall",
            in: .seconds(1) ... .seconds(3_600),
            default: .seconds(60)
        )
        drain = try reader.duration("drain", in: .zero ... .seconds(600), default: .seconds(30))
        patience = try reader.duration(
            "patience",
            in: .zero ... .seconds(300),
            default: .seconds(5)
        )
    }
}
