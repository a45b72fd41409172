#if canImport(Glibc)
    internal import Glibc
#endif

/// `[pam]` of `gateway.toml`: by what the passwords of users are checked whose `password` is `pam`.
///
/// ```toml
/// [pam]
/// service = "everlock-contacts"
/// ```
public struct PAMSettings: Sendable, Equatable {
    /// `service`: the name of a file in `/etc/pam.d`, 1 to 64 of a-z, 0-9, `-`, `_` and `.`, a letter
    /// or a digit first; `nil` where passwords are not left to PAM.
    public let service: String?
    /// `folder`: where that file lies instead; an absolute path. `nil`: where PAM looks for it.
    public let folder: String?

    init(_ reader: inout TableReader) throws(SettingsError) {
        let remedy = #"write service = "everlock-contacts""#
        service = try reader.string("service", remedy: remedy)
        folder = try reader.string("folder", remedy: #"write folder = "/etc/pam.d""#)
        // libpam takes what is behind the last slash, in lower case: what else is written is not meant.
        guard service.map(Self.isName) ?? true else {
            throw reader.error("service", "is no name of a service", remedy)
        }
        if let folder {
            guard service != nil else {
                throw reader.error("folder", "needs a service", remedy)
            }
            guard folder.hasPrefix("/"), !folder.utf8.contains(0) else {
                throw reader.error("folder", "must be an absolute path", "begin with /")
            }
        }
    }

    /// Where a service's file may be (pam.d(5)).
    ///
    /// - Parameters:
    ///   - service: The service.
    ///   - folder: The folder that is named for it; `nil`: PAM's own.
    /// - Returns: The paths, the first one being where an operator writes it.
    public static func paths(of service: String, in folder: String?) -> [String] {
        (folder.map { [$0] } ?? ["/etc/pam.d", "/usr/lib/pam.d"]).map { "\($0)/\(service)" }
    }

    /// Finds that a service is named that PAM does not know: it would take `other` in its place.
    ///
    /// - Parameter file: `gateway.toml`.
    /// - Throws: ``SettingsError``.
    public func check(file: String) throws(SettingsError) {
        guard let service else { return }
        let paths = Self.paths(of: service, in: folder)
        // The paths are C strings that Swift made.
        guard !paths.contains(where: { unsafe access($0, R_OK) == 0 }) else { return }
        throw SettingsError(
            file: file,
            key: "pam.service",
            problem: "there is no file \(paths[0]) to read",
            remedy: "write one (pam.d(5)) with lines for auth and account"
        )
    }

    private static func isName(_ text: String) -> Bool {
        guard (1...64).contains(text.utf8.count), let first = text.utf8.first else { return false }
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
        }
        return isAlphanumeric(first)
            && text.utf8.allSatisfy { isAlphanumeric($0) || [0x2D, 0x2E, 0x5F].contains($0) }
    }
}

extension UsersFile {
    /// Finds users whose password is left to PAM while no service is named.
    ///
    /// - Parameters:
    ///   - settings: `[pam]` of `gateway.toml`.
    ///   - file: `users.toml`.
    /// - Throws: ``SettingsError`` for the first of them.
    public func check(_ settings: PAMSettings, file: String) throws(SettingsError) {
        guard settings.service == nil,
            let user = users.first(where: { $0.isLeftToPAM && $0.takesPassword })
        else { return }
        throw SettingsError(
            file: file,
            line: user.line,
            key: "users.\(TOMLText.key(user.name)).password",
            problem: "is left to PAM, and no service is named",
            remedy: "write [pam] and service = \"everlock-contacts\" in \(GatewaySettings.fileName)"
        )
    }
}

extension UserEntry {
    /// What `password` is where PAM checks it; no hash of crypt(3) looks so.
    public static let passwordOfPAM = "pam"

    /// Whether PAM checks the password.
    public var isLeftToPAM: Bool { passwordHash == Self.passwordOfPAM }
}
