/// The path of a request or of an href, decoded once and never again.
public struct RequestPath: Sendable, Equatable {
    /// The longest target, in bytes.
    public static let maximumBytes = 4_096

    /// The segments, decoded; none for `/`.
    public let segments: [String]
    /// Whether the path ends in a slash.
    public let endsWithSlash: Bool

    /// Reads a path, or a whole URL (KDE sends hrefs like `http://user@host/…`): whatever stands
    /// before the path, a query and a fragment are dropped (RFC 9112 §3.2).
    ///
    /// - Throws: ``Refusal`` with status 400 for what ``Href/decode(segment:)`` refuses, an empty
    ///   segment, a path that does not begin at the root; 414 for one that is too long.
    public init(_ target: String) throws(Refusal) {
        guard target.utf8.count <= Self.maximumBytes else {
            throw Refusal(414, reason: "a path is at most \(Self.maximumBytes) bytes long")
        }
        let path = Self.path(of: target)
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw Refusal(400, reason: "a path begins with a slash")
        }
        var parts = path.utf8.dropFirst().split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        endsWithSlash = parts.last?.isEmpty ?? true
        if endsWithSlash { parts = parts.dropLast() }
        var segments: [String] = []
        for part in parts {
            guard !part.isEmpty else {
                throw Refusal(400, reason: "the path has an empty segment")
            }
            segments.append(try Href.decode(segment: Substring(part)))
        }
        self.segments = segments
    }

    private static func path(of target: String) -> Substring {
        var rest = target[...]
        if let host = hostStart(in: target) {
            let path = target.utf8[host...].firstIndex { "/?#".utf8.contains($0) }
            guard let path, target.utf8[path] == UInt8(ascii: "/") else { return "/" }
            rest = target[path...]
        }
        if let end = rest.utf8.firstIndex(where: { "?#".utf8.contains($0) }) {
            rest = rest[..<end]
        }
        return rest
    }

    /// Where the host begins in `http://host/…`; `nil` for a path.
    private static func hostStart(in target: String) -> String.Index? {
        for scheme in ["http://", "https://"] {
            let start = target.utf8.prefix(scheme.utf8.count)
            let isScheme = start.elementsEqual(scheme.utf8) { byte, wanted in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    ? byte | 0x20 == wanted : byte == wanted
            }
            if isScheme { return start.endIndex }
        }
        return nil
    }
}
