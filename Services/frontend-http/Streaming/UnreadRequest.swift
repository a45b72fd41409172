import NIOHTTP1

/// What was refused before there was a head to read: nobody's request, and nobody's path.
struct UnreadRequest {
    /// Names it in the log.
    let requestID: String
    let fault: RequestFault
    /// The method, where that much is known.
    let method: HTTPMethod?
    /// Who connected; a proxy says in a request's head for whom it speaks.
    let origin: RequestOrigin
    let isHTTP2: Bool
    /// The version of TLS that the client speaks, where it does.
    let tlsVersion: String?

    /// What the client is told, in plain text.
    var text: String { "\(fault.reason)\nrequest \(requestID)\n" }

    /// The bytes of the answer's body: none to HEAD (RFC 9110 §9.3.2).
    var sentBytes: Int { method == .HEAD ? 0 : text.utf8.count }
}
