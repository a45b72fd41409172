import NIOHTTP1

/// Why what a client sent is no request, as it is told and as the log has it.
enum RequestFault: Equatable, Sendable {
    /// RFC 9112 §3: a request line beyond the limit of its target.
    case longTarget
    /// RFC 6585 §5: header or trailer fields beyond their limits, or a chunk's extension (RFC 9112
    /// §7.1.1).
    case largeFields
    /// RFC 9113 §8.3.1: no host, or two.
    case ambiguousHost
    /// Anything else (RFC 9112 §2.2).
    case malformed

    /// - Parameters:
    ///   - error: What the decoder says.
    ///   - isInRequestLine: Whether that line has not ended. Of requests that come in one piece it is
    ///     not known of the second.
    init(_ error: HTTPParserError, isInRequestLine: Bool) {
        guard error == .headerOverflow else {
            self = .malformed
            return
        }
        self = isInRequestLine ? .longTarget : .largeFields
    }

    /// The status of the answer.
    var status: Int {
        switch self {
        case .longTarget: 414
        case .largeFields: 431
        case .ambiguousHost, .malformed: 400
        }
    }

    /// What the client is told.
    var reason: String {
        switch self {
        case .longTarget: "the request target is too long"
        case .largeFields: "the header fields are too large, or too many"
        case .ambiguousHost: "a request names one host, in :authority or Host"
        case .malformed: "this is no request of HTTP"
        }
    }
}
