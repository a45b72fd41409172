import Framing
import Testing

/// What is encoded is decoded as the same value.
struct RoundTripTests {
    private static let texts = [
        "", "a", "\ttab and space", "Jürgen 山田 🙂", String(repeating: "x", count: 65_535),
    ]

    @Test(arguments: texts)
    func `a text of any length and script comes back as it was`(text: String) throws {
        let request = Samples.request(
            grants: [Grant(path: String(text.prefix(200)), role: String(text.prefix(8)))],
            headers: [HeaderField("x", text)],
            hasBody: false
        )
        let response = ResponseHead(
            status: 200,
            headers: [HeaderField("x", text)],
            bodyBytes: nil
        )

        #expect(try RequestHead(decoding: request.encode()) == request)
        #expect(try ResponseHead(decoding: response.encode()) == response)
    }

    @Test(arguments: [nil, 0, 1, UInt64(UInt32.max) + 1, .max])
    func `a length comes back as it was, and none as none`(bodyBytes: UInt64?) throws {
        let request = Samples.request(hasBody: true, bodyBytes: bodyBytes)
        let response = ResponseHead(status: 599, headers: [], bodyBytes: bodyBytes)

        #expect(try RequestHead(decoding: request.encode()) == request)
        #expect(try ResponseHead(decoding: response.encode()) == response)
    }

    @Test func `header fields keep their order, and those of one name stay apart`() throws {
        let fields = [HeaderField("b", "1"), HeaderField("a", "2"), HeaderField("b", "3")]
        let head = Samples.request(headers: fields, hasBody: false)

        #expect(try RequestHead(decoding: head.encode()).headers == fields)
    }

    @Test func `RFC 9110 §5.1: a field's name may have each byte of a token`() throws {
        let name = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
        let head = ResponseHead(status: 200, headers: [HeaderField(name, "")], bodyBytes: nil)

        #expect(try ResponseHead(decoding: head.encode()) == head)
    }

    @Test(arguments: Failure.Code.allCases)
    func `a failure of each kind comes back as it was`(code: Failure.Code) throws {
        let failure = Failure(code, "why")

        #expect(try Failure(decoding: failure.encode()) == failure)
    }

    @Test(arguments: FrameType.allCases)
    func `a header with the longest payload of its type comes back as it was`(
        type: FrameType
    ) throws {
        let header = FrameHeader(type: type, payloadBytes: type.maximumPayloadBytes)
        var encoded: [UInt8] = []
        header.encode(into: &encoded)

        #expect(encoded.count == FrameHeader.byteCount)
        #expect(try FrameHeader(decoding: encoded) == header)
    }
}
