import NIOCore
import NIOHTTP1
import Settings

/// The gateway's limits.
enum GatewayLimits {
    /// The longest request body, in bytes: a card has at most 10 MiB, a multiget of 50,000 hrefs 5.
    static let maximumBodyBytes = 16 * 1024 * 1024
    /// The most bytes of one body that are read and thrown away after it was refused: a connection
    /// that is closed under a client that still sends is reset, and the answer lost.
    static let maximumDiscardedBytes = 64 * 1024 * 1024

    /// The limits of a request's head.
    static var head: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 * 1024
        limits.maxHeaderListSize = 32 * 1024
        limits.maxHeaderFieldCount = 100
        return limits
    }
}

/// How long the gateway waits for others. Values, so that tests need not wait as long.
struct GatewayTimes: Sendable {
    /// How long a connection may stand still, whatever it is doing.
    var stall: TimeAmount = .seconds(60)
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
        drain = TimeAmount(settings.drain)
        patience = TimeAmount(settings.patience)
    }
}
