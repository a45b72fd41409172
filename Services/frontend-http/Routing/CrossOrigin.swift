import NIOHTTP1
import Settings

/// Which web pages may use which host from within a browser (Fetch Standard, "CORS protocol"), with
/// the fields that say so made once.
struct CrossOrigin: Sendable {
    typealias Fields = [(String, String)]

    /// What one host allows.
    private struct Host: Sendable {
        let origins: Set<String>
        let allowsEveryOrigin: Bool
        let maximumAge: String

        init(_ settings: CORSSettings) {
            origins = Set(settings.origins)
            allowsEveryOrigin = settings.allowsEveryOrigin
            maximumAge = String(settings.maximumAge.components.seconds)
        }
    }

    /// Every method that the backends know.
    private static let methods =
        "GET, HEAD, OPTIONS, PUT, POST, DELETE, PROPFIND, PROPPATCH, REPORT, MKCOL, COPY, MOVE"
    /// What DAV clients send: RFC 4918 §10, RFC 6352, RFC 5995, RFC 7240, RFC 8144, and what pages'
    /// libraries add. `*` would not mean Authorization.
    private static let requestFields =
        "Accept, Authorization, Brief, Cache-Control, Content-Type, Depth, Destination, If, "
        + "If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since, Overwrite, Prefer, "
        + "Slug, X-Client, X-Request-ID, X-Requested-With"
    /// What a page may read beside what it always may.
    private static let answerFields =
        "Allow, Content-Location, DAV, ETag, Location, Preference-Applied, Retry-After, "
        + "Sync-Token, Vary, WWW-Authenticate, X-Request-ID"

    private let hosts: HostTable<Host>

    /// Whether no host allows anything.
    let isEmpty: Bool

    init(_ settings: [CORSSettings]) {
        hosts = HostTable(settings.map { ($0.host, Host($0)) })
        isEmpty = settings.isEmpty
    }

    /// The fields for an answer of a host.
    ///
    /// Where the answer depends on the origin it says so, also to a request that names none: a cache
    /// would give it to a page otherwise.
    func fields(host: String, origin: String?) -> Fields {
        guard let rules = hosts[host] else { return [] }
        guard let allowance = Self.allowance(origin, rules) else {
            return rules.allowsEveryOrigin ? [] : [("vary", "Origin")]
        }
        return allowance + [("access-control-expose-headers", Self.answerFields)]
    }

    /// The fields for the answer to a preflight; `nil` where the page may not, and for what is none.
    ///
    /// - Parameters:
    ///   - head: The request's head.
    ///   - fields: What was read of its fields.
    ///   - host: The host that it is for.
    /// - Returns: The fields.
    func preflight(_ head: HTTPRequestHead, _ fields: RequestFields, host: String) -> Fields? {
        guard head.method == .OPTIONS, fields.asksForMethod, let rules = hosts[host],
            let allowance = Self.allowance(fields.origin, rules)
        else { return nil }
        return allowance + [
            ("access-control-allow-methods", Self.methods),
            ("access-control-allow-headers", Self.requestFields),
            ("access-control-max-age", rules.maximumAge),
        ]
    }

    private static func allowance(_ origin: String?, _ rules: Host) -> Fields? {
        guard let origin else { return nil }
        if rules.allowsEveryOrigin { return [("access-control-allow-origin", "*")] }
        guard rules.origins.contains(origin) else { return nil }
        return [
            ("access-control-allow-origin", origin), ("access-control-allow-credentials", "true"),
            ("vary", "Origin"),
        ]
    }
}
