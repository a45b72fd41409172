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

    /// A response's head for the client.
    static func response(_ head: ResponseHead, isHead: Bool) -> HTTPHeaders {
        var headers = HTTPHeaders()
        for field in head.headers { headers.add(name: field.name, value: field.value) }
        let hasLength = headers.contains(name: "content-length")
        let mayHaveLength = head.status != 204 && head.status != 304 && !isHead
        if !hasLength, mayHaveLength, let bytes = head.bodyBytes {
            headers.add(name: "content-length", value: String(bytes))
        }
        return headers
    }
}
