/// The headers of `COPY` and `MOVE`: where to, and over what (RFC 4918 §10.3, §10.6).
public enum Destination {
    /// Reads the `Destination` header: a whole URL on this host, or a path.
    ///
    /// The scheme is not compared: who ends TLS before us turns `https` into `http`, and clients
    /// name the former. A user's name before the host is dropped.
    ///
    /// - Parameters:
    ///   - header: The header's value.
    ///   - authority: The host and port that the request came to.
    /// - Returns: The path.
    /// - Throws: ``Refusal`` with status 400 where the header is missing or no URL, 502 for another
    ///   server (RFC 4918 §9.8.5), and what ``RequestPath`` throws.
    public static func path(
        _ header: String?,
        authority: String
    ) throws(Refusal) -> RequestPath {
        guard let header, !header.isEmpty else {
            throw Refusal(400, reason: "COPY and MOVE need a Destination")
        }
        if header.hasPrefix("/"), !header.hasPrefix("//") { return try RequestPath(header) }
        guard isHere(header, authority) else {
            throw Refusal(502, reason: "the Destination lies on another server")
        }
        return try RequestPath(header)
    }

    /// Whether a URL names a host and port.
    ///
    /// - Parameters:
    ///   - url: A URL of the scheme `http` or `https`.
    ///   - authority: The host and port, as a `Host` header has them.
    /// - Returns: Whether the URL lies there; not for what is no such URL.
    public static func isHere(_ url: String, _ authority: String) -> Bool {
        let lower = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lower.hasPrefix) else {
            return false
        }
        let rest = lower.dropFirst(scheme.count)
        let named = rest.prefix { !"/?#".contains($0) }
        let host = named.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return !host.isEmpty && place(host) == place(authority.lowercased()[...])
    }

    /// Reads the `Overwrite` header: whether what lies at the destination may be replaced.
    ///
    /// - Throws: ``Refusal`` with status 400 for anything but `T`, `F` or nothing.
    public static func mayOverwrite(_ header: String?) throws(Refusal) -> Bool {
        switch header {
        case nil, "T", "t": return true
        case "F", "f": return false
        default: throw Refusal(400, reason: "Overwrite is T or F")
        }
    }

    /// A host with its port, which is left out where it is that of a scheme.
    private static func place(_ authority: Substring) -> Substring {
        for port in [":80", ":443"] where authority.hasSuffix(port) {
            return authority.dropLast(port.count)
        }
        return authority.last == ":" ? authority.dropLast() : authority
    }
}
