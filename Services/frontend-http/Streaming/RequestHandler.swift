import NIOCore
import NIOHTTP1
import Settings

/// One client connection: takes a request, finds out who asks, and streams it to the backend and the
/// answer back.
///
/// The pipeline handler before it delivers one request at a time, and the next only when this one
/// is answered and read to its end.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Where the connection stands.
    enum Phase {
        /// Between two requests.
        case idle
        /// Finding out who asks, or waiting for a backend.
        case deciding
        /// The backend has the request.
        case forwarding(BackendConnection)
        /// Answered; what is left of the request's body is thrown away.
        case discarding
        /// Answered for the last time: nothing more is taken.
        case closing
    }

    let services: GatewayServices
    let pool: BackendPool
    let connection: ClientConnection
    var context: ChannelHandlerContext?
    /// Each change is progress, and the client is judged anew: what went before was perhaps not its turn.
    var phase = Phase.idle {
        didSet { progress.begin(now: .now()) }
    }
    var request: ForwardedRequest?
    var progress = Progress(now: .now())
    var nextLook: Scheduled<Void>?
    /// Whether the last answer of the connection has left altogether.
    var isLastAnswerOut = false
    private(set) var isReading = true
    /// Whether more of what the client has sent may follow at once: what goes to the backend leaves
    /// in one piece after it.
    private(set) var isReadPass = false
    var date = DateField()
    /// What of an answer has been written to a stream of HTTP/2 and has not left.
    var waitingBytes = 0
    private var nextID = UInt64.random(in: .min ... .max)

    init(services: GatewayServices, pool: BackendPool, connection: ClientConnection) {
        self.services = services
        self.pool = pool
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        watch(after: firstPause)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        nextLook?.cancel()
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReadPass = true
        progress.note(now: .now())
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let bytes): take(bytes)
        case .end: end()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReadPass = false
        if case .forwarding(let connection) = phase { connection.flush() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch phase {
        case .deciding: finish(request)
        case .forwarding(let connection):
            // Whoever waited for the answer is gone: the work behind it is for nobody.
            connection.cancel()
            finish(request)
        case .idle, .discarding, .closing: break
        }
        phase = .closing
        request = nil
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .forwarding(let connection) = phase {
            connection.setReading(context.channel.isWritable)
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let refused = error as? RefusedStream {
            return answer(refused.fault, method: refused.method)
        }
        guard error is HTTPParserError, let fault = connection.fault else {
            return context.close(promise: nil)
        }
        refuse(fault)
    }

    /// A number that names a request, and no other on this connection.
    func takeID() -> UInt64 {
        defer { nextID &+= 1 }
        return nextID
    }

    /// Takes no more from the client until told otherwise.
    func setReading(_ isReading: Bool) {
        guard isReading != self.isReading else { return }
        self.isReading = isReading
        do {
            try context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
            // A socket reads by itself when it may again; a stream of HTTP/2 is asked to.
            if isReading, connection.isHTTP2 { context?.read() }
        } catch {
            // Only a closed channel refuses; its end is told by itself.
            return
        }
    }

    // MARK: From the client

    private func begin(_ head: HTTPRequestHead) {
        if case .closing = phase { return }
        phase = .deciding
        connection.headCame()
        let request = ForwardedRequest(
            head,
            id: takeID(),
            origin: connection.origin(of: head),
            maximumBodyBytes: connection.policy.maximumBodyBytes(of: head.method),
            rules: services.rules
        )
        request.tlsVersion = connection.tlsVersion
        self.request = request
        count(request)
        if isPreflight() { return }
        let route = Route.of(
            head.uri,
            host: request.host,
            vhosts: request.rules.vhosts,
            maximumBytes: connection.policy.limits.targetBytes
        )
        if case .forward(let instance) = route { request.instance = instance }
        if request.fields.isCodedOtherwise || (request.fields.isChunked && !head.knowsChunks) {
            request.closes = true
            return refuse(501, "a body is sent in chunks or with its length")
        }
        if request.fields.bytes > connection.policy.limits.headBytes {
            request.closes = true
            return refuse(431, RequestFault.largeFields.reason)
        }
        if request.fields.isLengthWrong {
            request.closes = true
            return refuse(400, "the length of a body is said once, in digits")
        }
        if let length = request.fields.announcedBytes, length > request.maximumBodyBytes {
            return refuseLongBody()
        }
        if let location = secureLocation(of: request, route) {
            // Every client follows a 301; 308 says that method and body stay (RFC 9110 §15.4.9).
            let isSafe = head.method == .GET || head.method == .HEAD
            return answer(isSafe ? 301 : 308, [("location", location)])
        }
        switch route {
        case .redirect(let path): answer(301, [("location", path)])
        case .refuse(let status, let reason): refuse(status, reason)
        case .forward: authenticate()
        }
    }

    private func take(_ bytes: ByteBuffer) {
        request?.receivedBytes += bytes.readableBytes
        switch phase {
        case .idle, .closing: return
        case .deciding:
            request?.keep(bytes)
            if isTooLong { return refuseLongBody() }
            // Decided first: until then no more is read than has come already.
            setReading(false)
        case .forwarding(let connection):
            request?.keepForRetry(bytes)
            if isTooLong {
                connection.cancel()
                return refuseLongBody()
            }
            connection.send(body: bytes)
        case .discarding: discard(bytes.readableBytes)
        }
    }

    private func end() {
        request?.isComplete = true
        switch phase {
        case .forwarding(let connection): if request?.hasBody == true { connection.sendEnd() }
        case .discarding: discarded()
        case .idle, .deciding, .closing: return
        }
    }

    private var isTooLong: Bool {
        request.map { $0.receivedBytes > $0.maximumBodyBytes } ?? false
    }

    /// The last request that a connection may have is told so: by the answer, or by GOAWAY.
    private func count(_ request: ForwardedRequest) {
        connection.requests += 1
        guard connection.requests >= connection.policy.limits.requests else { return }
        if !connection.isHTTP2 {
            request.closes = true
        } else if connection.requests == connection.policy.limits.requests {
            context?.channel.parent?.pipeline
                .fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    /// Where a request is led that came without TLS, to a host that is served.
    private func secureLocation(of request: ForwardedRequest, _ route: Route) -> String? {
        guard connection.policy.leadsToTLS(request.origin),
            let name = request.host.flatMap(Vhosts.name)
        else { return nil }
        if case .refuse = route { return nil }
        return connection.policy.secureLocation(name: name, target: request.head.uri)
    }

    private func refuseLongBody() {
        phase = .deciding
        guard let request, request.status == 0 else { return breakOff() }
        refuse(413, "this body may be \(request.maximumBodyBytes) bytes long; send less at once")
    }
}
