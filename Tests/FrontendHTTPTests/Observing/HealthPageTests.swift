import NIOCore
import Testing

@testable import FrontendHTTP

/// What health is told by itself.
struct HealthPageTests {
    private static let now = NIODeadline.uptimeNanoseconds(100_000_000_000)
    private static let up = PoolReading(health: .up)
    private static let down = PoolReading(health: .down(since: now - .seconds(40)))

    private static func reading(
        _ pools: [String: PoolReading] = [:],
        stuckLoops: Int = 0,
        areSettingsGood: Bool = true,
        isStopping: Bool = false
    ) -> GatewayReading {
        GatewayReading(
            loops: [LoopReading(meter: MeterReading(), pools: pools)],
            stuckLoops: stuckLoops,
            instances: ["default", "work"],
            areSettingsGood: areSettingsGood,
            isStopping: isStopping,
            process: ProcessReading(startSeconds: 0),
            lostLogLines: 0
        )
    }

    private static func readiness(
        _ reading: GatewayReading,
        of instance: String? = nil
    ) -> (status: Int, text: String) {
        HealthPage.readiness(reading, of: instance, now: now)
    }

    @Test func `the process is healthy while all event loops turn, whatever the backends do`() {
        #expect(HealthPage.liveness(Self.reading(["default": Self.down])).status == 200)
        #expect(HealthPage.liveness(Self.reading(isStopping: true)).status == 200)
        #expect(HealthPage.liveness(Self.reading(stuckLoops: 1)).status == 503)
    }

    @Test func `a gateway that nobody has used yet is ready`() {
        let (status, text) = Self.readiness(Self.reading())

        #expect(status == 200)
        #expect(text.contains("instance work: not needed yet\n"))
    }

    @Test func `one backend that is out of reach is told, and takes no other's requests away`() {
        let reading = Self.reading(["default": Self.up, "work": Self.down])
        let (status, text) = Self.readiness(reading)

        #expect(status == 200)
        #expect(text.contains("instance default: reached when last needed\n"))
        #expect(text.contains("instance work: not reached since 40 s"))
        #expect(Self.readiness(reading, of: "default").status == 200)
        #expect(Self.readiness(reading, of: "work").status == 503)
        #expect(Self.readiness(reading, of: "other").status == 404)
    }

    @Test func `where every backend that was needed is out of reach, the gateway is not ready`() {
        #expect(Self.readiness(Self.reading(["work": Self.down])).status == 503)
    }

    @Test func `a gateway that stops, or whose event loops do not turn, is not ready`() {
        #expect(Self.readiness(Self.reading(isStopping: true)).status == 503)
        #expect(Self.readiness(Self.reading(stuckLoops: 1)).status == 503)
    }

    @Test func `settings that could not be read again are told, and the old ones serve`() {
        let (status, text) = Self.readiness(Self.reading(areSettingsGood: false))

        #expect(status == 200)
        #expect(text.contains("settings: could not be read again"))
    }

    @Test(arguments: [
        ([PoolReading](), BackendHealth.unknown), ([up, PoolReading()], .up),
        ([up, down], down.health),
        ([down, PoolReading()], down.health), ([PoolReading(), up], .up),
    ])
    func `what event loops know of a backend adds up`(
        readings: [PoolReading],
        health: BackendHealth
    ) {
        var sum = PoolReading()
        for reading in readings { sum.add(reading) }

        #expect(sum.health == health)
    }
}
