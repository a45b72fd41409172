/// The status line inside a multistatus (RFC 4918 §14.28).
public enum StatusLine {
    /// The line for a code, spelled as clients compare it: `HTTP/1.1 200 OK`.
    public static func text(_ code: Int) -> String {
        "HTTP/1.1 \(code) \(phrase(code))"
    }

    /// The reason phrase of a code that this server sends; others have a neutral one.
    public static func phrase(_ code: Int) -> String {
        phrases[code] ?? "Status"
    }

    private static let phrases: [Int: String] = [
        200: "OK", 201: "Created", 204: "No Content", 207: "Multi-Status",
        301: "Moved Permanently", 304: "Not Modified", 400: "Bad Request", 401: "Unauthorized",
        403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 408: "Request Timeout",
        409: "Conflict", 411: "Length Required", 412: "Precondition Failed",
        413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
        421: "Misdirected Request", 424: "Failed Dependency", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 507: "Insufficient Storage",
    ]
}
