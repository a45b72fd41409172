import Access
import Framing
import NIOCore
import NIOHTTP1
import Settings

/// What is known of the request under way.
final class ForwardedRequest {
    let head: HTTPRequestHead
    let fields: RequestFields
    let rules: GatewayRules
    /// Names the request in the logs of both services.
    let requestID: String
    let started = ContinuousClock.now
    /// Who sent it, and how.
    let origin: RequestOrigin
    /// The longest body that it may have, in bytes.
    let maximumBodyBytes: Int
    var client: String { origin.client }
    var instance: String?
    var user = ""
    /// What the user may do with the instance.
    var rights = Authorization.nothing
    var attempts = 0
    /// What became of the credentials.
    var authentication = AuthenticationOutcome.none
    /// Whose share counts the request as under way, where one does.
    var load: UserLoads.Holder?
    /// The place in the line for a backend.
    var place: WaitingLine.Place?
    /// When a backend was first wanted, and how long it took to begin its answer.
    var hopStarted: ContinuousClock.Instant?
    var hopMicroseconds: Int?
    /// The version of TLS that the client speaks, where it does.
    var tlsVersion: String?
    /// What web pages are told of the answer.
    var crossOrigin: CrossOrigin.Fields = []
    /// The status that went out; 0 before.
    var status = 0
    /// Whether the gateway itself has turned it away, and not to ask for a password.
    var isRefused = false
    var sentBytes = 0
    var receivedBytes = 0
    /// What was thrown away of the body after the answer.
    var discardedBytes = 0
    /// Whether the answer has no body, whatever the backend sends as one.
    var isAnswerBodiless = false
    /// Whether the request has been read to its end.
    var isComplete = false
    /// The answer's head, as long as it is not known whether the body is to be compressed.
    var heldHead: ResponseHead?
    /// Compresses the answer.
    var gzip: GzipStream?
    /// Whether the connection ends with this request.
    var closes: Bool
    /// What of the body has come and may have to be sent (again).
    private(set) var kept: [ByteBuffer] = []
    private(set) var keptBytes = 0
    /// Whether ``kept`` is all of the body that has come.
    private var isKeptWhole = true

    /// - Parameters:
    ///   - head: The request's head.
    ///   - id: A number that no other request has.
    ///   - origin: Who sent it, and how.
    ///   - maximumBodyBytes: The longest body that it may have.
    ///   - rules: What the settings say.
    init(
        _ head: HTTPRequestHead,
        id: UInt64,
        origin: RequestOrigin,
        maximumBodyBytes: Int,
        rules: GatewayRules
    ) {
        self.head = head
        self.origin = origin
        self.maximumBodyBytes = maximumBodyBytes
        fields = RequestFields(head.headers)
        self.rules = rules
        let given =
            rules.settings.log.adoptsRequestIDs ? fields.requestID.flatMap(Self.wellFormed) : nil
        requestID = given ?? Self.text(of: id)
        // The decoder hears nothing more after an upgrade or CONNECT, whether taken or not.
        let isDeaf = fields.hasUpgrade || head.method == .CONNECT
        closes = !head.isHTTP2 && (!head.isKeepAlive || !head.isHTTP11 || isDeaf)
    }

    /// The host that the client asks for: as a proxy names it, else as it says itself.
    var host: String? { origin.host ?? fields.host }

    /// Whether a body follows the head, be it an empty one.
    var hasBody: Bool { fields.isChunked || (fields.announcedBytes ?? 0) > 0 }

    /// Whether the client may wait for a 100 before it sends the body (RFC 9110 §10.1.1): it has
    /// asked for one, and nothing of the body has come.
    var waitsForContinue: Bool {
        fields.asksForContinue && !isComplete && receivedBytes == 0 && head.knowsChunks
    }

    /// Whether the client waits for a 100 that it will not get: it may send the body or not, and
    /// nobody could tell that from the next request.
    private var waitsInVain: Bool { attempts == 0 && waitsForContinue }

    /// Whether the connection can go on once what is left of the body has been thrown away.
    var canGoOn: Bool {
        isComplete || head.isHTTP2
            || (!waitsInVain && (fields.announcedBytes ?? 0) <= maximumBodyBytes)
    }

    /// Forgets a head that was held back: nothing of that answer has been written.
    func dropHeldHead() {
        guard heldHead != nil else { return }
        heldHead = nil
        status = 0
    }

    /// Keeps a piece that nobody has been sent yet.
    func keep(_ bytes: ByteBuffer) {
        kept.append(bytes)
        keptBytes += bytes.readableBytes
    }

    /// Keeps a piece that has been sent, as long as the body is short.
    func keepForRetry(_ bytes: ByteBuffer) {
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
        isKeptWhole && attempts < RetryRule.maximumAttempts
            && RetryRule.allows(
                method: head.method.rawValue,
                isUntouched: failure.leftRequestUntouched,
                isConditional: fields.isConditional
            )
    }

    /// The head as the backend gets it.
    var framed: RequestHead {
        RequestHead(
            requestID: requestID,
            instance: instance ?? "",
            user: user,
            role: rights.role.rawValue,
            grants: rights.framedGrants,
            method: head.method.rawValue,
            target: head.uri,
            scheme: origin.isSecure ? "https" : "http",
            authority: host ?? "",
            clientAddress: client,
            headers: fields.forwarded,
            hasBody: hasBody,
            bodyBytes: fields.isChunked ? nil : fields.announcedBytes.map { UInt64(max(0, $0)) }
        )
    }

    /// An id that logs and commits can hold as it is; `nil` for any other.
    private static func wellFormed(_ id: String) -> String? {
        let isWellFormed =
            (1...64).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
        return isWellFormed ? id : nil
    }

    /// A number as sixteen hexadecimal digits.
    static func text(of id: UInt64) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
