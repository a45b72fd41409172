import Framing
import NIOHTTP1

/// Which header fields of an answer cross the hop, and which the gateway settles.
enum ForwardedHeaders {
    /// Fields of a response that the gateway settles for its own connection.
    private static let ofConnection: Set = [
        "connection", "keep-alive", "trailer", "transfer-encoding", "upgrade",
    ]

    /// A response's fields for the client, with what frames its body (RFC 9112 §6): a length, or
    /// chunks, or for HTTP/1.0 the end of the connection. An answer to HEAD has the length that the
    /// backend names in a field, if any, and no body.
    static func response(
        _ head: ResponseHead,
        to request: ForwardedRequest,
        date: String
    ) -> HTTPHeaders {
        var fields: [(String, String)] = []
        fields.reserveCapacity(head.headers.count + 12)
        var isDated = false
        var own: AnswerFields.Own = []
        for field in head.headers where !ofConnection.contains(field.name) {
            switch field.name {
            case "content-length" where request.head.method != .HEAD: continue
            case "date": isDated = true
            case "cache-control": own.insert(.caching)
            case "content-security-policy": own.insert(.policy)
            default: break
            }
            fields.append((field.name, field.value))
        }
        if !isDated { fields.append(("date", date)) }
        AnswerFields.add(to: &fields, own: own, for: request)
        if hasBody(status: Int(head.status), method: request.head.method) {
            if let bytes = head.bodyBytes {
                fields.append(("content-length", String(bytes)))
            } else if request.head.isHTTP11 {
                fields.append(("transfer-encoding", "chunked"))
            }
        }
        return HTTPHeaders(fields)
    }

    /// Whether an answer has a body (RFC 9110 §6.4.1).
    static func hasBody(status: Int, method: HTTPMethod) -> Bool {
        method != .HEAD && status != 204 && status != 304
    }
}

extension HTTPRequestHead {
    /// Whether a body may be sent without its length: by chunks, or by the frames of HTTP/2.
    var knowsChunks: Bool { isHTTP11 || isHTTP2 }

    /// Whether it came as a stream of HTTP/2.
    var isHTTP2: Bool { version.major == 2 }

    /// Whether the client speaks HTTP/1.1: it knows chunks, interim answers and lasting connections.
    var isHTTP11: Bool { version.major == 1 && version.minor >= 1 }
}
