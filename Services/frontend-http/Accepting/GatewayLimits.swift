import NIOCore
import Settings

/// The limits that are the gateway's own; those of `gateway.toml` are in ``TransportPolicy``.
enum GatewayLimits {
    /// The most bytes of one body that are read and thrown away after it was refused: a connection
    /// that is closed under a client that still sends is reset, and the answer lost.
    static let maximumDiscardedBytes = 64 * 1024 * 1024
}

/// How long the gateway waits for others. Values, so that tests need not wait as long.
struct GatewayTimes: Sendable {
    /// How long a connection may stand still, whatever it is doing; to wait for a backend is not to.
    var stall: TimeAmount = .seconds(60)
    /// How long a connection may wait for its next request.
    var idle: TimeAmount = .seconds(75)
    /// How long a request's head may take.
    var head: TimeAmount = .seconds(15)
    /// How long a handshake may take.
    var handshake: TimeAmount = .seconds(10)
    /// How long requests may take to end once the service is to stop.
    var drain: TimeAmount = .seconds(30)
    /// How long a backend that is missing or turns connections away is tried again: one that restarts.
    var patience: TimeAmount = .seconds(5)
    /// How long an idle connection has for one more request once the service is to stop.
    var farewell: TimeAmount = .milliseconds(250)
}

extension GatewayTimes {
    /// As `gateway.toml` has them.
    init(_ settings: GatewayTimeSettings) {
        stall = TimeAmount(settings.stall)
        idle = TimeAmount(settings.idle)
        head = TimeAmount(settings.head)
        handshake = TimeAmount(settings.handshake)
        drain = TimeAmount(settings.drain)
        patience = TimeAmount(settings.patience)
    }
}
