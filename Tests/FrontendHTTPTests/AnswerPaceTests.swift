import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import FrontendHTTP

struct AnswerPaceTests {
    private static func channel() -> EmbeddedChannel { EmbeddedChannel(handler: AnswerPace()) }

    private static let head = HTTPServerResponsePart.head(.init(version: .http1_1, status: .ok))

    private static func isWritten(_ channel: EmbeddedChannel) throws -> Bool {
        try channel.readOutbound(as: HTTPServerResponsePart.self) != nil
    }

    @Test func `an answer ends at once where the client takes what is written`() throws {
        let channel = Self.channel()
        try channel.writeOutbound(Self.head)
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))

        #expect(try Self.isWritten(channel))
        #expect(try Self.isWritten(channel))
    }

    @Test func `the end waits for a client that does not, and nothing else does`() throws {
        let channel = Self.channel()
        channel.isWritable = false
        try channel.writeOutbound(Self.head)
        #expect(try Self.isWritten(channel))

        let end = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        #expect(try !Self.isWritten(channel))

        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        #expect(try Self.isWritten(channel))
        try end.wait()
    }

    @Test func `an end that waits fails with the connection`() throws {
        let channel = Self.channel()
        channel.isWritable = false
        let end = channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        try channel.close().wait()

        #expect(throws: ChannelError.self) { try end.wait() }
    }
}
