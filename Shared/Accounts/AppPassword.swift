internal import Crypto

/// A password that a program made for one device.
public enum AppPassword {
    /// How many groups of four characters one has: 28 characters of 31, about 138 bits.
    static let groups = 7

    /// A new password and a new id, from the system's random numbers.
    public static func make() -> (id: String, password: String) {
        (GeneratedPassword.characters(8), GeneratedPassword.make(groups: groups))
    }
}

/// What is kept of an app password: its SHA-256.
///
/// A slow hash slows down guessing, and nobody guesses one of 2¹³⁸: a plain one is as safe, and takes a
/// microsecond instead of 20 milliseconds. It has no salt, so that one look finds the password among
/// all of a user's; two alike do not happen.
public struct AppPasswordHash: Sendable, Hashable {
    /// What the text begins with.
    private static let prefix = "sha256:"

    private let digest: [UInt8]

    /// Takes a hash as it stands in `users.toml`: `sha256:` and 64 hexadecimal digits.
    ///
    /// - Returns: `nil` for any other text.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let digits = Array(text.utf8.dropFirst(Self.prefix.utf8.count))
        guard digits.count == 2 * SHA256Digest.byteCount else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(SHA256Digest.byteCount)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        digest = bytes
    }

    /// The hash of a password as somebody typed it: capitals, blanks and hyphens make no difference,
    /// since a phone's keyboard adds them of its own.
    public init(of password: [UInt8]) {
        let plain = password.compactMap { byte -> UInt8? in
            switch byte {
            case 0x20, 0x2D: nil
            case 0x41...0x5A: byte | 0x20
            default: byte
            }
        }
        digest = Array(SHA256.hash(data: plain))
    }

    /// The hash as it stands in `users.toml`.
    public var text: String {
        let digits = Array("0123456789abcdef".utf8)
        let hex = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return Self.prefix + String(decoding: hex, as: UTF8.self)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x61...0x66: digit - 0x57
        default: nil
        }
    }
}
