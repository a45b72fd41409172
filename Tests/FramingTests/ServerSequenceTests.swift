import Framing
import Testing

/// What a backend may be sent, and when.
struct ServerSequenceTests {
    /// A place that a connection may be in, and the frames that lead there and are allowed there.
    enum Place: CaseIterable {
        case greeting, idle, body, nextIdle

        var allowed: Set<FrameType> {
            switch self {
            case .greeting: [.hello]
            case .idle, .nextIdle: [.requestHead]
            case .body: [.body, .end]
            }
        }

        var state: String { self == .nextIdle ? "idle" : "\(self)" }

        func sequence() throws -> ServerSequence {
            var sequence = ServerSequence()
            let frames: [FrameType] =
                switch self {
                case .greeting: []
                case .idle: [.hello]
                case .body: [.hello, .requestHead]
                case .nextIdle: [.hello, .requestHead, .end]
                }
            for type in frames {
                try sequence.receive(FrameHeader(type: type, payloadBytes: 0))
                if type == .requestHead { sequence.expectBody(of: Samples.chunked) }
            }
            return sequence
        }
    }

    @Test(arguments: Place.allCases, FrameType.allCases)
    func `at each place each frame is taken or refused`(place: Place, type: FrameType) throws {
        var sequence = try place.sequence()
        let header = FrameHeader(type: type, payloadBytes: 0)

        if place.allowed.contains(type) {
            try sequence.receive(header)
        } else {
            #expect(throws: FramingError.unexpected(type, state: place.state)) {
                try sequence.receive(header)
            }
        }
    }

    @Test(arguments: Place.allCases)
    func `only between two requests is a connection idle`(place: Place) throws {
        let isIdle = try place.sequence().isIdle

        #expect(isIdle == (place == .idle || place == .nextIdle))
    }

    @Test(arguments: [
        (Samples.announced, [4]), (Samples.announced, [1, 2, 1, 0]), (Samples.chunked, []),
        (Samples.chunked, [65_536, 65_536, 1]), (Samples.bodiless, []),
    ])
    func `a body as long as announced is taken, and the next request after it`(
        head: RequestHead,
        pieces: [Int]
    ) throws {
        var sequence = try Place.body.sequence()
        sequence.expectBody(of: head)

        for bytes in pieces { try sequence.receive(FrameHeader(type: .body, payloadBytes: bytes)) }
        try sequence.receive(FrameHeader(type: .end, payloadBytes: 0))

        #expect(sequence.isIdle)
        try sequence.receive(FrameHeader(type: .requestHead, payloadBytes: 0))
        sequence.expectBody(of: Samples.announced)
        try sequence.receive(FrameHeader(type: .body, payloadBytes: 4))
    }

    @Test(arguments: [(Samples.announced, UInt64(5)), (Samples.bodiless, UInt64(1))])
    func `a body longer than announced is refused with the piece that makes it so`(
        head: RequestHead,
        received: UInt64
    ) throws {
        var sequence = try Place.body.sequence()
        sequence.expectBody(of: head)

        for _ in 1..<received { try sequence.receive(FrameHeader(type: .body, payloadBytes: 1)) }

        #expect(
            throws: FramingError.bodyLength(announced: head.bodyBytes ?? 0, received: received)
        ) {
            try sequence.receive(FrameHeader(type: .body, payloadBytes: 1))
        }
    }

    @Test(arguments: [0, 1, 3])
    func `a body shorter than announced is refused at its end`(bytes: Int) throws {
        var sequence = try Place.body.sequence()
        sequence.expectBody(of: Samples.announced)
        try sequence.receive(FrameHeader(type: .body, payloadBytes: bytes))

        #expect(throws: FramingError.bodyLength(announced: 4, received: UInt64(bytes))) {
            try sequence.receive(FrameHeader(type: .end, payloadBytes: 0))
        }
    }
}
