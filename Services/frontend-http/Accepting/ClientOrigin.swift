import Glibc

/// Where a request comes from, and how: what decides whether credentials are taken, and whose failures
/// are counted together.
struct ClientOrigin: Sendable, Equatable {
    /// The client's address, as logs have it; `local` for a Unix socket.
    let address: String
    /// Whether the client is on this machine.
    let isLoopback: Bool
    /// Whether nobody on the way can read along.
    let isSecure: Bool
    /// What failures are counted by.
    let network: ClientNetwork

    /// - Parameters:
    ///   - address: The client's IP address; `nil` for a Unix socket.
    ///   - isSecure: Whether it came over TLS.
    init(_ address: String?, isSecure: Bool) {
        self.address = address ?? "local"
        self.isSecure = isSecure
        network = ClientNetwork(address)
        isLoopback = network.isLoopback
    }

    /// As connection, PROXY header and trusted fields tell.
    init(_ origin: RequestOrigin) {
        self.init(origin.client == "local" ? nil : origin.client, isSecure: origin.isSecure)
    }
}

/// An address, as failures are counted: IPv4 whole, IPv6 by /64, since one client has all of that
/// (RFC 6177 §2).
struct ClientNetwork: Sendable, Hashable {
    /// The bytes of the address, or of its first 64 bits; none for a Unix socket.
    private let bytes: [UInt8]

    init(_ address: String?) {
        // A link-local address has its interface behind a percent sign.
        let text = address.map { String($0.prefix { $0 != "%" }) } ?? ""
        var four = [UInt8](repeating: 0, count: 4)
        var six = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = four
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            // An IPv4 client of a socket for both (RFC 4291 §2.5.5.2).
            let isMapped = six.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
            let isLoopback = six.dropLast().allSatisfy { $0 == 0 } && six.last == 1
            bytes =
                isMapped
                ? Array(six.suffix(4)) : isLoopback ? [127, 0, 0, 1] : Array(six.prefix(8))
        } else {
            bytes = []
        }
    }

    /// Whether it is this machine: 127.0.0.0/8, ::1, a Unix socket.
    var isLoopback: Bool { bytes.isEmpty || (bytes.count == 4 && bytes[0] == 127) }
}
