import NIOCore
import NIOHTTP2
import Settings

/// What one HTTP/2 connection may have.
///
/// The library ends a connection on which more than this comes: streams that are reset (CVE-2023-44487),
/// PING, SETTINGS and PRIORITY frames, frames of DATA without any, CONTINUATION frames in a row, streams
/// that break the protocol, and fields beyond their limit.
enum HTTP2Limits {
    /// How many bytes of one request's body may be on their way: what a stream that the backend does not
    /// read takes at the most.
    static let windowBytes = 65_535
    /// How many bytes of one answer wait for the client before the backend has to.
    static let answerBytes = 64 * 1024
    /// The span over which resets are counted.
    static let resetSpan = TimeAmount.seconds(10)

    static func connection(
        _ policy: TransportPolicy
    ) -> NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: policy.limits.streams),
            HTTP2Setting(parameter: .maxHeaderListSize, value: policy.limits.headBytes),
            HTTP2Setting(parameter: .initialWindowSize, value: windowBytes),
        ]
        configuration.maximumBufferedControlFrames = 1_000
        configuration.maximumSequentialContinuationFrames = 5
        configuration.targetWindowSize = 4 * windowBytes
        return configuration
    }

    static func stream(_ policy: TransportPolicy) -> NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.targetWindowSize = windowBytes
        configuration.outboundBufferSizeHighWatermark = answerBytes
        configuration.outboundBufferSizeLowWatermark = answerBytes / 4
        configuration.streamResetFrameRateLimit.maximumCount = policy.limits.resetsPerSecond * 10
        configuration.streamResetFrameRateLimit.windowLength = resetSpan
        return configuration
    }
}
