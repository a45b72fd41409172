/// `[cors."<host>"]` of `gateway.toml`: which web pages may use a host from within a browser (Fetch
/// Standard, "CORS protocol"). None, where a host has no such section.
///
/// ```toml
/// [cors."contacts.example.com"]
/// origins = ["https://app.example.com"]
/// max_age = "1h"
/// ```
public struct CORSSettings: Sendable, Equatable {
    /// The host, as instances name theirs (``InstanceSettings/vhosts``): lower-case, without a port;
    /// `*.example.com` for the names with one label before `example.com` that have no section of their
    /// own, `*` for every host without one.
    public let host: String
    /// `origins`: scheme, host and port as the browser writes them. One of these may use what the
    /// browser knows of a log-in. `["*"]`: every origin, which must bring the log-in itself.
    public let origins: [String]
    /// `max_age`: how long a browser may remember the answer to a preflight; 0 seconds to 1 day.
    public let maximumAge: Duration
    /// The line of the file.
    public let line: Int

    /// Whether every origin may.
    public var allowsEveryOrigin: Bool { origins == ["*"] }

    private static let remedy = #"write origins = ["https://app.example.com"]"#

    private init(host: String, line: Int, _ reader: inout TableReader) throws(SettingsError) {
        self.host = host
        self.line = line
        guard let origins = try reader.strings("origins", remedy: Self.remedy), !origins.isEmpty
        else { throw reader.error("origins", "is missing or empty", Self.remedy) }
        guard origins == ["*"] || origins.allSatisfy(Self.isOrigin) else {
            throw reader.error(
                "origins",
                "must be origins as browsers write them, in lower case, without a path and without "
                    + "the port that the scheme has anyway, or [\"*\"] alone",
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

    /// `[cors]` with its sections, each for another host.
    static func all(_ reader: inout TableReader) throws(SettingsError) -> [CORSSettings] {
        var all: [CORSSettings] = []
        for (key, line, table) in try reader.tables("cors") {
            let path = "\(reader.name("cors")).\(TOMLText.key(key))"
            func error(_ problem: String, _ remedy: String) -> SettingsError {
                SettingsError(
                    file: reader.file,
                    line: line,
                    key: path,
                    problem: problem,
                    remedy: remedy
                )
            }
            guard let host = InstanceSettings.host(key) else {
                throw error(
                    "is no host",
                    #"write [cors."contacts.example.com"], without a scheme, a port or a path"#
                )
            }
            if let first = all.first(where: { $0.host == host }) {
                throw error("is the host of line \(first.line) again", "put both into one section")
            }
            var inner = TableReader(table, file: reader.file, path: path)
            all.append(try CORSSettings(host: host, line: line, &inner))
            try inner.end()
        }
        return all
    }

    /// `https://app.example.com`, `http://localhost:3000`, `moz-extension://…` (RFC 6454 §6.2). A browser
    /// writes lower case alone, and no port that the scheme has by default (§4); what it never writes
    /// would never match.
    private static func isOrigin(_ text: String) -> Bool {
        let scheme = text.prefix { $0 != ":" }
        let rest = text[scheme.endIndex...]
        guard rest.hasPrefix("://"), text == text.lowercased() else { return false }
        let authority = rest.dropFirst(3)
        // An IPv6 address has colons within its brackets.
        let colon = authority.lastIndex { $0 == ":" || $0 == "]" }.flatMap { index in
            authority[index] == ":" ? index : nil
        }
        let host = String(authority[..<(colon ?? authority.endIndex)])
        guard isScheme(scheme), !host.hasPrefix("*"), InstanceSettings.host(host) != nil else {
            return false
        }
        guard let colon else { return true }
        return isPort(authority[authority.index(after: colon)...], of: scheme)
    }

    /// RFC 3986 §3.1.
    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
            default: false
            }
        }
    }

    private static func isPort(_ text: Substring, of scheme: Substring) -> Bool {
        guard let port = Int(text), (1...65_535).contains(port), String(port) == text else {
            return false
        }
        return port != defaultPorts[String(scheme)]
    }

    private static let defaultPorts = ["http": 80, "https": 443]
}
