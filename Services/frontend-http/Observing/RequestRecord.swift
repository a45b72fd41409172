import NIOHTTP1

/// What the log says of one request: who asked for what, what came of it and where the time went.
/// Never a query, a header or anything else that may hold a password or a token.
struct RequestRecord: Sendable {
    /// The longest path and the longest name of a program that are told, in bytes.
    private static let maximumTextBytes = 512
    private static let maximumUserAgentBytes = 200

    /// Names and values, in the order of the names.
    let fields: [(name: String, value: String)]

    /// What became of a request that has come to its end.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - microseconds: How long it took.
    init(_ request: ForwardedRequest, microseconds: Int) {
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(17)
        fields.append(("authentication", request.authentication.rawValue))
        fields.append(("bytes", String(request.sentBytes)))
        fields.append(("bytes_in", String(request.receivedBytes)))
        fields.append(("client", request.client))
        if let taken = request.hopMicroseconds {
            fields.append(("hop_microseconds", String(taken)))
        }
        fields.append(("instance", request.instance ?? "-"))
        fields.append(("method", request.head.method.rawValue))
        fields.append(("microseconds", String(microseconds)))
        fields.append(("path", Self.path(of: request.head.uri)))
        fields.append(("protocol", Self.protocolText(request)))
        fields.append(("request_id", request.requestID))
        if request.attempts > 1 { fields.append(("retries", String(request.attempts - 1))) }
        fields.append(("scheme", request.origin.isSecure ? "https" : "http"))
        fields.append(("status", String(request.status)))
        if let version = request.tlsVersion { fields.append(("tls", version)) }
        fields.append(("user", request.user.isEmpty ? "-" : request.user))
        if let agent = request.fields.userAgent {
            fields.append(("user_agent", Self.bounded(agent, bytes: Self.maximumUserAgentBytes)))
        }
        self.fields = fields
    }

    /// What became of something that could not be read as a request.
    init(_ unread: UnreadRequest) {
        fields =
            [
                ("authentication", AuthenticationOutcome.none.rawValue),
                ("bytes", String(unread.sentBytes)), ("client", unread.origin.client),
                ("instance", "-"),
                ("method", unread.method.map { MethodLabel($0).rawValue } ?? "-"), ("path", "-"),
                ("protocol", unread.isHTTP2 ? "HTTP/2" : "HTTP/1.1"),
                ("reason", unread.fault.reason),
                ("request_id", unread.requestID),
                ("scheme", unread.origin.isSecure ? "https" : "http"),
                ("status", String(unread.fault.status)),
            ]
            + (unread.tlsVersion.map { [("tls", $0)] } ?? []) + [("user", "-")]
    }

    /// A target without its query.
    private static func path(of target: String) -> String {
        let bytes = target.utf8
        guard let end = bytes.firstIndex(of: UInt8(ascii: "?")) else {
            return bounded(target, bytes: maximumTextBytes)
        }
        return bounded(String(target[..<end]), bytes: maximumTextBytes)
    }

    private static func bounded(_ text: String, bytes: Int) -> String {
        text.utf8.count <= bytes ? text : String(decoding: text.utf8.prefix(bytes), as: UTF8.self)
    }

    private static func protocolText(_ request: ForwardedRequest) -> String {
        let version = request.head.version
        switch (version.major, version.minor) {
        case (1, 1): return "HTTP/1.1"
        case (2, _): return "HTTP/2"
        default: return "HTTP/\(version.major).\(version.minor)"
        }
    }
}
