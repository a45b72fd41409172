internal import CCrypt

#if canImport(Glibc)
    internal import Glibc
#endif

/// A password's hash in a form of crypt(3).
public struct PasswordHash: Sendable, Hashable {
    /// The longest password that is checked, in bytes: `CRYPT_MAX_PASSPHRASE_SIZE` of crypt(3),
    /// which counts the NUL at the end.
    public static let maximumPasswordBytes = 511

    /// The hash as it stands in `users.toml`.
    public let text: String

    private static let prefixes = ["$y$", "$gy$", "$2a$", "$2b$", "$2y$", "$6$", "$5$", "$7$"]

    /// Takes a hash of a form that resists guessing: yescrypt, bcrypt, scrypt, SHA-crypt.
    ///
    /// - Returns: `nil` for any other text.
    public init?(_ text: String) {
        let isPrintable = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
        guard isPrintable, (20...384).contains(text.utf8.count),
            Self.prefixes.contains(where: text.hasPrefix)
        else { return nil }
        self.text = text
    }

    private init(made text: String) {
        self.text = text
    }

    /// A hash that no password is known for: an unknown user costs as much as a wrong password.
    public static let dummy = PasswordHash(
        made: "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"
    )

    /// A hash that no password is known for, of the method and cost that most of these have: checking
    /// it takes as long as checking most users' passwords.
    ///
    /// - Parameter hashes: The hashes of all users.
    /// - Returns: ``dummy`` where there are none.
    public static func dummy(like hashes: [PasswordHash]) -> PasswordHash {
        let methods = Dictionary(grouping: hashes, by: \.method)
        let most = methods.max { ($0.value.count, $0.key) < ($1.value.count, $1.key) }
        guard let model = most?.value.min(by: { $0.text < $1.text }), let last = model.text.last
        else { return dummy }
        // Another last character: the salt and the cost are the model's, and nobody knows a password
        // whose hash this is.
        return PasswordHash(made: model.text.dropLast() + (last == "." ? "/" : "."))
    }

    /// The method and its cost: what the time of a check hangs on.
    var method: String {
        let parts = text.split(separator: "$", maxSplits: 2).map(String.init)
        guard parts.count == 3 else { return text }
        switch parts[0] {
        case "7": return "7$" + parts[1].prefix(11)
        case "5", "6": return parts[1].hasPrefix("rounds=") ? "\(parts[0])$\(parts[1])" : parts[0]
        default: return "\(parts[0])$\(parts[1])"
        }
    }

    /// Whether a password has this hash.
    ///
    /// Blocks for the tens of milliseconds that the hash is meant to cost.
    public func verifies(_ password: [UInt8]) -> Bool {
        guard let computed = Self.crypt(password, setting: text) else { return false }
        let own = Array(text.utf8)
        guard own.count == computed.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(own, computed) { difference |= left ^ right }
        return difference == 0
    }

    /// Hashes a password with yescrypt at the system's default cost.
    ///
    /// - Throws: ``AccountsError``.
    public static func make(_ password: [UInt8]) throws(AccountsError) -> PasswordHash {
        guard (1...maximumPasswordBytes).contains(password.count), !password.contains(0) else {
            throw .unusablePassword
        }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        // The buffer has the size that the library names, and ends in a NUL where it succeeds.
        let isMade =
            unsafe crypt_gensalt_rn("$y$", 0, nil, 0, &setting, Int32(setting.count)) != nil
        guard isMade else { throw .hashingFailed }
        let text = String(
            decoding: setting.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        guard let hash = crypt(password, setting: text) else { throw .hashingFailed }
        return PasswordHash(made: String(decoding: hash, as: UTF8.self))
    }

    private static func crypt(_ password: [UInt8], setting: String) -> [UInt8]? {
        guard password.count <= maximumPasswordBytes, !password.contains(0) else { return nil }
        let phrase = (password + [0]).map { CChar(bitPattern: $0) }
        // 32 KiB of scratch, zeroed as crypt_r asks. What it saw is wiped before it is freed: by
        // explicit_bzero, which the compiler may not leave out.
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        unsafe data.initialize(to: crypt_data())
        defer {
            unsafe explicit_bzero(data, MemoryLayout<crypt_data>.size)
            unsafe data.deallocate()
        }
        guard let hash = unsafe crypt_r(phrase, setting, data) else { return nil }
        let text = unsafe String(cString: hash)
        return text.hasPrefix("*") ? nil : Array(text.utf8)
    }
}

/// Why a password was not hashed.
public enum AccountsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Empty, too long, or with a NUL in it.
    case unusablePassword
    /// The system's library would not.
    case hashingFailed

    /// What is wrong, for people.
    public var description: String {
        switch self {
        case .unusablePassword:
            "a password has 1 to \(PasswordHash.maximumPasswordBytes) bytes and no NUL"
        case .hashingFailed: "the system's crypt library made no yescrypt hash"
        }
    }
}
