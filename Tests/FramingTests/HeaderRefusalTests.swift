import Framing
import Testing

/// Headers that no peer of this version sends.
struct HeaderRefusalTests {
    private static func header(
        length: UInt32 = 0,
        type: UInt8 = 5,
        flags: UInt8 = 0,
        stream: UInt32 = 0
    ) -> [UInt8] {
        func bigEndian(_ value: UInt32) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
        }
        return bigEndian(length) + [type, flags] + bigEndian(stream)
    }

    @Test(arguments: 0..<FrameHeader.byteCount)
    func `fewer than ten bytes are no header`(count: Int) {
        #expect(throws: FramingError.truncatedHeader) {
            try FrameHeader(decoding: Self.header().prefix(count))
        }
    }

    @Test(arguments: [0, 8, 9, 0x7F, 0xFF] as [UInt8])
    func `an unknown type is refused`(type: UInt8) {
        #expect(throws: FramingError.unknownType(type)) {
            try FrameHeader(decoding: Self.header(type: type))
        }
    }

    @Test(arguments: [
        header(flags: 1), header(flags: 0x80), header(stream: 1), header(stream: 0x8000_0000),
    ])
    func `a reserved field that is not zero is refused`(bytes: [UInt8]) {
        #expect(throws: FramingError.reservedBits) { try FrameHeader(decoding: bytes) }
    }

    @Test(arguments: FrameType.allCases)
    func `a length of one beyond the type's limit is refused by the header alone`(
        type: FrameType
    ) {
        let limit = type.maximumPayloadBytes
        for length in [UInt32(limit) + 1, .max] {
            let error = FramingError.tooLong(type, bytes: Int(length), limit: limit)
            let bytes = Self.header(length: length, type: type.rawValue)
            var decoder = FrameDecoder()
            decoder.append(bytes[...])

            #expect(throws: error) { try FrameHeader(decoding: bytes) }
            #expect(throws: error) { try decoder.next() }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n\r\n", "GET /dav/ HTTP/1.1\r\n", "\u{16}\u{3}\u{1}hello....",
    ])
    func `a peer that speaks something else is refused by its first ten bytes`(text: String) {
        #expect(throws: FramingError.self) { try FrameHeader(decoding: Array(text.utf8)) }
    }
}
