import Framing
import Testing

/// What a gateway may be sent, and when.
struct ClientSequenceTests {
    /// A place that a connection may be in, and the frames that are allowed there.
    enum Place: CaseIterable {
        case greeting, idle, waiting, body, nextIdle, lastWaiting, lastBody, leaving, lastEnd,
            failed

        var allowed: Set<FrameType> {
            switch self {
            case .greeting: [.hello, .failure]
            case .idle, .nextIdle: [.failure, .goingAway]
            case .waiting: [.responseHead, .failure, .goingAway]
            case .lastWaiting: [.responseHead, .failure]
            case .body, .lastBody: [.body, .end]
            case .leaving, .lastEnd, .failed: []
            }
        }

        var state: String {
            switch self {
            case .nextIdle: "idle"
            case .lastWaiting: "waiting"
            case .lastBody: "body"
            case .lastEnd: "leaving"
            default: "\(self)"
            }
        }

        private var isLast: Bool { [.lastWaiting, .lastBody, .lastEnd].contains(self) }

        func sequence() throws -> ClientSequence {
            var sequence = ClientSequence()
            if self == .greeting { return sequence }
            try sequence.receive(FrameHeader(type: .hello, payloadBytes: 0))
            if self == .leaving {
                try sequence.receive(FrameHeader(type: .goingAway, payloadBytes: 0))
            }
            if self == .idle || self == .leaving { return sequence }
            try sequence.send()
            if isLast { try sequence.receive(FrameHeader(type: .goingAway, payloadBytes: 0)) }
            switch self {
            case .body, .nextIdle, .lastBody, .lastEnd:
                try sequence.receive(FrameHeader(type: .responseHead, payloadBytes: 0))
                sequence.expectBody(of: Samples.multistatus)
            case .failed: try sequence.receive(FrameHeader(type: .failure, payloadBytes: 0))
            case .greeting, .idle, .waiting, .lastWaiting, .leaving: break
            }
            if self == .nextIdle || self == .lastEnd {
                try sequence.receive(FrameHeader(type: .end, payloadBytes: 0))
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
    func `a request is sent only where none is under way`(place: Place) throws {
        var sequence = try place.sequence()

        if place == .idle || place == .nextIdle {
            #expect(sequence.isIdle)
            try sequence.send()
            #expect(!sequence.isIdle)
        } else {
            #expect(!sequence.isIdle)
            #expect(throws: FramingError.unexpected(.requestHead, state: place.state)) {
                try sequence.send()
            }
        }
    }

    @Test(arguments: [(Samples.card, [4]), (Samples.card, [0, 3, 1]), (Samples.multistatus, [9])])
    func `a body as long as announced is taken, and the next answer after it`(
        head: ResponseHead,
        pieces: [Int]
    ) throws {
        var sequence = try Place.body.sequence()
        sequence.expectBody(of: head)

        for bytes in pieces { try sequence.receive(FrameHeader(type: .body, payloadBytes: bytes)) }
        try sequence.receive(FrameHeader(type: .end, payloadBytes: 0))

        try sequence.send()
        try sequence.receive(FrameHeader(type: .responseHead, payloadBytes: 0))
        sequence.expectBody(of: Samples.card)
        try sequence.receive(FrameHeader(type: .body, payloadBytes: 4))
    }

    @Test func `a body longer than announced is refused with the piece that makes it so`() throws {
        var sequence = try Place.body.sequence()
        sequence.expectBody(of: Samples.card)
        try sequence.receive(FrameHeader(type: .body, payloadBytes: 4))

        #expect(throws: FramingError.bodyLength(announced: 4, received: 5)) {
            try sequence.receive(FrameHeader(type: .body, payloadBytes: 1))
        }
    }

    @Test func `a body shorter than announced is refused at its end`() throws {
        var sequence = try Place.body.sequence()
        sequence.expectBody(of: Samples.card)
        try sequence.receive(FrameHeader(type: .body, payloadBytes: 3))

        #expect(throws: FramingError.bodyLength(announced: 4, received: 3)) {
            try sequence.receive(FrameHeader(type: .end, payloadBytes: 0))
        }
    }
}
