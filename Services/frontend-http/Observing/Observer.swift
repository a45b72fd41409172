import Glibc
import NIOCore

/// What one event loop says of itself.
struct LoopReading: Sendable {
    let meter: MeterReading
    let pools: [String: PoolReading]
}

/// What all event loops say of themselves, and what the gateway knows beside.
struct GatewayReading: Sendable {
    /// One for each event loop that answered in time.
    let loops: [LoopReading]
    /// How many event loops did not: they are stuck.
    let stuckLoops: Int
    /// The instances that the settings name.
    let instances: [String]
    /// Whether the settings were good when they were last read.
    let areSettingsGood: Bool
    /// Whether the gateway takes no more connections.
    let isStopping: Bool
    let process: ProcessReading
    /// Lines of requests that were not written, since the log took them too slowly.
    let lostLogLines: Int

    /// What was counted on all event loops.
    var meter: MeterReading {
        var sum = MeterReading()
        for loop in loops { sum.add(loop.meter) }
        return sum
    }

    /// What all event loops have taken of each instance's backend.
    var pools: [String: PoolReading] {
        var sum = Dictionary(uniqueKeysWithValues: instances.map { ($0, PoolReading()) })
        for loop in loops {
            for (name, pool) in loop.pools { sum[name, default: PoolReading()].add(pool) }
        }
        return sum
    }
}

/// Asks the event loops how they are.
///
/// Each is asked on itself, so that nothing is shared while requests are counted; one that does not
/// answer within a second turns no more.
final class Observer: Sendable {
    /// How long an event loop may take to answer.
    static let patience = TimeAmount.seconds(1)

    private let pools: [NIOLoopBound<BackendPool>]
    private let services: GatewayServices
    private let startSeconds = Int(time(nil))

    /// - Parameters:
    ///   - pools: The pool of each event loop.
    ///   - services: What all connections share.
    init(pools: [NIOLoopBound<BackendPool>], services: GatewayServices) {
        self.pools = pools
        self.services = services
    }

    /// Asks all event loops.
    ///
    /// - Parameter loop: Where the answer is wanted; none of those that are asked.
    /// - Returns: The reading, after the patience at the latest.
    func reading(on loop: any EventLoop) -> EventLoopFuture<GatewayReading> {
        let answers = pools.map { pool in ask(pool, on: loop) }
        let services = self.services
        let startSeconds = self.startSeconds
        return EventLoopFuture.whenAllSucceed(answers, on: loop).map { answers in
            let loops = answers.compactMap { $0 }
            return GatewayReading(
                loops: loops,
                stuckLoops: answers.count - loops.count,
                instances: services.rules.instances,
                areSettingsGood: services.problems.isEmpty,
                isStopping: services.isStopping,
                process: ProcessReading(startSeconds: startSeconds),
                lostLogLines: services.requestLog.lostLines
            )
        }
    }

    private func ask(
        _ pool: NIOLoopBound<BackendPool>,
        on loop: any EventLoop
    ) -> EventLoopFuture<LoopReading?> {
        let answer = loop.makePromise(of: LoopReading?.self)
        let timeout = loop.scheduleTask(in: Self.patience) { answer.succeed(nil) }
        let asked = pool.eventLoop
        asked.execute {
            let reading = LoopReading(
                meter: pool.value.meter.reading,
                pools: pool.value.readings()
            )
            // The first to succeed counts: both do so on the asking loop.
            loop.execute {
                timeout.cancel()
                answer.succeed(reading)
            }
        }
        return answer.futureResult
    }
}
