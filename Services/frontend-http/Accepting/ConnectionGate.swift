import Glibc
import Logging
import NIOCore
import Settings
import Synchronization

/// Counts the connections of all clients together and of each address.
final class ConnectionGate: Sendable {
    /// Why a connection is not let in.
    enum Refusal: String { case total = "connections", address = "connections_per_address" }

    private struct State {
        var total = 0
        var ofNetwork: [ClientNetwork: Int] = [:]
        var refused = 0
        var nextWord: ContinuousClock.Instant = .now
    }

    private let state = Mutex(State())
    private let log: Logger

    init(log: Logger) { self.log = log }

    /// How many connections there are.
    var connections: Int { state.withLock { $0.total } }

    /// Counts a connection in.
    ///
    /// - Parameters:
    ///   - network: Whose it is; `nil` for somebody who is not counted by address.
    ///   - limits: What is in force.
    ///   - maximum: The most connections that the process may have.
    /// - Returns: `nil` where it may stay; it must be counted out then.
    func enter(
        _ network: ClientNetwork?,
        _ limits: GatewayLimitSettings,
        maximum: Int
    ) -> Refusal? {
        state.withLock { state in
            guard state.total < min(limits.connections, maximum) else { return .total }
            if let network, let refusal = Self.add(network, to: &state, limits) { return refusal }
            state.total += 1
            return nil
        }
    }

    /// Counts a connection that is in already to an address.
    func add(_ network: ClientNetwork, _ limits: GatewayLimitSettings) -> Refusal? {
        state.withLock { Self.add(network, to: &$0, limits) }
    }

    /// Takes an address off a connection that stays.
    func remove(_ network: ClientNetwork) {
        state.withLock { Self.remove(network, from: &$0) }
    }

    /// Counts a connection out.
    func leave(_ network: ClientNetwork?) {
        state.withLock { state in
            state.total -= 1
            if let network { Self.remove(network, from: &state) }
        }
    }

    /// Says that connections are turned away: once a second at the most, with how many there were.
    func tell(_ refusal: Refusal, _ address: ClientAddress) {
        let refused = state.withLock { state -> Int? in
            state.refused += 1
            guard ContinuousClock.now >= state.nextWord else { return nil }
            defer { state.refused = 0 }
            state.nextWord = .now + .seconds(1)
            return state.refused
        }
        guard let refused else { return }
        log.warning(
            "connections turned away",
            metadata: [
                "limit": "\(refusal.rawValue)", "count": "\(refused)",
                "client": "\(address.text)",
            ]
        )
    }

    private static func add(
        _ network: ClientNetwork,
        to state: inout State,
        _ limits: GatewayLimitSettings
    ) -> Refusal? {
        let count = state.ofNetwork[network, default: 0]
        guard count < limits.connectionsPerAddress else { return .address }
        state.ofNetwork[network] = count + 1
        return nil
    }

    private static func remove(_ network: ClientNetwork, from state: inout State) {
        let count = state.ofNetwork[network, default: 0]
        state.ofNetwork[network] = count > 1 ? count - 1 : nil
    }

    /// The most connections that the process has descriptors for: as many as it may have, once it has
    /// asked for all it can get, but for an eighth that backends and files need.
    static func maximumConnections() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return 896
        }
        if limit.rlim_cur < limit.rlim_max {
            var wanted = limit
            wanted.rlim_cur = limit.rlim_max
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wanted) == 0 {
                limit = wanted
            }
        }
        let descriptors = Int(clamping: limit.rlim_cur)
        return max(16, descriptors - max(64, descriptors / 8))
    }
}

/// At a listening socket: closes what is beyond the limits before anything is read from it.
final class ConnectionGateHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let services: GatewayServices
    private let maximum: Int
    private var nextWord: NIODeadline = .now()

    init(_ services: GatewayServices, maximum: Int) {
        self.services = services
        self.maximum = maximum
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        let policy = services.policy
        // Who is gone already has nothing to say.
        guard let address = ClientAddress(channel.remoteAddress) else {
            return channel.close(promise: nil)
        }
        let counted = policy.trusts(address) || address == .local ? nil : address.network
        let gate = services.gate
        if let refusal = gate.enter(counted, policy.limits, maximum: maximum) {
            gate.tell(refusal, address)
            return channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in gate.leave(counted) }
        context.fireChannelRead(data)
    }

    /// No descriptor is left, or a client went before it was taken: the next ones wait in the kernel's
    /// queue until the handler before this one reads again.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard nextWord <= .now() else { return }
        nextWord = .now() + .seconds(1)
        services.log.error("connections cannot be taken", metadata: ["error": "\(error)"])
    }
}
