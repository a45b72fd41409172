import Framing
import NIOCore

/// Why a backend gave no answer, or not all of one.
enum BackendFailure: Error {
    /// The backend said that it has done and will do nothing of the request.
    case refused(Failure)
    /// The connection ended before anything of the request had left.
    case unsent
    /// The connection ended.
    case closed
    /// The backend broke the protocol.
    case violation(FramingError)

    /// Whether the backend has done nothing of the request for certain.
    var leftRequestUntouched: Bool {
        switch self {
        case .refused(let reason): reason.code == .overloaded
        case .unsent: true
        case .closed, .violation: false
        }
    }

    /// Whether the backend may have ended, so that its other connections have too.
    var meansAnotherBackend: Bool {
        switch self {
        case .unsent, .closed: true
        case .refused, .violation: false
        }
    }
}

/// Who waits for an answer; called on the connection's event loop.
protocol AnswerReceiver: AnyObject {
    func received(_ head: ResponseHead)
    func received(_ body: ByteBuffer)
    /// Nothing more has come yet.
    func receivedAllForNow()
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
    /// Called when the backend behind it has ended, or says that it is about to, before whoever waits
    /// for an answer learns of it.
    var onBackendEnd: ((BackendConnection) -> Void)?
    /// Which of its instance's backends it leads to, as the pool counts them: they end and are
    /// replaced.
    var generation = 0

    private var phase = Phase.greeting
    private var sequence = ClientSequence()
    private var pending = ByteBuffer()
    private var header: FrameHeader?
    private var isRequestWhole = true
    private var hasRequestLeft = true
    private var isReading = true
    private var context: ChannelHandlerContext?
    private weak var receiver: (any AnswerReceiver)?
    private let greetingTime: TimeAmount
    private var greetingEnd: Scheduled<Void>?

    /// Whether the backend has ever said hello; one that has not is no better than one that is
    /// missing.
    private(set) var wasGreeted = false

    /// Whether a request can be sent now.
    var isIdle: Bool { phase == .idle }

    /// Whether bytes that are sent now leave soon.
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// - Parameter greetingTime: How long the backend may take to say hello: one that systemd starts
    ///   takes a while.
    init(greetingTime: TimeAmount) {
        self.greetingTime = greetingTime
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        write(ByteBuffer(bytes: FrameHeader.frame(.hello, Hello.current.encode())))
        flush()
        greetingEnd = context.eventLoop.assumeIsolated().scheduleTask(in: greetingTime) {
            [weak self] in self?.fail(.closed)
        }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if pending.readableBytes == 0 { pending = bytes } else { pending.writeBuffer(&bytes) }
        do throws(FramingError) {
            while try takeFrame() {}
        } catch {
            fail(.violation(error))
        }
        // The client's connection may still hold slices: letting go copies nothing.
        if pending.readableBytes == 0 { pending = ByteBuffer() } else { pending.discardReadBytes() }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        receiver?.receivedAllForNow()
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        greetingEnd?.cancel()
        fail(hasRequestLeft ? .closed : .unsent)
        self.context = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(hasRequestLeft ? .closed : .unsent)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        receiver?.backendWritabilityChanged(context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    // MARK: A request

    /// Sends a request's head; what comes back goes to the receiver. Nothing leaves before ``flush()``.
    ///
    /// - Parameters:
    ///   - head: The head.
    ///   - isWhole: Whether the request ends with its head.
    ///   - receiver: Who waits for the answer.
    /// - Throws: ``FramingError/unexpected(_:state:)`` where a request is under way already, and whatever
    ///   a head is too large in: then nothing has happened, and the connection can be given back.
    func begin(
        _ head: RequestHead,
        isWhole: Bool,
        for receiver: any AnswerReceiver
    ) throws(FramingError) {
        var bytes = try head.frame()
        try sequence.send()
        phase = .waiting
        isRequestWhole = isWhole
        hasRequestLeft = false
        self.receiver = receiver
        if isWhole { FrameHeader(type: .end, payloadBytes: 0).encode(into: &bytes) }
        write(ByteBuffer(bytes: bytes))
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
    }

    /// Sends the request's end.
    func sendEnd() {
        isRequestWhole = true
        write(ByteBuffer(bytes: FrameHeader.frame(.end)))
    }

    /// Has what was sent leave.
    func flush() {
        // A write that fails ends the connection before it returns; the system has taken none of it.
        context?.flush()
        hasRequestLeft = true
    }

    /// Reads no more until told otherwise: the client is slow.
    func setReading(_ isReading: Bool) {
        guard isReading != self.isReading else { return }
        self.isReading = isReading
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

    private func write(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    // MARK: What comes

    private func takeFrame() throws(FramingError) -> Bool {
        if header == nil,
            let (length, type, flags, stream) = pending.readMultipleIntegers(
                as: (UInt32, UInt8, UInt8, UInt32).self
            )
        {
            let next = try FrameHeader(length: length, type: type, flags: flags, stream: stream)
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
            wasGreeted = true
            greetingEnd?.cancel()
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
            // Answered before the body was read: what is left of it will not be sent, and the next
            // request would be taken for it.
            if isRequestWhole { becomeIdle() } else { close() }
            receiver?.receivedEnd()
        case .failure: fail(.refused(try Failure(decoding: payload.readableBytesView)))
        case .goingAway:
            onBackendEnd?(self)
            if phase == .idle { close() }
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
            if failure.meansAnotherBackend { onBackendEnd?(self) }
            let receiver = self.receiver
            self.receiver = nil
            receiver?.failed(failure)
        }
        onBackendEnd = nil
        let closed = onClosed
        onClosed = nil
        closed?(self)
        context?.close(promise: nil)
    }
}
