import Settings
import Testing

@testable import FrontendHTTP

/// Waiting after failures.
struct FailureThrottleTests {
    private static let here = ClientNetwork("203.0.113.7")
    private static let there = ClientNetwork("198.51.100.9")
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
            let network = ClientNetwork("198.51.100.\(number)")
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

    @Test func `many addresses do not fill the memory`() throws {
        var table = RecentTable<ClientNetwork, Int>(maximum: 100)
        for number in 0..<10_000 {
            table[ClientNetwork("10.0.\(number / 256).\(number % 256)")] = 1
        }

        #expect(table.count <= 100)
    }
}

/// Where clients come from.
struct ClientOriginTests {
    @Test(arguments: ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1", nil] as [String?])
    func `this machine is a loopback address or a Unix socket`(address: String?) {
        #expect(ClientOrigin(address, isSecure: false).isLoopback)
    }

    @Test(arguments: ["203.0.113.7", "2001:db8::1", "::2", "fe80::1%eth0", "::ffff:10.0.0.1"])
    func `any other is not`(address: String) {
        #expect(!ClientOrigin(address, isSecure: false).isLoopback)
    }

    @Test func `RFC 6177 §2: an IPv6 site is counted as one, an IPv4 address by itself`() {
        #expect(ClientNetwork("2001:db8:1:2::1") == ClientNetwork("2001:db8:1:2:ffff::9"))
        #expect(ClientNetwork("2001:db8:1:2::1") != ClientNetwork("2001:db8:1:3::1"))
        #expect(ClientNetwork("203.0.113.7") != ClientNetwork("203.0.113.8"))
        #expect(ClientNetwork("::ffff:203.0.113.7") == ClientNetwork("203.0.113.7"))
    }
}
