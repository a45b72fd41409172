import Settings
import Testing

@testable import FrontendHTTP

/// How many connections there may be, and whose.
struct ConnectionGateTests {
    private static func limits(_ text: String) throws -> GatewayLimitSettings {
        try GatewaySettings(bytes: Array("[limits]\n\(text)".utf8), file: "gateway.toml").limits
    }

    @Test func `an address has so many, and one that ends makes room for another`() throws {
        let gate = ConnectionGate(log: RecordingLog().logger)
        let limits = try Self.limits("connections_per_address = 2\n")
        let one = ClientAddress.test("2001:db8:0:1::1").network
        let sameLine = ClientAddress.test("2001:db8:0:1:9::9").network
        let other = ClientAddress.test("2001:db8:0:2::1").network

        #expect(gate.enter(one, limits, maximum: 10) == nil)
        #expect(gate.enter(sameLine, limits, maximum: 10) == nil)
        #expect(gate.enter(one, limits, maximum: 10) == .address)
        #expect(gate.enter(other, limits, maximum: 10) == nil)
        gate.leave(sameLine)
        #expect(gate.enter(one, limits, maximum: 10) == nil)
        #expect(gate.connections == 3)
    }

    @Test func `all together have so many, and never more than there are descriptors for`() throws {
        let gate = ConnectionGate(log: RecordingLog().logger)
        let limits = try Self.limits("connections = 3\n")

        #expect(gate.enter(nil, limits, maximum: 2) == nil)
        #expect(gate.enter(nil, limits, maximum: 2) == nil)
        #expect(gate.enter(nil, limits, maximum: 2) == .total)
        #expect(gate.enter(nil, limits, maximum: 9) == nil)
        #expect(gate.enter(nil, limits, maximum: 9) == .total)
        gate.leave(nil)
        #expect(gate.connections == 2)
    }

    @Test func `whom a proxy names is counted beside the proxy's connection`() throws {
        let gate = ConnectionGate(log: RecordingLog().logger)
        let limits = try Self.limits("connections_per_address = 1\n")
        let client = ClientAddress.test("192.0.2.7").network

        #expect(gate.enter(nil, limits, maximum: 9) == nil)
        #expect(gate.add(client, limits) == nil)
        #expect(gate.add(client, limits) == .address)
        gate.remove(client)
        #expect(gate.add(client, limits) == nil)
    }

    @Test func `this machine is one client, by IPv4 and by IPv6`() throws {
        let gate = ConnectionGate(log: RecordingLog().logger)
        let limits = try Self.limits("connections_per_address = 1\n")

        #expect(gate.enter(ClientAddress.test("127.0.0.1").network, limits, maximum: 9) == nil)
        #expect(gate.enter(ClientAddress.test("::1").network, limits, maximum: 9) == .address)
    }
}
