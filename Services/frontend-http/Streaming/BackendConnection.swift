import Framing
import NIOCore

/// Why a backend gave no answer, or not all of one.
enum BackendFailure: Error {
    /// The backend said that it has done and will do nothing of the request.
    case refused(Failure)
    /// The connection ended.
    case closed
    /// The backend broke the protocol.
    case violation(FramingError)
}

/// Who waits for an answer; called on the connection's event loop.
protocol AnswerReceiver: AnyObject {
    func received(_ head: ResponseHead)
    func received(_ body: ByteBuffer)
    func receivedEnd()
    func failed(_ failure: BackendFailure)
    func backendWritabilityChanged(_ isWritable: Bool)
}

/// One connection to a backend: frames out of the bytes that come, one request at a time.
final class BackendConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        case greeting, idle, waiting, answering, closed
    }

    /// Called when the connection can take a request, or never will again.
    var onIdle: ((BackendConnection) -> Void)?
    var onClosed: ((BackendConnection) -> Void)?

    private var phase = Phase.greeting
    private var sequence = ClientSequence()
    private var pending = ByteBuffer()
    private var header: FrameHeader?
    private var context: ChannelHandlerContext?
    private weak var receiver: (any AnswerReceiver)?

    /// Whether a request can be sent now.
    var isIdle: Bool { phase == .idle }

    /// Whether bytes that are sent now leave soon.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        send(.hello, Hello.current.encode())
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        pending.writeBuffer(&bytes)
        do throws(FramingError) {
            while try takeFrame() {}
        } catch {
            fail(.violation(error))
        }
        if pending.readableBytes == 0 { pending.clear() } else { pending.discardReadBytes() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.closed)
        self.context = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.closed)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        receiver?.backendWritabilityChanged(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    // MARK: A request

    /// Sends a request's head; what comes back goes to the receiver.
    func begin(_ head: RequestHead, for receiver: any AnswerReceiver) throws(FramingError) {
        try sequence.send()
        phase = .waiting
        self.receiver = receiver
        send(.requestHead, head.encode())
    }

    /// Sends a piece of the request's body, in frames that copy none of it.
    func send(body: ByteBuffer) {
        var rest = body
        while let piece = rest.readSlice(
            length: min(rest.readableBytes, FramingLimits.maximumBodyFrameBytes)
        ),
            piece.readableBytes > 0
        {
            var header: [UInt8] = []
            FrameHeader(type: .body, payloadBytes: piece.readableBytes).encode(into: &header)
            write(ByteBuffer(bytes: header))
            write(piece)
        }
        context?.flush()
    }

    /// Sends the request's end.
    func sendEnd() { send(.end, []) }

    /// Reads no more until told otherwise: the client is slow.
    func setReading(_ isReading: Bool) {
        do {
            try context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
        } catch {
            // Only a closed channel refuses; its end is told by itself.
            return
        }
    }

    /// Drops the request: closing is what cancels the work behind it.
    func cancel() {
        receiver = nil
        close()
    }

    func close() {
        phase = .closed
        context?.close(promise: nil)
    }

    private func send(_ type: FrameType, _ payload: [UInt8]) {
        write(ByteBuffer(bytes: FrameHeader.frame(type, payload)))
        context?.flush()
    }

    private func write(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    // MARK: What comes

    private func takeFrame() throws(FramingError) -> Bool {
        if header == nil, pending.readableBytes >= FrameHeader.byteCount,
            let bytes = pending.readBytes(length: FrameHeader.byteCount)
        {
            let next = try FrameHeader(decoding: bytes)
            try sequence.receive(next)
            header = next
        }
        guard let frame = header, let payload = pending.readSlice(length: frame.payloadBytes) else {
            return false
        }
        header = nil
        try take(frame.type, payload)
        return phase != .closed
    }

    private func take(_ type: FrameType, _ payload: ByteBuffer) throws(FramingError) {
        switch type {
        case .hello:
            _ = try Hello(decoding: payload.readableBytesView)
            becomeIdle()
        case .responseHead:
            let head = try ResponseHead(decoding: payload.readableBytesView)
            sequence.expectBody(of: head)
            phase = .answering
            receiver?.received(head)
        case .body: receiver?.received(payload)
        case .end:
            let receiver = self.receiver
            self.receiver = nil
            becomeIdle()
            receiver?.receivedEnd()
        case .failure: fail(.refused(try Failure(decoding: payload.readableBytesView)))
        case .requestHead: throw .unexpected(type, state: "answer")
        }
    }

    private func becomeIdle() {
        phase = .idle
        setReading(true)
        onIdle?(self)
    }

    private func fail(_ failure: BackendFailure) {
        if phase != .closed || receiver != nil {
            phase = .closed
            let receiver = self.receiver
            self.receiver = nil
            receiver?.failed(failure)
        }
        let closed = onClosed
        onClosed = nil
        closed?(self)
        context?.close(promise: nil)
    }
}
