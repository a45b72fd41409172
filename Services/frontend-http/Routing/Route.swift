import NIOHTTP1

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
    static func of(_ head: HTTPRequestHead, vhosts: Vhosts) -> Route {
        let hosts = head.headers["host"]
        guard hosts.count == 1, let host = hosts.first, Vhosts.name(of: host) != nil else {
            return .refuse(status: 400, reason: "a request names one host in its Host header")
        }
        guard let path = TargetCheck.path(of: head.uri) else {
            return .refuse(status: 400, reason: "the request target is not accepted")
        }
        guard let instance = vhosts.instance(forHost: host) else {
            return .refuse(status: 421, reason: "this host is not served here")
        }
        switch path {
        case "/", "/.well-known/carddav", "/.well-known/carddav/": return .redirect(to: "/dav/")
        case "/dav": return .forward(instance: instance)
        case _ where path.hasPrefix("/dav/"): return .forward(instance: instance)
        default: return .refuse(status: 404, reason: "address books lie under /dav/")
        }
    }
}
