import Access
import Framing
import Logging
import NIOCore
import NIOHTTP1

/// One client connection: takes a request, finds out who asks, and streams it to the backend and the
/// answer back.
///
/// The pipeline handler before it delivers one request at a time, and the next only when this one
/// is answered and read to its end.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Where the connection stands.
    private enum Phase {
        /// Between two requests.
        case idle
        /// Finding out who asks, or waiting for a backend.
        case deciding
        /// The backend has the request.
        case forwarding(BackendConnection)
        /// Answered; what is left of the request's body is thrown away.
        case discarding
    }

    private let services: GatewayServices
    private let pool: BackendPool
    private var context: ChannelHandlerContext?
    private var phase = Phase.idle
    private var request: ForwardedRequest?
    private var lastProgress = NIODeadline.now()

    init(services: GatewayServices, pool: BackendPool) {
        self.services = services
        self.pool = pool
    }

    // MARK: From the client

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        watch(after: GatewayLimits.stall)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastProgress = .now()
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let bytes): take(bytes)
        case .end: end()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // Whoever waited for the answer is gone: the work behind it is for nobody.
        if case .forwarding(let connection) = phase { connection.cancel() }
        phase = .idle
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
        context.close(promise: nil)
    }

    private func begin(_ head: HTTPRequestHead) {
        phase = .deciding
        var request = ForwardedRequest(head, client: context?.remoteAddress)
        let route = Route.of(head, vhosts: services.vhosts)
        if case .forward(let instance) = route { request.instance = instance }
        self.request = request
        if let length = request.announcedBytes, length > GatewayLimits.maximumBodyBytes {
            return refuse(413, "a body is at most \(GatewayLimits.maximumBodyBytes) bytes long")
        }
        switch route {
        case .redirect(let path): answer(301, [("location", path)])
        case .refuse(let status, let reason): refuse(status, reason)
        case .forward: authenticate()
        }
    }

    private func take(_ bytes: ByteBuffer) {
        guard var request else { return }
        request.receivedBytes += bytes.readableBytes
        let isTooLong = request.receivedBytes > GatewayLimits.maximumBodyBytes
        switch phase {
        case .idle: return
        case .deciding:
            request.keep(bytes)
            self.request = request
            if isTooLong { return refuse(413, "the body is too long") }
            // Decided first: until then no more is read than has come already.
            if request.keptBytes > 0 { setReading(false) }
        case .forwarding(let connection):
            request.keepForRetry(bytes)
            self.request = request
            if isTooLong {
                connection.cancel()
                return refuse(413, "the body is too long")
            }
            connection.send(body: bytes)
            if !connection.isWritable { setReading(false) }
        case .discarding:
            self.request = request
            if isTooLong {
                context?.close(promise: nil)
            }
        }
    }

    private func end() {
        request?.isComplete = true
        switch phase {
        case .forwarding(let connection): connection.sendEnd()
        case .discarding: finish()
        case .idle, .deciding: return
        }
    }

    // MARK: Who asks

    private func authenticate() {
        guard let context, let request else { return }
        let id = request.id
        services.authenticator
            .verdict(authorization: request.authorization, on: context.eventLoop)
            .assumeIsolated()
            .whenComplete { [weak self] result in
                guard let self, self.request?.id == id, case .deciding = phase else { return }
                switch result {
                case .success(let verdict): authenticated(verdict)
                case .failure: refuse(503, "the gateway stops", [("retry-after", "2")])
                }
            }
    }

    private func authenticated(_ verdict: Authenticator.Verdict) {
        switch verdict {
        case .missing, .wrong:
            refuse(
                401,
                "log in with a user name and a password",
                [("www-authenticate", GatewayLimits.challenge)]
            )
        case .busy: refuse(503, "too many passwords are being checked", [("retry-after", "5")])
        case .user(let user):
            guard let instance = request?.instance,
                let role = user.rules.role(instance: instance)
            else { return refuse(403, "this user has no access here") }
            request?.user = user.name
            request?.role = role.rawValue
            if request?.expectsContinue == true {
                write(.head(HTTPResponseHead(version: .http1_1, status: .continue)), flush: true)
            }
            forward()
        }
    }

    // MARK: To the backend

    private func forward() {
        guard var request, let instance = request.instance else { return }
        request.attempts += 1
        self.request = request
        phase = .deciding
        let id = request.id
        pool.lease(instance) { [weak self, pool] result in
            guard let self, self.request?.id == id, case .deciding = phase else {
                // The client left meanwhile; somebody else can have the connection.
                if case .success(let connection) = result {
                    pool.giveBack(connection, of: instance)
                }
                return
            }
            switch result {
            case .success(let connection): send(to: connection)
            case .failure(let error): unreachable(error)
            }
        }
    }

    private func send(to connection: BackendConnection) {
        guard let request else { return }
        phase = .forwarding(connection)
        do throws(FramingError) {
            try connection.begin(request.framed, for: self)
        } catch {
            phase = .deciding
            return refuse(502, "the backend's connection is not usable")
        }
        for piece in request.kept { connection.send(body: piece) }
        if request.isComplete { connection.sendEnd() }
        setReading(true)
    }

    private func unreachable(_ error: BackendPool.Trouble) {
        services.log.warning(
            "no connection to a backend",
            metadata: ["instance": "\(request?.instance ?? "-")", "error": "\(error)"]
        )
        refuse(503, "the address books are not reachable just now", [("retry-after", "2")])
    }

    // MARK: To the client

    private func refuse(_ status: Int, _ reason: String, _ fields: [(String, String)] = []) {
        answer(status, fields + [("content-type", "text/plain; charset=utf-8")], "\(reason)\n")
    }

    /// Answers by itself, without waiting for what is left of the body.
    private func answer(_ status: Int, _ fields: [(String, String)], _ text: String = "") {
        guard let context, var request else { return }
        var headers = HTTPHeaders(fields.map { ($0.0, $0.1) })
        headers.add(name: "content-length", value: String(text.utf8.count))
        if !request.canGoOn { request.closes = true }
        if request.closes { headers.add(name: "connection", value: "close") }
        request.status = status
        self.request = request
        let head = HTTPResponseHead(
            version: .http1_1,
            status: .init(statusCode: status),
            headers: headers
        )
        write(.head(head))
        if !text.isEmpty, request.head.method != .HEAD {
            request.sentBytes = text.utf8.count
            write(.body(.byteBuffer(context.channel.allocator.buffer(string: text))))
        }
        answered()
    }

    private func answered() {
        write(.end(nil), flush: true)
        services.log(request)
        phase = .discarding
        setReading(true)
        if request?.isComplete == true {
            finish()
        } else if request?.waitsInVain == true {
            context?.close(promise: nil)
        }
        // Else the rest of the body is read first, within its limit: a connection that is closed
        // while the client still sends is reset, and the client never sees the answer.
    }

    private func finish() {
        let closes = request?.closes ?? true
        request = nil
        phase = .idle
        lastProgress = .now()
        if closes { context?.close(promise: nil) }
    }

    private func write(_ part: HTTPServerResponsePart, flush: Bool = false) {
        guard let context else { return }
        if flush {
            context.writeAndFlush(wrapOutboundOut(part), promise: nil)
        } else {
            context.write(wrapOutboundOut(part), promise: nil)
        }
    }

    private func setReading(_ isReading: Bool) {
        do {
            try context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
        } catch {
            // Only a closed channel refuses; its end is told by itself.
            return
        }
    }

    // MARK: Stalls

    /// Looks whether anything has moved; a connection without progress ends.
    private func watch(after pause: TimeAmount) {
        context?.eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
            guard let self, context != nil else { return }
            let still = NIODeadline.now() - lastProgress
            if still < GatewayLimits.stall {
                watch(after: GatewayLimits.stall - still)
            } else {
                stalled()
            }
        }
    }

    private func stalled() {
        switch phase {
        case .forwarding(let connection) where request?.status == 0 && request?.isComplete == true:
            connection.cancel()
            request?.closes = true
            refuse(504, "the backend has not answered in time")
        case .deciding, .forwarding, .discarding, .idle:
            context?.close(promise: nil)
        }
    }
}

extension RequestHandler: AnswerReceiver {
    func received(_ head: ResponseHead) {
        guard let request else { return }
        lastProgress = .now()
        self.request?.status = Int(head.status)
        var headers = ForwardedHeaders.response(head, isHead: request.head.method == .HEAD)
        if request.closes || !request.canGoOn {
            self.request?.closes = true
            headers.add(name: "connection", value: "close")
        }
        write(
            .head(
                HTTPResponseHead(
                    version: .http1_1,
                    status: .init(statusCode: Int(head.status)),
                    headers: headers
                )
            )
        )
    }

    func received(_ body: ByteBuffer) {
        lastProgress = .now()
        request?.sentBytes += body.readableBytes
        write(.body(.byteBuffer(body)), flush: true)
        if case .forwarding(let connection) = phase, context?.channel.isWritable == false {
            connection.setReading(false)
        }
    }

    func receivedEnd() {
        lastProgress = .now()
        answered()
    }

    func failed(_ failure: BackendFailure) {
        guard let request else { return }
        phase = .deciding
        services.log.warning(
            "a backend did not answer",
            metadata: ["request_id": "\(request.requestID)", "error": "\(failure)"]
        )
        if request.status != 0 {
            // Part of an answer is out: only an end of the connection tells that it is not whole.
            context?.close(promise: nil)
            return
        }
        switch failure {
        case .violation: refuse(502, "the backend gave no sensible answer")
        case .refused, .closed:
            if request.mayRetry(after: failure) { return forward() }
            refuse(503, "the address books are not reachable just now", [("retry-after", "2")])
        }
    }

    func backendWritabilityChanged(_ isWritable: Bool) {
        setReading(isWritable)
    }
}
