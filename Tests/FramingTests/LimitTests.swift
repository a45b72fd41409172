import Framing
import Testing

/// The limits' edges: what is just allowed, and what is just not.
struct LimitTests {
    private static func fields(_ count: Int) -> [HeaderField] {
        (0..<count).map { HeaderField("x-\($0)", "") }
    }

    private static func grants(_ count: Int) -> [Grant] {
        (0..<count).map { Grant(path: "\($0)", role: "reader") }
    }

    @Test func `a head has so many fields and not one more`() throws {
        let limit = FramingLimits.maximumFields
        let full = Samples.request(headers: Self.fields(limit), hasBody: false)
        let over = Samples.request(headers: Self.fields(limit + 1), hasBody: false)
        let answer = ResponseHead(status: 200, headers: Self.fields(limit + 1), bodyBytes: nil)

        #expect(try RequestHead(decoding: full.encode()) == full)
        #expect(throws: FramingError.tooMany(.requestHead, name: "header fields", limit: limit)) {
            try RequestHead(decoding: over.encode())
        }
        #expect(throws: FramingError.tooMany(.responseHead, name: "header fields", limit: limit)) {
            try ResponseHead(decoding: answer.encode())
        }
    }

    @Test func `a frame is made only of what the other side takes`() throws {
        let many = Self.fields(FramingLimits.maximumFields + 1)
        let long = [HeaderField("x", String(repeating: "y", count: 65_536))]
        let large = (0..<3).map { HeaderField("x\($0)", String(repeating: "y", count: 60_000)) }
        for headers in [many, long, large] {
            let head = Samples.request(headers: headers, hasBody: false)
            #expect(throws: FramingError.self) { try head.frame() }
        }
        let most = [HeaderField("x", String(repeating: "y", count: 65_535))]
        let head = Samples.request(headers: most, hasBody: false)
        let payload = try head.frame().dropFirst(FrameHeader.byteCount)
        #expect(try RequestHead(decoding: Array(payload)) == head)
    }

    @Test func `a request has so many grants and not one more`() throws {
        let limit = FramingLimits.maximumGrants
        let full = Samples.request(grants: Self.grants(limit), hasBody: false)
        let over = Samples.request(grants: Self.grants(limit + 1), hasBody: false)

        #expect(try RequestHead(decoding: full.encode()) == full)
        #expect(throws: FramingError.tooMany(.requestHead, name: "grants", limit: limit)) {
            try RequestHead(decoding: over.encode())
        }
    }

    @Test func `a request's grants have so many bytes and not one more`() throws {
        let limit = FramingLimits.maximumGrantBytes
        let name = String(repeating: "x", count: 1_018)
        let grants = (0..<limit / 1_024).map { _ in Grant(path: name, role: "no") }
        let more = grants.dropLast() + [Grant(path: name, role: "not")]
        let over = Samples.request(grants: Array(more), hasBody: false)

        #expect(FramingLimits.hasRoom(for: grants))
        #expect(!FramingLimits.hasRoom(for: Array(more)))
        #expect(
            try RequestHead(decoding: Samples.request(grants: grants, hasBody: false).encode())
                .grants == grants
        )
        #expect(
            throws: FramingError.tooMany(.requestHead, name: "bytes of grants", limit: limit)
        ) { try RequestHead(decoding: over.encode()) }
    }

    @Test func `a count beyond the limit is refused before what it counts is looked for`() {
        #expect(throws: FramingError.tooMany(.responseHead, name: "header fields", limit: 256)) {
            try ResponseHead(decoding: [0, 200, 0xFF, 0xFF])
        }
    }

    @Test func `a text that is too long for its length is refused, not sent as another`() {
        let text = String(repeating: "é", count: 32_768)
        let head = Samples.request(headers: [HeaderField("x", text)], hasBody: false)

        #expect(throws: FramingError.malformedField(.requestHead, name: "field value")) {
            try RequestHead(decoding: head.encode())
        }
    }

    @Test func `a failure's message is cut, so that it always fits its frame`() throws {
        for character in ["x", "é", "🙂", "🇸🇪", "\u{301}"] {
            let failure = Failure(.internalFault, String(repeating: character, count: 100_000))
            let payload = failure.encode()

            #expect(payload.count <= FramingLimits.maximumFailureBytes)
            #expect(try Failure(decoding: payload).code == .internalFault)
        }
    }

    @Test func `what a hello announces is what the headers are held to`() {
        #expect(Int(Hello.current.maximumHeadBytes) == FrameType.requestHead.maximumPayloadBytes)
        #expect(Int(Hello.current.maximumHeadBytes) == FrameType.responseHead.maximumPayloadBytes)
        #expect(Int(Hello.current.maximumBodyFrameBytes) == FrameType.body.maximumPayloadBytes)
    }
}
