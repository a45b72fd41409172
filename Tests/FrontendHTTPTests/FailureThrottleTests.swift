import Settings
import Testing

@testable import FrontendHTTP

/// Waiting after failures.
struct FailureThrottleTests {
    private static let here = ClientAddress.test("203.0.113.7").network
    private static let there = ClientAddress.test("198.51.100.9").network
    private let start = ContinuousClock.now

    private static func throttle() throws -> FailureThrottle {
        FailureThrottle(limits: try GatewaySettings(bytes: [], file: "gateway.toml").throttle)
    }

    @Test func `an address waits after its fifth failure, twice as long after each more`() throws {
        var throttle = try Self.throttle()
        var now = start
        var delays: [Duration?] = []
        for _ in 0..<8 {
            throttle.noteFailure(of: Self.here, user: nil, now: now)
            let delay = throttle.delay(of: Self.here, user: nil, now: now)
            delays.append(delay)
            now += delay ?? .zero
        }

        #expect(delays == [nil, nil, nil, nil] + [1, 2, 4, 8].map { .seconds($0) })
        #expect(throttle.delay(of: Self.here, user: nil, now: now) == nil)
        #expect(throttle.delay(of: Self.there, user: nil, now: now) == nil)
    }

    @Test func `the delay has an end, and so has the memory`() throws {
        var throttle = try Self.throttle()
        for _ in 0..<100 { throttle.noteFailure(of: Self.here, user: nil, now: start) }
        #expect(throttle.delay(of: Self.here, user: nil, now: start) == .seconds(300))

        let later = start + .seconds(3_601)
        throttle.noteFailure(of: Self.here, user: nil, now: later)

        #expect(throttle.delay(of: Self.here, user: nil, now: later) == nil)
    }

    @Test func `a name waits after ten failures, wherever they came from`() throws {
        var throttle = try Self.throttle()
        for number in 0..<10 {
            let network = ClientAddress.test("198.51.100.\(number)").network
            throttle.noteFailure(of: network, user: "alice", now: start)
        }

        #expect(throttle.delay(of: Self.here, user: "alice", now: start) == .seconds(1))
        #expect(throttle.delay(of: Self.here, user: "bob", now: start) == nil)
        #expect(throttle.delay(of: Self.here, user: nil, now: start) == nil)
    }

    @Test func `nobody locks a user out of an address from which the user has logged in`() throws {
        var throttle = try Self.throttle()
        throttle.noteSuccess(of: Self.here, user: "alice", now: start)
        for _ in 0..<50 { throttle.noteFailure(of: Self.there, user: "alice", now: start) }

        #expect(throttle.delay(of: Self.here, user: "alice", now: start) == nil)
        #expect(throttle.delay(of: Self.there, user: "alice", now: start) != nil)
        let forgotten = start + FailureThrottle.familiarity
        for _ in 0..<50 { throttle.noteFailure(of: Self.there, user: "alice", now: forgotten) }
        #expect(throttle.delay(of: Self.here, user: "alice", now: forgotten) != nil)
    }

    @Test func `a password that is remembered waits as any other where its user is not known`()
        throws
    {
        var throttle = try Self.throttle()
        throttle.noteSuccess(of: Self.here, user: "alice", now: start)
        func delay(_ throttle: inout FailureThrottle, _ network: ClientNetwork) -> Duration? {
            throttle.delayOfRemembered(of: network, user: "alice", now: start)
        }
        let later = ClientAddress.test("192.0.2.100").network
        #expect(delay(&throttle, later) == nil)

        for _ in 0..<5 {
            for network in [Self.here, Self.there, later] {
                throttle.noteFailure(of: network, user: nil, now: start)
            }
        }
        #expect(delay(&throttle, Self.there) == .seconds(1))
        #expect(delay(&throttle, Self.here) == nil)
        #expect(delay(&throttle, later) == nil)

        // Guesses from everywhere: from nowhere does the right one show.
        for number in 0..<10 {
            let network = ClientAddress.test("192.0.2.\(number)").network
            throttle.noteFailure(of: network, user: "alice", now: start)
        }
        let elsewhere = ClientAddress.test("192.0.2.200").network
        #expect(delay(&throttle, elsewhere) != nil)
        #expect(throttle.delayOfRemembered(of: elsewhere, user: "bob", now: start) == nil)
        #expect(delay(&throttle, Self.here) == nil)
    }

    @Test func `many addresses do not fill the memory`() throws {
        var table = RecentTable<ClientNetwork, Int>(maximum: 100)
        for number in 0..<10_000 {
            table[ClientAddress.test("10.0.\(number / 256).\(number % 256)").network] = 1
        }

        #expect(table.count <= 100)
    }
}
