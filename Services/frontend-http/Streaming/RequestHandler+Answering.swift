import NIOCore
import NIOHTTP1
import Settings

/// To the client.
extension RequestHandler {
    /// Answers with a reason in plain text, and what the log calls the request.
    func refuse(_ status: Int, _ reason: String, _ fields: [(String, String)] = []) {
        request?.isRefused = status != 401
        answer(
            status,
            fields + [("content-type", "text/plain; charset=utf-8")],
            "\(reason)\nrequest \(request?.requestID ?? "-")\n"
        )
    }

    /// Answers by itself, without waiting for what is left of the body.
    func answer(_ status: Int, _ fields: [(String, String)], _ text: String = "") {
        guard let context, let request else { return }
        let hasBody = !text.isEmpty && request.head.method != .HEAD
        request.status = status
        request.sentBytes = hasBody ? text.utf8.count : 0
        var fields = fields
        AnswerFields.add(to: &fields, for: request)
        fields.append(("date", date.now()))
        fields.append(("content-length", String(text.utf8.count)))
        writeHead(status, HTTPHeaders(fields))
        if hasBody { write(.body(.byteBuffer(context.channel.allocator.buffer(string: text)))) }
        answered()
    }

    /// Writes an answer's head; says so in it where the connection ends with this answer.
    func writeHead(_ status: Int, _ headers: HTTPHeaders) {
        guard let request else { return }
        var headers = headers
        if request.closes || !request.canGoOn {
            request.closes = true
            headers.add(name: "connection", value: "close")
        }
        writeHead(status, headers, isSecure: request.origin.isSecure)
    }

    /// Writes a head with what the settings add to each.
    func writeHead(_ status: Int, _ headers: HTTPHeaders, isSecure: Bool) {
        var headers = headers
        let policy = connection.policy
        if !policy.answers.server.isEmpty {
            headers.add(name: "server", value: policy.answers.server)
        }
        if isSecure, let value = policy.strictTransport {
            headers.add(name: "strict-transport-security", value: value)
        }
        write(
            .head(
                HTTPResponseHead(
                    version: .http1_1,
                    status: .init(statusCode: status),
                    headers: headers
                )
            )
        )
    }

    /// Ends an answer. What is left of the request's body is read, within its limit: a connection
    /// that is closed while the client still sends is reset, and the client never sees the answer.
    func answered() {
        guard let request else { return }
        finish(request)
        setReading(true)
        // Writing the end may bring the next request in before the write returns: all of this one
        // is settled first.
        if !request.isComplete {
            phase = .discarding
        } else {
            self.request = nil
            phase = request.closes ? .closing : .idle
            connection.requestEnded()
        }
        if request.closes { writeLastEnd() } else { write(.end(nil), flush: true) }
    }

    /// Ends the connection's last answer, and the connection when that has left.
    func writeLastEnd() {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.lastAnswerOut()
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Closes, or where the client may still be sending says only that nothing more will come
    /// (RFC 9112 §9.6).
    private func lastAnswerOut() {
        isLastAnswerOut = true
        switch phase {
        case .closing where connection.fault == nil: context?.close(promise: nil)
        case .discarding, .closing: context?.close(mode: .output, promise: nil)
        case .idle, .deciding, .forwarding: return
        }
    }

    /// Ends an answer that has begun and cannot go on: only the end of the connection tells the client
    /// that it is not whole.
    func breakOff() {
        context?.flush()
        context?.close(promise: nil)
    }

    /// Counts what is thrown away of a body.
    func discard(_ bytes: Int) {
        guard let request else { return }
        request.discardedBytes += bytes
        if request.discardedBytes > GatewayLimits.maximumDiscardedBytes {
            context?.close(promise: nil)
        }
    }

    /// The rest of the body is over.
    func discarded() {
        let closes = request?.closes ?? true
        request = nil
        phase = closes ? .closing : .idle
        connection.requestEnded()
        if closes, isLastAnswerOut { context?.close(promise: nil) }
    }

    /// Writes a piece of an answer's body.
    func writeBody(_ bytes: ByteBuffer) {
        guard let context, let request, bytes.readableBytes > 0 else { return }
        request.sentBytes += bytes.readableBytes
        guard connection.isHTTP2 else { return write(.body(.byteBuffer(bytes))) }
        // A stream does not say how much of it waits for the client's window.
        let count = bytes.readableBytes
        waitingBytes += count
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in
            self?.waitingBytes -= count
        }
        context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: written)
    }

    func write(_ part: HTTPServerResponsePart, flush: Bool = false) {
        guard let context else { return }
        if flush {
            context.writeAndFlush(wrapOutboundOut(part), promise: nil)
        } else {
            context.write(wrapOutboundOut(part), promise: nil)
        }
    }
}
