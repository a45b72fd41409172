import Access
import Framing
import Logging
import NIOCore
import NIOHTTP1

/// From the client's credentials to the backend.
extension RequestHandler {
    func authenticate() {
        guard let context, let request else { return }
        let origin = request.origin
        let hasNone = request.fields.authorization == nil
        if hasNone, let rights = services.authenticator.anonymousRights(request, from: origin) {
            request.authentication = .anonymous
            return permit("", rights)
        }
        guard services.authenticator.takesCredentials(from: origin) else {
            // No 401: clients would answer it with the password, for all to read.
            return refuse(403, "passwords are taken over https only; see [auth] in gateway.toml")
        }
        let verdict = services.authenticator.verdict(
            authorization: request.fields.authorization,
            from: origin,
            on: context.eventLoop
        )
        switch verdict {
        case .now(let verdict): authenticated(verdict)
        case .later(let verdict):
            verdict.assumeIsolated().whenComplete { [weak self] result in
                guard let self, self.request === request, case .deciding = phase else { return }
                switch result {
                case .success(let verdict): authenticated(verdict)
                case .failure: refuse(503, "the gateway stops", [("retry-after", "2")])
                }
            }
        }
    }

    /// Goes on, or refuses, once it is known who asks.
    func authenticated(_ verdict: Verdict) {
        request?.authentication = AuthenticationOutcome(verdict)
        switch verdict {
        case .missing, .wrong:
            let challenges = Challenge.fields(takesTokens: services.authenticator.takesTokens)
            refuse(401, "log in with a user name and a password", challenges)
        case .badToken(let reason): refuse(401, reason, [Challenge.field(.invalidToken, reason)])
        case .powerlessToken:
            let reason = "the token's scopes allow nothing here"
            refuse(403, reason, [Challenge.field(.insufficientScope, reason)])
        case .throttled(let delay):
            let seconds = max(
                1,
                delay.components.seconds + (delay.components.attoseconds > 0 ? 1 : 0)
            )
            refuse(429, "too many failed logins", [("retry-after", String(seconds))])
        case .busy: refuse(503, "too many log-ins are being checked", [("retry-after", "5")])
        case .unavailable:
            refuse(503, "log-ins cannot be checked just now", [("retry-after", "30")])
        case .caller(let caller):
            guard let request, let instance = request.instance else { return }
            services.authenticator.noteLogin(request, from: request.origin)
            // Also where that is nothing: what a refusal says of privileges is DAV, and the backend's.
            permit(caller.user.name, caller.rights(instance: instance))
        }
    }

    private func permit(_ user: String, _ rights: Authorization) {
        request?.user = user
        request?.rights = rights
        guard isAdmitted() else { return }
        if request?.waitsForContinue == true {
            write(.head(HTTPResponseHead(version: .http1_1, status: .continue)), flush: true)
        }
        forward()
    }

    private func forward() {
        guard let request, let instance = request.instance else { return }
        request.attempts += 1
        if request.hopStarted == nil { request.hopStarted = .now }
        phase = .deciding
        request.place = pool.lease(instance, bytes: request.keptBytes) {
            [weak self, pool] result in
            request.place = nil
            guard let self, self.request === request, case .deciding = phase else {
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
            try connection.begin(request.framed, isWhole: !request.hasBody, for: self)
        } catch {
            phase = .deciding
            return refuse(error, connection)
        }
        for piece in request.kept { connection.send(body: piece) }
        if request.hasBody, request.isComplete { connection.sendEnd() }
        setReading(connection.isWritable)
        if !isReadPass { connection.flush() }
    }

    /// Nothing was sent: the request does not fit a frame, or the connection is not what it seemed.
    private func refuse(_ error: FramingError, _ connection: BackendConnection) {
        switch error {
        case .tooLong, .tooMany:
            if let instance = request?.instance { pool.giveBack(connection, of: instance) }
            refuse(431, RequestFault.largeFields.reason)
        default:
            // Neither idle nor closed it would keep its place in the pool for ever.
            connection.cancel()
            refuse(502, "the backend's connection is not usable")
        }
    }

    private func unreachable(_ error: BackendPool.Trouble) {
        services.log.warning(
            "no connection to a backend",
            metadata: [
                "request_id": "\(request?.requestID ?? "-")",
                "instance": "\(request?.instance ?? "-")", "error": "\(error)",
            ]
        )
        count(HopTrouble(error))
        refuseForNow()
    }

    private func refuseForNow() {
        refuse(
            503,
            "the address books are not reachable just now; try again in a moment",
            [("retry-after", "2")]
        )
    }

    func count(_ trouble: HopTrouble) {
        if let instance = request?.instance { pool.meter.count(trouble, of: instance) }
    }

    /// The backend began its answer.
    private func noteHop() {
        guard let request, let started = request.hopStarted else { return }
        request.hopMicroseconds = started.duration(to: .now).microseconds
    }
}

extension RequestHandler: AnswerReceiver {
    func received(_ head: ResponseHead) {
        guard let request else { return }
        progress.note(now: .now())
        noteHop()
        request.status = Int(head.status)
        request.isAnswerBodiless = !ForwardedHeaders.hasBody(
            status: request.status,
            method: request.head.method
        )
        if let head = compressing(head, of: request) { writeAnswer(head, of: request) }
    }

    /// Writes the head of a backend's answer.
    func writeAnswer(_ head: ResponseHead, of request: ForwardedRequest) {
        writeHead(
            request.status,
            ForwardedHeaders.response(head, to: request, date: date.now())
        )
    }

    func received(_ body: ByteBuffer) {
        progress.note(now: .now())
        guard let context, let request, !request.isAnswerBodiless else { return }
        releaseHead(first: body.readableBytes, of: request)
        writeBody(request.gzip?.compress(body, context.channel.allocator) ?? body)
        if case .forwarding(let connection) = phase, !context.channel.isWritable {
            connection.setReading(false)
        }
    }

    func receivedAllForNow() {
        context?.flush()
    }

    func receivedEnd() {
        progress.note(now: .now())
        if let context, let request {
            releaseHead(first: 0, of: request)
            if let gzip = request.gzip { writeBody(gzip.finish(context.channel.allocator)) }
            request.gzip = nil
        }
        answered()
    }

    func failed(_ failure: BackendFailure) {
        guard let request, case .forwarding = phase else { return }
        phase = .deciding
        request.dropHeldHead()
        services.log.warning(
            "a backend did not answer",
            metadata: [
                "request_id": "\(request.requestID)", "instance": "\(request.instance ?? "-")",
                "error": "\(failure)",
            ]
        )
        count(HopTrouble(failure))
        if request.status != 0 {
            breakOff()
        } else if case .violation = failure {
            refuse(502, "the backend gave no sensible answer; the gateway's log says what is wrong")
        } else if request.mayRetry(after: failure) {
            forward()
        } else {
            refuseForNow()
        }
    }

    func backendWritabilityChanged(_ isWritable: Bool) {
        setReading(isWritable)
    }
}
