/// The name of a git object: the 20 bytes of its SHA-1.
public struct ObjectID: Hashable, Sendable, CustomStringConvertible {
    /// The bytes of an identifier.
    public static let byteCount = 20

    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    /// Reads an identifier from its 20 bytes.
    ///
    /// - Parameter bytes: Exactly 20 bytes; `nil` comes back for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt32) = (0, 0, 0)
        for (position, byte) in bytes.enumerated() {
            switch position {
            case 0..<8: words.0 = words.0 << 8 | UInt64(byte)
            case 8..<16: words.1 = words.1 << 8 | UInt64(byte)
            default: words.2 = words.2 << 8 | UInt32(byte)
            }
        }
        (first, second, third) = words
    }

    /// Whether all bytes are zero, which git uses for "no object".
    var isZero: Bool { first == 0 && second == 0 && third == 0 }

    /// Reads the 20 bytes at an address, which the caller has checked to be there.
    init(reading address: UnsafeRawPointer) {
        first = UInt64(bigEndian: address.loadUnaligned(as: UInt64.self))
        second = UInt64(bigEndian: address.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        third = UInt32(bigEndian: address.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }

    /// Reads an identifier from 40 hexadecimal digits, in either case.
    public init?(hex: some StringProtocol) {
        let digits = hex.utf8
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        var high: UInt8?
        for digit in digits {
            guard let value = Self.value(ofDigit: digit) else { return nil }
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.init(bytes: bytes)
    }

    /// The first byte, by which pack indexes fan out.
    var firstByte: UInt8 { UInt8(truncatingIfNeeded: first >> 56) }

    /// Whether the bytes sort before those of another.
    func precedes(_ other: ObjectID) -> Bool {
        if first != other.first { return first < other.first }
        if second != other.second { return second < other.second }
        return third < other.third
    }

    /// The 20 bytes.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            write(to: UnsafeMutableRawPointer(base))
            count = Self.byteCount
        }
    }

    /// The 40 lower-case hexadecimal digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 2 * Self.byteCount) { buffer in
            var position = 0
            func put(_ word: UInt64, digits: Int) {
                for digit in stride(from: digits - 1, through: 0, by: -1) {
                    let nibble = UInt8(truncatingIfNeeded: word >> UInt64(4 * digit)) & 15
                    buffer[position] = nibble < 10 ? 48 + nibble : 87 + nibble
                    position += 1
                }
            }
            put(first, digits: 16)
            put(second, digits: 16)
            put(UInt64(third), digits: 8)
            return 2 * Self.byteCount
        }
    }

    /// The same as ``hex``.
    public var description: String { hex }

    /// Writes the 20 bytes to an address with room for them.
    func write(to address: UnsafeMutableRawPointer) {
        address.storeBytes(of: first.bigEndian, as: UInt64.self)
        address.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
        address.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt32.self)
    }

    private static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
