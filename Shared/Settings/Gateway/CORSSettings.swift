/// `[cors."<host>"]` of `gateway.toml`: which web pages may use a host from within a browser (Fetch
/// Standard, "CORS protocol"). None, where a host has no such section.
///
/// ```toml
/// [cors."contacts.example.com"]
/// origins = ["https://app.example.com"]
/// max_age = "1h"
/// ```
public struct CORSSettings: Sendable, Equatable {
    /// The host as `Host` names it, without a port; `*` for every host without a section of its own.
    public let host: String
    /// `origins`: scheme, host and port as the browser writes them. One of these may use what the
    /// browser knows of a log-in. `["*"]`: every origin, which must bring the log-in itself.
    public let origins: [String]
    /// `max_age`: how long a browser may remember the answer to a preflight; 0 seconds to 1 day.
    public let maximumAge: Duration

    /// Whether every origin may.
    public var allowsEveryOrigin: Bool { origins == ["*"] }

    private static let remedy = #"write origins = ["https://app.example.com"]"#

    init(host: String, _ reader: inout TableReader) throws(SettingsError) {
        self.host = host.lowercased()
        guard let origins = try reader.strings("origins", remedy: Self.remedy), !origins.isEmpty
        else { throw reader.error("origins", "is missing or empty", Self.remedy) }
        guard origins == ["*"] || origins.allSatisfy(Self.isOrigin) else {
            throw reader.error(
                "origins",
                #"must be origins without a path and in lower case, or ["*"] alone"#,
                Self.remedy
            )
        }
        self.origins = origins
        maximumAge = try reader.duration(
            "max_age",
            in: .zero ... .seconds(86_400),
            default: .seconds(3_600)
        )
    }

    /// `[cors]` with its sections.
    static func all(_ reader: inout TableReader) throws(SettingsError) -> [CORSSettings] {
        var all: [CORSSettings] = []
        for (host, _, table) in try reader.tables("cors") {
            let path = "\(reader.name("cors")).\(TOMLText.key(host))"
            var inner = TableReader(table, file: reader.file, path: path)
            all.append(try CORSSettings(host: host, &inner))
            try inner.end()
        }
        return all
    }

    /// `https://app.example.com`, `http://localhost:3000`, `moz-extension://…` (RFC 6454 §6.2).
    private static func isOrigin(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = bytes[..<colon]
        let rest = bytes[colon...]
        guard rest.starts(with: "://".utf8) else { return false }
        let authority = rest.dropFirst(3)
        return !scheme.isEmpty && scheme.allSatisfy { isNameByte($0) || $0 == 0x2B }
            && !authority.isEmpty
            && authority.allSatisfy { isNameByte($0) || [0x3A, 0x5B, 0x5D].contains($0) }
    }

    /// Lower case alone: a browser writes no other (RFC 6454 §4).
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }
}
