import Framing
import NIOCore
import NIOHTTP1

/// What is known of the request under way.
struct ForwardedRequest {
    let head: HTTPRequestHead
    /// Names the request in the logs of both services.
    let requestID: String
    let started = ContinuousClock.now
    let client: String
    var instance: String?
    var user = ""
    var role = ""
    var attempts = 0
    /// The status that went out; 0 before.
    var status = 0
    var sentBytes = 0
    var receivedBytes = 0
    /// What was thrown away of the body after the answer.
    var discardedBytes = 0
    /// Whether the answer has no body, whatever the backend sends as one.
    var isAnswerBodiless = false
    /// Whether the request has been read to its end.
    var isComplete = false
    /// Whether the connection ends with this request.
    var closes: Bool
    /// What of the body has come and may have to be sent (again).
    private(set) var kept: [ByteBuffer] = []
    private(set) var keptBytes = 0
    /// Whether ``kept`` is all of the body that has come.
    private var isKeptWhole = true

    init(_ head: HTTPRequestHead, client: SocketAddress?) {
        self.head = head
        requestID = Self.randomID()
        self.client = client?.ipAddress ?? "local"
        // The decoder hears nothing more after an upgrade or CONNECT, whether taken or not.
        let isDeaf = head.headers.contains(name: "upgrade") || head.method == .CONNECT
        closes = !head.isKeepAlive || !head.isHTTP11 || isDeaf
    }

    /// Tells this request from others of the connection.
    var id: String { requestID }

    var authorization: String? { head.headers.first(name: "authorization") }

    /// The `Content-Length`, where there is one.
    var announcedBytes: Int? { head.headers.first(name: "content-length").flatMap { Int($0) } }

    /// Whether the client may wait for a 100 before it sends the body (RFC 9110 §10.1.1): it has
    /// asked for one, and nothing of the body has come.
    var waitsForContinue: Bool {
        !isComplete && receivedBytes == 0 && head.isHTTP11
            && head.headers.first(name: "expect")?.lowercased() == "100-continue"
    }

    private var isChunked: Bool { head.headers.contains(name: "transfer-encoding") }

    /// Whether the client waits for a 100 that it will not get: it may send the body or not, and
    /// nobody could tell that from the next request.
    private var waitsInVain: Bool { attempts == 0 && waitsForContinue }

    /// Whether the connection can go on once what is left of the body has been thrown away.
    var canGoOn: Bool {
        isComplete || (!waitsInVain && (announcedBytes ?? 0) <= GatewayLimits.maximumBodyBytes)
    }

    /// Keeps a piece that nobody has been sent yet.
    mutating func keep(_ bytes: ByteBuffer) {
        kept.append(bytes)
        keptBytes += bytes.readableBytes
    }

    /// Keeps a piece that has been sent, as long as the body is short.
    mutating func keepForRetry(_ bytes: ByteBuffer) {
        guard isKeptWhole else { return }
        keep(bytes)
        if keptBytes > RetryRule.maximumKeptBytes {
            isKeptWhole = false
            kept = []
            keptBytes = 0
        }
    }

    /// Whether the request may be sent once more.
    func mayRetry(after failure: BackendFailure) -> Bool {
        let isConditional =
            head.headers.contains(name: "if-match")
            || head.headers.contains(name: "if-none-match")
        return isKeptWhole && attempts < RetryRule.maximumAttempts
            && RetryRule.allows(
                method: head.method.rawValue,
                isUntouched: failure.leftRequestUntouched,
                isConditional: isConditional
            )
    }

    /// The head as the backend gets it.
    var framed: RequestHead {
        RequestHead(
            requestID: requestID,
            instance: instance ?? "",
            user: user,
            role: role,
            method: head.method.rawValue,
            target: head.uri,
            scheme: "http",
            authority: head.headers.first(name: "host") ?? "",
            clientAddress: client,
            headers: ForwardedHeaders.request(head.headers),
            hasBody: isChunked || (announcedBytes ?? 0) > 0,
            bodyBytes: isChunked ? nil : announcedBytes.map { UInt64(max(0, $0)) }
        )
    }

    private static func randomID() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
