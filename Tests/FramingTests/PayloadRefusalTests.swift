import Framing
import Testing

/// Payloads that are cut off, have bytes left over, or hold what a field may not.
struct PayloadRefusalTests {
    /// Reads a payload as its type's value and forgets it.
    private static func decode(_ frame: Frame) throws(FramingError) {
        switch frame.type {
        case .hello: _ = try Hello(decoding: frame.payload)
        case .requestHead: _ = try RequestHead(decoding: frame.payload)
        case .responseHead: _ = try ResponseHead(decoding: frame.payload)
        case .failure: _ = try Failure(decoding: frame.payload)
        case .body, .end, .goingAway: return
        }
    }

    private static let structured = Samples.frames.filter {
        ![.body, .end, .goingAway].contains($0.type)
    }

    @Test(arguments: structured)
    func `a payload that is cut off anywhere is refused`(frame: Frame) {
        for count in 0..<frame.payload.count {
            #expect(throws: FramingError.truncatedPayload(frame.type), "\(count) bytes") {
                try Self.decode(Frame(frame.type, Array(frame.payload.prefix(count))))
            }
        }
    }

    @Test(arguments: structured)
    func `bytes behind the fields are refused`(frame: Frame) {
        for count in [1, 2, 100] {
            let payload = frame.payload + [UInt8](repeating: 0, count: count)
            #expect(throws: FramingError.leftOver(frame.type, bytes: count)) {
                try Self.decode(Frame(frame.type, payload))
            }
        }
    }

    @Test(arguments: [0, 2, 9, 0xFFFF] as [UInt16])
    func `another version is refused, whatever follows it`(version: UInt16) {
        let theirs = [UInt8(version >> 8), UInt8(version & 0xFF)]
        for rest in [[], [1, 2, 3], [UInt8](repeating: 0, count: 100)] {
            #expect(throws: FramingError.version(theirs: version, ours: 1)) {
                try Hello(decoding: theirs + rest)
            }
        }
    }

    @Test(arguments: [0, 6, 0xFF] as [UInt8])
    func `an unknown failure is refused`(code: UInt8) {
        #expect(throws: FramingError.malformedField(.failure, name: "code")) {
            try Failure(decoding: [code, 0, 0])
        }
    }

    @Test(arguments: [0, 99, 100, 199, 600, 0xFFFF] as [UInt16])
    func `RFC 9110 §15: a status that is no final one is refused`(status: UInt16) {
        let payload = [UInt8(status >> 8), UInt8(status & 0xFF), 0, 0, 0]

        #expect(throws: FramingError.malformedField(.responseHead, name: "status")) {
            try ResponseHead(decoding: payload)
        }
    }

    @Test func `a body's flag that is none is refused`() {
        var request = Samples.bodiless.encode()
        request[request.count - 1] = 3
        var response = Samples.multistatus.encode()
        response[response.count - 1] = 2

        #expect(throws: FramingError.malformedField(.requestHead, name: "body")) {
            try RequestHead(decoding: request)
        }
        #expect(throws: FramingError.malformedField(.responseHead, name: "body")) {
            try ResponseHead(decoding: response)
        }
    }

    @Test(arguments: ["a\0b", "a\nb", "a\rb", "\u{1F}", "\u{7F}"])
    func `a control character in a text is refused: it could end a header line or a log line`(
        text: String
    ) {
        let request = Samples.request(headers: [HeaderField("x", text)], hasBody: false)
        let response = ResponseHead(status: 200, headers: [HeaderField("x", text)], bodyBytes: nil)

        #expect(throws: FramingError.malformedField(.requestHead, name: "field value")) {
            try RequestHead(decoding: request.encode())
        }
        #expect(throws: FramingError.malformedField(.responseHead, name: "field value")) {
            try ResponseHead(decoding: response.encode())
        }
        #expect(throws: FramingError.malformedField(.failure, name: "message")) {
            try Failure(decoding: Failure(.malformed, text).encode())
        }
    }

    @Test(arguments: ["ff", "c0af", "eda080", "f4908080", "c3"])
    func `a text that is no UTF-8 is refused`(hex: String) {
        let text = bytes(hex)

        #expect(throws: FramingError.malformedField(.failure, name: "message")) {
            try Failure(decoding: [1, 0, UInt8(text.count)] + text)
        }
    }

    @Test(arguments: ["", "Etag", "a b", "a:", "a\tb", "é", "a\"", "a\r\nb"])
    func `RFC 9110 §5.1: a field's name that is no token in lower case is refused`(name: String) {
        let head = ResponseHead(status: 200, headers: [HeaderField(name, "")], bodyBytes: nil)

        #expect(throws: FramingError.self) { try ResponseHead(decoding: head.encode()) }
    }

    @Test func `each text of a request's head names itself where it is malformed`() {
        let names = ["request id", "instance", "user", "role"]
        for (position, name) in names.enumerated() {
            var payload: [UInt8] = []
            for _ in 0..<position { payload += [0, 1, 0x61] }
            payload += [0, 1, 0]
            #expect(throws: FramingError.malformedField(.requestHead, name: name)) {
                try RequestHead(decoding: payload)
            }
        }
    }
}
