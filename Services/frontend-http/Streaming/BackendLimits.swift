import NIOCore
import Settings

/// What one event loop may take of one instance's backend: its share of what the settings allow.
struct BackendLimits: Sendable {
    /// The most connections.
    let connections: Int
    /// The most requests that wait for one.
    let queue: Int
    /// The most bytes that they hold.
    let queuedBytes: Int
    /// How long one waits.
    let wait: TimeAmount
    /// What one connection may hold that has not left.
    let writeBuffer: ChannelOptions.Types.WriteBufferWaterMark

    /// - Parameters:
    ///   - settings: What all event loops together may take.
    ///   - loops: How many there are.
    init(_ settings: BackendLimitSettings, loops: Int) {
        let loops = max(1, loops)
        connections = max(1, settings.connections / loops)
        // Rounded up: no event loop is left without a line where the settings have one.
        queue = (settings.queue + loops - 1) / loops
        queuedBytes = settings.buffered / loops
        wait = TimeAmount(settings.wait)
        // One connection to the backend and one to the client for each request.
        let share = settings.buffered / (2 * settings.connections)
        let high = min(max(share, 16 * 1_024), 1_024 * 1_024)
        writeBuffer = .init(low: high / 4, high: high)
    }
}
