/// What the backend may receive next on a connection: hello, then one request after the other.
public struct ServerSequence: Sendable {
    private enum State: String {
        case greeting, idle, body
    }

    private var state = State.greeting
    private var announced: UInt64?
    private var received: UInt64 = 0

    /// Begins with a fresh connection.
    public init() {}

    /// Whether the connection stands between two requests.
    public var isIdle: Bool { state == .idle }

    /// Checks that a frame may come now.
    ///
    /// - Throws: ``FramingError/unexpected(_:state:)``, or a body that is not as long as announced.
    public mutating func receive(_ header: FrameHeader) throws(FramingError) {
        switch (state, header.type) {
        case (.greeting, .hello): state = .idle
        case (.idle, .requestHead): state = .body
        case (.body, .body):
            received += UInt64(header.payloadBytes)
            if let announced, received > announced {
                throw .bodyLength(announced: announced, received: received)
            }
        case (.body, .end):
            if let announced, received != announced {
                throw .bodyLength(announced: announced, received: received)
            }
            state = .idle
        default: throw .unexpected(header.type, state: state.rawValue)
        }
    }

    /// Says how long the body of the request that has just begun is.
    public mutating func expectBody(of head: RequestHead) {
        announced = head.hasBody ? head.bodyBytes : 0
        received = 0
    }
}

/// What the gateway may receive next on a connection: hello, then an answer to each request.
public struct ClientSequence: Sendable {
    private enum State: String {
        case greeting, idle, waiting, body, leaving, failed
    }

    private var state = State.greeting
    /// Whether the backend has said that it stops.
    private var isLast = false
    private var announced: UInt64?
    private var received: UInt64 = 0

    /// Begins with a fresh connection.
    public init() {}

    /// Whether a request may be sent.
    public var isIdle: Bool { state == .idle }

    /// Notes that a request is being sent.
    ///
    /// - Throws: ``FramingError/unexpected(_:state:)`` where one is under way already, or the backend
    ///   takes no more.
    public mutating func send() throws(FramingError) {
        guard state == .idle else { throw .unexpected(.requestHead, state: state.rawValue) }
        state = .waiting
    }

    /// Checks that a frame may come now.
    ///
    /// - Throws: ``FramingError/unexpected(_:state:)``, or a body that is not as long as announced.
    public mutating func receive(_ header: FrameHeader) throws(FramingError) {
        switch (state, header.type) {
        case (.greeting, .hello): state = .idle
        case (.waiting, .responseHead): state = .body
        case (.greeting, .failure), (.idle, .failure), (.waiting, .failure): state = .failed
        case (.idle, .goingAway): state = .leaving
        // It crossed the request, which is answered all the same.
        case (.waiting, .goingAway) where !isLast: isLast = true
        case (.body, .body):
            received += UInt64(header.payloadBytes)
            if let announced, received > announced {
                throw .bodyLength(announced: announced, received: received)
            }
        case (.body, .end):
            if let announced, received != announced {
                throw .bodyLength(announced: announced, received: received)
            }
            state = isLast ? .leaving : .idle
        default: throw .unexpected(header.type, state: state.rawValue)
        }
    }

    /// Says how long the body of the response that has just begun is.
    public mutating func expectBody(of head: ResponseHead) {
        announced = head.bodyBytes
        received = 0
    }
}
