import Framing
import NIOHTTP1
import Testing

@testable import FrontendHTTP

struct RequestFieldsTests {
    private static func fields(_ fields: (String, String)...) -> RequestFields {
        RequestFields(HTTPHeaders(fields))
    }

    @Test func `what the gateway settles itself is read, whatever the names' case`() {
        let fields = Self.fields(
            ("HOST", "a"),
            ("Authorization", "Basic x"),
            ("authorization", "Basic y"),
            ("Content-Length", "12"),
            ("Expect", "100-Continue"),
            ("Upgrade", "h2c")
        )

        #expect(fields.host == "a")
        #expect(fields.authorization == "Basic x")
        #expect(fields.announcedBytes == 12)
        #expect(fields.asksForContinue)
        #expect(fields.hasUpgrade)
        #expect(!fields.isChunked)
        #expect(fields.forwarded.isEmpty)
    }

    @Test(arguments: ["+5", "-5", "5 ", "", "5,5", "0x5", "5.0", "\u{665}", "five"])
    func `RFC 9110 §8.6: a length is digits and nothing else`(value: String) {
        #expect(Self.fields(("Content-Length", value)).isLengthWrong)
    }

    @Test func `RFC 9112 §6.3: of two lengths none counts`() {
        #expect(Self.fields(("Content-Length", "5"), ("Content-Length", "5")).isLengthWrong)
    }

    @Test(arguments: ["9223372036854775808", "18446744073709551615", "99999999999999999999999"])
    func `a length that no number holds is longer than any body may be`(value: String) {
        let fields = Self.fields(("Content-Length", value))

        #expect(fields.announcedBytes == .max)
        #expect(!fields.isLengthWrong)
    }

    @Test func `RFC 9112 §3.2: of two hosts none counts`() {
        #expect(Self.fields(("Host", "a"), ("Host", "a")).host == nil)
        #expect(Self.fields(("Host", "a"), ("Host", "a"), ("Host", "a")).host == nil)
    }

    @Test(arguments: [
        "cookie", "forwarded", "keep-alive", "proxy-authorization", "proxy-connection", "te",
        "trailer", "transfer-encoding", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
        "x-real-ip",
    ])
    func `RFC 9110 §7.6.1: a field of one connection, or in the gateway's name, stays here`(
        name: String
    ) {
        #expect(Self.fields((name, "a"), ("Depth", "0")).forwarded == [HeaderField("depth", "0")])
    }

    @Test func `RFC 9110 §7.6.1: a field that Connection names stays here, wherever it stands`() {
        let fields = Self.fields(
            ("X-Hop", "1"),
            ("Depth", "0"),
            ("Connection", "keep-alive,\tX-HOP , x-other,"),
            ("X-Other", "2")
        )

        #expect(fields.forwarded == [HeaderField("depth", "0")])
    }

    @Test(arguments: ["If-Match", "if-none-match", "If", "If-Unmodified-Since"])
    func `RFC 9110 §13.1, RFC 4918 §10.4: a condition is seen, and goes to the backend`(
        name: String
    ) {
        let fields = Self.fields((name, "*"))

        #expect(fields.isConditional)
        #expect(fields.forwarded == [HeaderField(name.lowercased(), "*")])
        #expect(!Self.fields(("If-Modified-Since", "x")).isConditional)
    }

    @Test func `a value that the frame does not carry is cleaned`() {
        #expect(
            Self.fields(("A", "a\u{1}b\tc\u{7F}é")).forwarded == [HeaderField("a", "a b\tc é")]
        )
    }
}
