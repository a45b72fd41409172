import Framing
import NIOCore
import NIOEmbedded
import Testing

@testable import FrontendHTTP

/// The gateway's end of a backend's connection: however the bytes come, the same answer comes out.
struct FragmentTests {
    private static let head = ResponseHead(
        status: 207,
        headers: [HeaderField("etag", "\"1\"")],
        bodyBytes: 9
    )
    private static let stream =
        FrameHeader.frame(.hello, Hello.current.encode())
        + FrameHeader.frame(.responseHead, head.encode())
        + FrameHeader.frame(.body, Array("contact ".utf8)) + FrameHeader.frame(.body)
        + FrameHeader.frame(.body, Array("s".utf8)) + FrameHeader.frame(.end)
    private static let greetingBytes = FrameHeader.byteCount + Hello.current.encode().count

    /// A connection that was greeted and has sent a request, and who waits for the answer.
    private static func waiting() throws -> (EmbeddedChannel, Recorder) {
        let connection = BackendConnection(greetingTime: .seconds(60))
        let channel = EmbeddedChannel(handler: connection)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/backend")).wait()
        try channel.writeInbound(ByteBuffer(bytes: stream[..<greetingBytes]))
        let recorder = Recorder()
        try connection.begin(
            RequestHead(
                requestID: "1",
                instance: "default",
                user: "alice",
                role: "writer",
                method: "REPORT",
                target: "/dav/",
                scheme: "http",
                authority: "localhost",
                clientAddress: "127.0.0.1",
                headers: [],
                hasBody: false,
                bodyBytes: nil
            ),
            isWhole: true,
            for: recorder
        )
        connection.flush()
        return (channel, recorder)
    }

    @Test(arguments: 1...(stream.count - greetingBytes))
    func `pieces of every size make the same answer`(pieceBytes: Int) throws {
        let (channel, recorder) = try Self.waiting()
        var rest = Self.stream[Self.greetingBytes...]
        while !rest.isEmpty {
            try channel.writeInbound(ByteBuffer(bytes: rest.prefix(pieceBytes)))
            rest = rest.dropFirst(pieceBytes)
        }

        #expect(recorder.heads == [Self.head])
        #expect(String(decoding: recorder.body, as: UTF8.self) == "contact s")
        #expect(recorder.ends == 1)
        #expect(recorder.failures == 0)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    @Test func `a stream that ends within an answer fails it, wherever it ends`() throws {
        for count in 0..<(Self.stream.count - Self.greetingBytes) {
            let (channel, recorder) = try Self.waiting()
            let part = Self.stream[Self.greetingBytes...].prefix(count)
            try channel.writeInbound(ByteBuffer(bytes: part))
            _ = try channel.finish(acceptAlreadyClosed: true)

            #expect(recorder.ends == 0, "after \(count) bytes")
            #expect(recorder.failures == 1, "after \(count) bytes")
        }
    }

    /// Notes what it is told.
    private final class Recorder: AnswerReceiver {
        var heads: [ResponseHead] = []
        var body: [UInt8] = []
        var ends = 0
        var failures = 0

        func received(_ head: ResponseHead) { heads.append(head) }
        func received(_ body: ByteBuffer) { self.body += body.readableBytesView }
        func receivedAllForNow() {}
        func receivedEnd() { ends += 1 }
        func failed(_ failure: BackendFailure) { failures += 1 }
        func backendWritabilityChanged(_ isWritable: Bool) {}
    }
}
