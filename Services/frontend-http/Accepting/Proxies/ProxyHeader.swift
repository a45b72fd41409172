import NIOCore
import Settings

/// The header with which a proxy begins a connection, to say whom it speaks for.
///
/// Source: The PROXY protocol, versions 1 and 2, by Willy Tarreau (haproxy.org, proxy-protocol.txt),
/// §2.1 and §2.2.
struct ProxyHeader: Equatable {
    /// Whom a proxy speaks for.
    struct Client: Equatable, Sendable {
        let address: ClientAddress
        /// Whether that one spoke TLS to the proxy.
        let isSecure: Bool
    }

    /// Why a header is refused.
    enum Malformed: Error { case header }

    /// `nil` where the proxy speaks for itself, to see whether anybody is there.
    let client: Client?
    /// How many bytes the header takes.
    let byteCount: Int

    /// The longest header of version 1, with its line end.
    static let maximumTextBytes = 107
    /// The longest one of version 2 that is taken; it may hold more than addresses.
    static let maximumBinaryBytes = 16 + 4_096

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    /// Reads a header from the beginning of a connection.
    ///
    /// - Returns: `nil` where not all of it has come.
    /// - Throws: ``Malformed`` for what is no header.
    static func read(_ bytes: ByteBufferView) throws(Malformed) -> ProxyHeader? {
        if bytes.starts(with: signature) { return try binary(bytes) }
        if signature.starts(with: bytes) { return nil }
        return try text(bytes)
    }

    // MARK: Version 1

    private static let opening = Array("PROXY ".utf8)

    private static func text(_ bytes: ByteBufferView) throws(Malformed) -> ProxyHeader? {
        guard bytes.starts(with: opening) || opening.starts(with: bytes) else { throw .header }
        guard let end = bytes.prefix(maximumTextBytes).firstIndex(of: 0x0A) else {
            guard bytes.count < maximumTextBytes else { throw .header }
            return nil
        }
        let line = bytes[..<end]
        guard line.last == 0x0D else { throw .header }
        let words = line.dropLast().split(separator: 0x20, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        return ProxyHeader(client: try client(words), byteCount: line.count + 1)
    }

    private static func client(_ words: [String]) throws(Malformed) -> Client? {
        if words.count >= 2, words[1] == "UNKNOWN" { return nil }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6",
            let source = IPAddress(words[2]), let destination = IPAddress(words[3]),
            isPort(words[4]), isPort(words[5])
        else { throw .header }
        let isIPv6 = words[1] == "TCP6"
        guard source.isIPv4 != isIPv6, destination.isIPv4 != isIPv6 else { throw .header }
        return Client(address: .network(source), isSecure: false)
    }

    private static func isPort(_ text: String) -> Bool {
        let digits = text.utf8
        return (1...5).contains(digits.count) && digits.allSatisfy { (0x30...0x39).contains($0) }
            && (digits.count == 1 || digits.first != 0x30) && (Int(text) ?? .max) <= 65_535
    }

    // MARK: Version 2

    private static func binary(_ bytes: ByteBufferView) throws(Malformed) -> ProxyHeader? {
        guard bytes.count >= 16 else { return nil }
        let head = Array(bytes.prefix(16))
        let length = Int(head[14]) << 8 | Int(head[15])
        guard head[12] >> 4 == 2, 16 + length <= maximumBinaryBytes else { throw .header }
        guard bytes.count >= 16 + length else { return nil }
        let content = Array(bytes.dropFirst(16).prefix(length))
        let total = 16 + length
        switch head[12] & 0x0F {
        case 0: return ProxyHeader(client: nil, byteCount: total)
        case 1:
            return ProxyHeader(client: try client(family: head[13], content), byteCount: total)
        default: throw .header
        }
    }

    private static func client(family: UInt8, _ content: [UInt8]) throws(Malformed) -> Client? {
        let addressBytes: Int
        switch family {
        case 0x11: addressBytes = 4
        case 0x21: addressBytes = 16
        // Unspecified, or a Unix socket: the proxy's own address is the best that is known.
        case 0x00, 0x31: return nil
        default: throw .header
        }
        let addresses = 2 * addressBytes + 4
        guard content.count >= addresses,
            let address = IPAddress(bytes: content.prefix(addressBytes))
        else { throw .header }
        return Client(
            address: .network(address),
            isSecure: try isSecure(content.dropFirst(addresses))
        )
    }

    /// Whether one of the values behind the addresses says that the client spoke TLS (§2.2.5).
    private static func isSecure(_ values: ArraySlice<UInt8>) throws(Malformed) -> Bool {
        var rest = values
        var isSecure = false
        while !rest.isEmpty {
            guard let type = rest.popFirst(), let high = rest.popFirst(), let low = rest.popFirst(),
                rest.count >= Int(high) << 8 | Int(low)
            else { throw .header }
            let value = rest.prefix(Int(high) << 8 | Int(low))
            rest = rest.dropFirst(value.count)
            if type == 0x20, let flags = value.first { isSecure = flags & 1 == 1 }
        }
        return isSecure
    }
}
