import NIOCore
import NIOHTTP1

/// The gateway's limits.
enum GatewayLimits {
    /// The longest request body, in bytes: a card has at most 10 MiB, a multiget of 50,000 hrefs 5.
    static let maximumBodyBytes = 16 * 1024 * 1024
    /// How long a connection may stand still, whatever it is doing.
    static let stall: TimeAmount = .seconds(60)
    /// How long requests may take to end once the service is to stop.
    static let drain: TimeAmount = .seconds(30)
    /// What a client without credentials is asked for (RFC 7617 §2).
    static let challenge = #"Basic realm="Everlock Contacts", charset="UTF-8""#

    /// The limits of a request's head.
    static var head: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 * 1024
        limits.maxHeaderListSize = 32 * 1024
        limits.maxHeaderFieldCount = 100
        return limits
    }
}
