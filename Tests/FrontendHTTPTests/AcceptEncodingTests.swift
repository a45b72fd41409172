import Framing
import NIOCore
import TestSupport
import Testing

@testable import FrontendHTTP

/// Which answers are compressed, and for whom.
@Suite(.timeLimit(.minutes(10)))
struct AcceptEncodingTests {
    @Test(arguments: [
        "gzip", "gzip, deflate", "deflate, gzip", "GZIP", "x-gzip", "br, gzip;q=0.5", "*",
        "*;q=0.1",
        "gzip ; q=1.0", "identity;q=0.5, gzip;q=0.5", "gzip;q=0.001", "identity;q=0, gzip",
    ])
    func `RFC 9110 §12.5.3: gzip is taken where it is named`(field: String) {
        #expect(AcceptEncoding.takesGzip(field))
    }

    @Test(arguments: [
        nil, "", "identity", "deflate", "br", "gzip;q=0", "gzip;q=0, *", "gzip;q=0.000", "*;q=0",
        "identity, gzip;q=0.5", "gzip;q=2", "gzip;q=0.1234", "gzip;q=x", "gzip;q", "gzipped",
        "gzip;level=1",
    ])
    func `and not where it is refused, or liked less than plain bytes`(field: String?) {
        #expect(!AcceptEncoding.takesGzip(field))
    }

    private static let long = String(repeating: "<D:response/>", count: 20_000)

    private static func answer(
        _ status: UInt16 = 207,
        type: String = "application/xml; charset=utf-8",
        _ body: String = long,
        isLengthKnown: Bool = false,
        accepts: String? = "gzip",
        settings: String = ""
    ) throws -> (answer: HTTPAnswer, text: String) {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { _, _ in
                peer.answer(
                    status,
                    [.init("content-type", type)],
                    body,
                    isLengthKnown: isLengthKnown
                )
            }
        }
        return try withGateway(settings: settings, backend: script) { gateway throws in
            let fields = accepts.map { ["Accept-Encoding": $0] } ?? [:]
            let answer = try gateway.request("PROPFIND", "/dav/", fields)
            guard answer["content-encoding"] == "gzip" else { return (answer, answer.text) }
            return (answer, String(decoding: try Gunzip.bytes(answer.body), as: UTF8.self))
        }
    }

    @Test(arguments: [true, false])
    func `a multistatus is compressed, and says what its form hangs on`(isLengthKnown: Bool) throws
    {
        let (answer, text) = try Self.answer(isLengthKnown: isLengthKnown)

        #expect(answer["content-encoding"] == "gzip")
        #expect(answer["vary"] == "Accept-Encoding")
        #expect(answer["transfer-encoding"] == "chunked")
        #expect(answer["content-length"] == nil)
        #expect(answer.body.count < Self.long.utf8.count / 50)
        #expect(text == Self.long)
    }

    @Test func `a client that does not take it gets the bytes, and is told of the other form`()
        throws
    {
        let (answer, text) = try Self.answer(isLengthKnown: true, accepts: nil)

        #expect(answer["content-encoding"] == nil)
        #expect(answer["vary"] == "Accept-Encoding")
        #expect(answer["content-length"] == String(Self.long.utf8.count))
        #expect(text == Self.long)
    }

    @Test
    func `a backend that breaks off before the body is asked again`()
        throws
    {
        let script: FakeBackend.Script = { peer, number in
            peer.greet()
            guard peer.request() != nil else { return }
            if number == 0 {
                peer.begin(207, [HeaderField("content-type", "application/xml; charset=utf-8")])
            } else {
                peer.answer(207, [HeaderField("content-type", "text/xml")], "<D:multistatus/>")
            }
        }
        try withGateway(backend: script) { gateway throws in
            let answer = try gateway.request("PROPFIND", "/dav/", ["Accept-Encoding": "gzip"])

            #expect(answer.status == 207)
            #expect(answer.text == "<D:multistatus/>")
        }
    }

    @Test func `nothing else is compressed`() throws {
        let card = try Self.answer(200, type: "text/vcard; charset=utf-8").answer
        let other = try Self.answer(200).answer
        let short = try Self.answer(207, "<D:multistatus/>").answer
        let shortKnown = try Self.answer(207, "<D:multistatus/>", isLengthKnown: true).answer
        let off = try Self.answer(settings: "[answers]\ngzip = false\n").answer

        for answer in [card, other, short, shortKnown, off] {
            #expect(answer["content-encoding"] == nil)
        }
        for answer in [card, other, off] { #expect(answer["vary"] == nil) }
        #expect(short.text == "<D:multistatus/>")
        #expect(shortKnown["content-length"] == "16")
    }
}
