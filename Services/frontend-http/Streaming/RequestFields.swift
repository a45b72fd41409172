import Framing
import NIOHTTP1

/// What the gateway has to know of a request's header fields, and what the backend gets of them; read
/// in one pass.
struct RequestFields {
    /// The host, where exactly one is named.
    private(set) var host: String?
    /// The first `Authorization`.
    private(set) var authorization: String?
    /// The `Content-Length`, where there is one; the largest number for any that is larger.
    private(set) var announcedBytes: Int?
    /// Whether what says how long the body is says no length (RFC 9112 §6.3).
    private(set) var isLengthWrong = false
    /// Whether the body is of a length that only its end tells.
    private(set) var isChunked = false
    /// Whether the body is coded in a way that is not known here (RFC 9112 §6.1): chunks are, once.
    private(set) var isCodedOtherwise = false
    /// The codings that the client takes answers in, as it lists them.
    private(set) var acceptEncoding: String?
    /// Whether the client asks for a 100 before it sends the body (RFC 9110 §10.1.1).
    private(set) var asksForContinue = false
    /// Whether the client would rather speak another protocol.
    private(set) var hasUpgrade = false
    /// Whether the request depends on the state of what it is about (RFC 9110 §13.1, RFC 4918 §10.4).
    private(set) var isConditional = false
    /// What program asks, as it says.
    private(set) var userAgent: String?
    /// The web page's origin, where a browser names one.
    private(set) var origin: String?
    /// Whether a browser asks beforehand what a page may.
    private(set) var asksForMethod = false
    /// The id that somebody before the gateway gave the request.
    private(set) var requestID: String?
    /// The bytes of all names and values.
    private(set) var bytes = 0
    /// The fields for the backend, their names in lower case.
    private(set) var forwarded: [HeaderField] = []

    /// Reads the fields.
    ///
    /// Those of one connection stay here (RFC 9110 §7.6.1), and those that the gateway itself settles,
    /// and those that would let a client speak in the gateway's name.
    init(_ headers: HTTPHeaders) {
        forwarded.reserveCapacity(headers.count)
        var hosts = 0
        var named: [String] = []
        for (name, value) in headers {
            bytes += name.utf8.count + value.utf8.count
            let name = name.lowercased()
            switch name {
            case "host":
                hosts += 1
                host = hosts == 1 ? value : nil
            case "authorization": if authorization == nil { authorization = value }
            case "content-length": noteLength(value)
            case "transfer-encoding":
                if isChunked || value.lowercased() != "chunked" { isCodedOtherwise = true }
                isChunked = true
            case "accept-encoding":
                acceptEncoding = acceptEncoding.map { "\($0),\(value)" } ?? value
            case "expect": if value.lowercased() == "100-continue" { asksForContinue = true }
            case "upgrade": hasUpgrade = true
            case "connection": named += Self.names(in: value)
            case "cookie", "forwarded", "keep-alive", "proxy-authorization", "proxy-connection",
                "te", "trailer", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
                "x-real-ip":
                continue
            case "x-request-id": requestID = value
            default:
                let value = Self.cleaned(value)
                note(name, value)
                forwarded.append(HeaderField(name, value))
            }
        }
        if !named.isEmpty { forwarded.removeAll { named.contains($0.name) } }
    }

    /// Digits and nothing else (RFC 9110 §8.6).
    private mutating func noteLength(_ value: String) {
        let isNumber = !value.isEmpty && value.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if !isNumber || announcedBytes != nil { isLengthWrong = true }
        announcedBytes = Int(value) ?? .max
    }

    /// What both sides have to know.
    private mutating func note(_ name: String, _ value: String) {
        switch name {
        case "if", "if-match", "if-none-match", "if-unmodified-since": isConditional = true
        case "user-agent": userAgent = value
        case "origin": origin = value
        case "access-control-request-method": asksForMethod = true
        default: return
        }
    }

    /// The fields that a `Connection` header names, beside what it says of the connection itself.
    private static func names(in value: String) -> [String] {
        value.lowercased().utf8.split(separator: UInt8(ascii: ","))
            .compactMap { part in
                let name = Substring(part).filter { $0 != " " && $0 != "\t" }
                return name == "keep-alive" || name == "close" ? nil : name
            }
    }

    /// Field values are bytes; the frame carries UTF-8 without control characters but the tab.
    private static func cleaned(_ value: String) -> String {
        if !value.utf8.contains(where: isControl) { return value }
        return String(decoding: value.utf8.map { isControl($0) ? 0x20 : $0 }, as: UTF8.self)
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09) || byte == 0x7F
    }
}
