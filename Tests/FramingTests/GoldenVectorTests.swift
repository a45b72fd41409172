import Framing
import Testing

/// The bytes on the wire, written down once: a build that makes others of the same values does not
/// speak this version any more.
struct GoldenVectorTests {
    private static let hello = "0000000a 01 00 00000000  0001 00020000 00010000"
    private static let before = """
        0010 30313233343536373839616263646566 0007 64656661756c74 0005 616c696365
        0006 777269746572
        """
    private static let target = """
        0003 505554 000a 2f6461762f612e766366 0005 6874747073 000b 6578616d706c652e636f6d
        0009 3139322e302e322e31
        """
    private static let requests: [(RequestHead, String)] = [
        (
            Samples.announced,
            """
            000000ac 02 00 00000000  \(before)
            0001 001a 687474702f636f6e74616374732f64656661756c742f7465616d 0006 726561646572
            \(target)
            0002 0008 69662d6d61746368 0003 223122 000a 757365722d6167656e74 0004 5a6fc3ab
            02 0000000000000004
            """
        ),
        (Samples.chunked, "0000005f 02 00 00000000 \(before) 0000 \(target) 0000 01"),
        (Samples.bodiless, "0000005f 02 00 00000000 \(before) 0000 \(target) 0000 00"),
    ]
    private static let responses: [(ResponseHead, String)] = [
        (
            Samples.card,
            "00000018 03 00 00000000  00c8 0001 0004 65746167 0003 223222 01 0000000000000004"
        ),
        (Samples.multistatus, "00000005 03 00 00000000  00cf 0000 00"),
    ]
    private static let failure =
        "00000017 06 00 00000000  03 0014 746f6f206d616e7920636f6e6e656374696f6e73"

    @Test func `a hello is these bytes`() throws {
        let golden = bytes(Self.hello)

        #expect(FrameHeader.frame(.hello, Hello.current.encode()) == golden)
        #expect(try Hello(decoding: golden.dropFirst(10)) == .current)
    }

    @Test(arguments: requests)
    func `a request's head is these bytes`(head: RequestHead, hex: String) throws {
        let golden = bytes(hex)

        #expect(FrameHeader.frame(.requestHead, head.encode()) == golden)
        #expect(try RequestHead(decoding: golden.dropFirst(10)) == head)
    }

    @Test(arguments: responses)
    func `a response's head is these bytes`(head: ResponseHead, hex: String) throws {
        let golden = bytes(hex)

        #expect(FrameHeader.frame(.responseHead, head.encode()) == golden)
        #expect(try ResponseHead(decoding: golden.dropFirst(10)) == head)
    }

    @Test func `a failure is these bytes`() throws {
        let golden = bytes(Self.failure)

        #expect(FrameHeader.frame(.failure, Samples.failure.encode()) == golden)
        #expect(try Failure(decoding: golden.dropFirst(10)) == Samples.failure)
    }

    @Test(arguments: [
        (Frame(.body, Array("card".utf8)), "00000004 04 00 00000000  63617264"),
        (Frame(.body), "00000000 04 00 00000000"), (Frame(.end), "00000000 05 00 00000000"),
        (Frame(.goingAway), "00000000 07 00 00000000"),
    ])
    func `a piece of a body and what carries nothing are these bytes`(frame: Frame, hex: String)
        throws
    {
        #expect(FrameHeader.frame(frame.type, frame.payload) == bytes(hex))
        #expect(try FrameHeader(decoding: bytes(hex)) == frame.header)
    }

    @Test(arguments: [
        (FrameType.hello, 1 as UInt8), (.requestHead, 2), (.responseHead, 3), (.body, 4), (.end, 5),
        (.failure, 6), (.goingAway, 7),
    ])
    func `a type keeps its number`(type: FrameType, number: UInt8) {
        #expect(type.rawValue == number)
    }

    @Test(arguments: [
        (Failure.Code.malformed, 1 as UInt8), (.wrongInstance, 2), (.overloaded, 3),
        (.internalFault, 4),
    ])
    func `a failure's code keeps its number`(code: Failure.Code, number: UInt8) {
        #expect(code.rawValue == number)
    }
}
