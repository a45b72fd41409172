#if canImport(Glibc)
    internal import Glibc
#endif

/// An address of IPv4 or IPv6, as a number of 128 bits; IPv4 as it lies in IPv6 (RFC 4291 §2.5.5.2).
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The upper half.
    public let high: UInt64
    /// The lower half.
    public let low: UInt64

    private static let mapped: UInt64 = 0xFFFF_0000_0000

    /// Takes the bytes of an address, the first one first.
    ///
    /// - Returns: `nil` for anything but 4 or 16 bytes.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4:
            high = 0
            low = Self.mapped | bytes.reduce(0) { $0 << 8 | UInt64($1) }
        case 16:
            high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
        default: return nil
        }
    }

    /// Reads `192.0.2.1` or `2001:db8::1`, without brackets, zone or port (inet_pton(3)).
    public init?(_ text: some StringProtocol) {
        guard (2...45).contains(text.utf8.count) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        let isIPv6 = text.utf8.contains(UInt8(ascii: ":"))
        // `inet_pton` writes 4 or 16 bytes and reads a C string that Swift made.
        let isRead = unsafe inet_pton(isIPv6 ? AF_INET6 : AF_INET, String(text), &bytes)
        guard isRead == 1 else { return nil }
        self.init(bytes: bytes.prefix(isIPv6 ? 16 : 4))
    }

    /// Whether it is one of IPv4.
    public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

    /// Whether it is this machine: 127.0.0.0/8 or `::1`.
    public var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// Whom the address stands for when clients are counted: itself in IPv4, its /64 in IPv6, since one
    /// line has that many addresses (RFC 6177 §2); `::1` counts as 127.0.0.1.
    public var network: IPAddress {
        if isIPv4 { return self }
        return isLoopback
            ? IPAddress(high: 0, low: Self.mapped | 0x7F00_0001) : IPAddress(high: high, low: 0)
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The address as people write it; IPv6 in the form of RFC 5952.
    public var description: String {
        var bytes: [UInt8] = []
        for half in [high, low] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: half >> UInt64(shift)))
            }
        }
        if isIPv4 { bytes = Array(bytes.suffix(4)) }
        var text = [CChar](repeating: 0, count: 46)
        // The longest text has 45 characters (INET6_ADDRSTRLEN).
        unsafe inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }
}

/// Addresses that begin alike: `10.0.0.0/8`, or one address.
public struct IPAddressRange: Sendable, Hashable {
    private let first: IPAddress
    private let bits: Int

    /// Reads an address, with or without the length of its prefix.
    ///
    /// - Returns: `nil` for what is none, also for an address with bits beyond its prefix: it would not
    ///   mean what it seems to.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let address = IPAddress(parts[0]) else { return nil }
        let whole = address.isIPv4 ? 32 : 128
        var bits = whole
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1]), number <= whole
            else { return nil }
            bits = number
        }
        self.bits = bits + 128 - whole
        first = address
        let (high, low) = mask
        guard address.high & ~high == 0, address.low & ~low == 0 else { return nil }
    }

    /// Whether an address is one of them.
    public func contains(_ address: IPAddress) -> Bool {
        let (high, low) = mask
        return address.high & high == first.high && address.low & low == first.low
    }

    private var mask: (UInt64, UInt64) {
        (
            bits >= 64 ? .max : ~(.max >> UInt64(bits)),
            bits <= 64 ? 0 : bits == 128 ? .max : ~(.max >> UInt64(bits - 64))
        )
    }
}
