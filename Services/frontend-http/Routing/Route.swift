/// Where a request goes, as far as that can be said without knowing who asks.
enum Route: Equatable {
    /// To an instance's backend, once the user is known.
    case forward(instance: String)
    /// Elsewhere on the same host.
    case redirect(to: String)
    /// Nowhere.
    case refuse(status: Int, reason: String)

    /// Decides by host and path.
    ///
    /// `/.well-known/carddav` leads to `/dav/` on every vhost (RFC 6764 §5), and so does `/`, where
    /// vdirsyncer and Evolution begin. The redirect names a path only: Thunderbird does not follow
    /// one to another origin.
    ///
    /// - Parameters:
    ///   - target: The request's target, as sent.
    ///   - host: The `Host`, where exactly one was sent.
    ///   - vhosts: Which host leads where.
    ///   - maximumBytes: The longest target.
    /// - Returns: The backend, the other place, or why neither.
    static func of(
        _ target: String,
        host: String?,
        vhosts: Vhosts,
        maximumBytes: Int = TargetCheck.maximumBytes
    ) -> Route {
        guard target.utf8.count <= maximumBytes else {
            return .refuse(status: 414, reason: "the request target is too long")
        }
        guard let host, let name = Vhosts.name(of: host) else {
            return .refuse(status: 400, reason: "a request names one host in its Host header")
        }
        guard let path = TargetCheck.path(of: target) else {
            return .refuse(status: 400, reason: "the request target is not accepted")
        }
        guard let instance = vhosts.instance(ofName: name) else {
            return .refuse(status: 421, reason: "this host is not served here")
        }
        switch path {
        case "/", "/.well-known/carddav", "/.well-known/carddav/": return .redirect(to: "/dav/")
        case "/dav": return .forward(instance: instance)
        case _ where path.utf8.starts(with: "/dav/".utf8): return .forward(instance: instance)
        default: return .refuse(status: 404, reason: "address books lie under /dav/")
        }
    }
}
