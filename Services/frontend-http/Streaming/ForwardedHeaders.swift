import Framing
import NIOHTTP1

/// Which header fields cross the hop.
enum ForwardedHeaders {
    /// Fields of one connection (RFC 9110 §7.6.1), those that the gateway itself settles, and those
    /// that would let a client speak in the gateway's name.
    private static let own: Set = [
        "authorization", "connection", "content-length", "expect", "forwarded", "host",
        "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "x-forwarded-for", "x-forwarded-host",
        "x-forwarded-proto", "x-real-ip", "cookie",
    ]

    /// Fields of a response that the gateway settles for its own connection.
    private static let ofConnection: Set = [
        "connection", "keep-alive", "trailer", "transfer-encoding", "upgrade",
    ]

    /// A request's fields for the backend, their names in lower case.
    static func request(_ headers: HTTPHeaders) -> [HeaderField] {
        let named = Set(headers[canonicalForm: "connection"].map { $0.lowercased() })
        return headers.compactMap { name, value in
            let name = name.lowercased()
            guard !own.contains(name), !named.contains(name) else { return nil }
            return HeaderField(name, Self.cleaned(value))
        }
    }

    /// Field values are bytes; the frame carries UTF-8 without control characters.
    private static func cleaned(_ value: String) -> String {
        let isClean = value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
        if isClean { return value }
        return String(
            value.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : Character($0) }
        )
    }

    /// A response's fields for the client, with what frames its body (RFC 9112 §6): a length, or
    /// chunks, or for HTTP/1.0 the end of the connection. An answer to HEAD has the length that the
    /// backend names in a field, if any, and no body.
    static func response(_ head: ResponseHead, to request: HTTPRequestHead) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for field in head.headers where !ofConnection.contains(field.name) {
            headers.add(name: field.name, value: field.value)
        }
        if !headers.contains(name: "date") { headers.add(name: "date", value: DateField.now()) }
        guard hasBody(status: Int(head.status), method: request.method) else {
            if request.method != .HEAD { headers.remove(name: "content-length") }
            return headers
        }
        if let bytes = head.bodyBytes {
            headers.replaceOrAdd(name: "content-length", value: String(bytes))
        } else {
            headers.remove(name: "content-length")
            if request.isHTTP11 {
                headers.add(name: "transfer-encoding", value: "chunked")
            }
        }
        return headers
    }

    /// Whether an answer has a body (RFC 9110 §6.4.1).
    static func hasBody(status: Int, method: HTTPMethod) -> Bool {
        method != .HEAD && status != 204 && status != 304
    }
}

extension HTTPRequestHead {
    /// Whether the client speaks HTTP/1.1: it knows chunks, interim answers and lasting connections.
    var isHTTP11: Bool { version.major == 1 && version.minor >= 1 }
}
