import NIOCore
import Settings

/// Who is on the other end of a connection.
enum ClientAddress: Hashable, Sendable {
    /// Somebody on this machine, by a Unix socket.
    case local
    case network(IPAddress)

    /// - Returns: `nil` where the other end is gone already.
    init?(_ address: SocketAddress?) {
        switch address {
        case .unixDomainSocket: self = .local
        case .v4, .v6:
            guard let text = address?.ipAddress, let address = IPAddress(text) else { return nil }
            self = .network(address)
        case nil: return nil
        }
    }

    /// Whether it is this machine.
    var isThisMachine: Bool {
        switch self {
        case .local: true
        case .network(let address): address.isLoopback
        }
    }

    /// As logs and backends are told.
    var text: String {
        switch self {
        case .local: "local"
        case .network(let address): address.description
        }
    }

    /// What its connections, its failures and its requests without a log-in are counted by.
    var network: ClientNetwork {
        switch self {
        case .local: ClientNetwork(address: nil)
        case .network(let address): ClientNetwork(address: address.network)
        }
    }
}

/// Whose connections, failures and requests without a log-in are counted together: those of an IPv4
/// address or an IPv6 /64, or of all who come by a Unix socket (``IPAddress/network``).
struct ClientNetwork: Hashable, Sendable {
    /// The address that stands for all; `nil` for Unix sockets.
    fileprivate let address: IPAddress?
}
