import NIOCore
import Settings
import Testing

@testable import FrontendHTTP

/// The header of the PROXY protocol, byte for byte.
struct ProxyHeaderTests {
    private static func read(_ bytes: [UInt8]) throws(ProxyHeader.Malformed) -> ProxyHeader? {
        try ProxyHeader.read(ByteBuffer(bytes: bytes).readableBytesView)
    }

    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]

    /// Version 2, with its length.
    static func binary(_ command: UInt8, _ family: UInt8, _ content: [UInt8]) -> [UInt8] {
        signature + [
            0x20 | command, family, UInt8(content.count >> 8), UInt8(content.count & 0xFF),
        ]
            + content
    }

    private static let addresses: [UInt8] = [192, 0, 2, 7, 198, 51, 100, 1, 0xDE, 0xAD, 1, 187]

    @Test(arguments: [
        ("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7"),
        ("PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n", "2001:db8::7"),
        ("PROXY UNKNOWN\r\n", nil), ("PROXY UNKNOWN ffff:f...f 1 2 3\r\n", nil),
    ])
    func `version 1 names the client, or nobody`(text: String, client: String?) throws {
        let header = try #require(try Self.read(Array("\(text)GET / HTTP/1.1".utf8)))

        #expect(header.client?.address.text == client)
        #expect(header.client?.isSecure != true)
        #expect(header.byteCount == text.utf8.count)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n", "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n", "PROXY TCP4 192.0.2.999 1.1.1.1 1 2\r\n",
        "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n", "PROXY TCP6 192.0.2.7 198.51.100.1 1 2\r\n",
        "PROXY TCP4  192.0.2.7 198.51.100.1 1 2\r\n", "PROXY TCP4 192.0.2.7 198.51.100.1 -1 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 65536\r\n", "proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 01 2\r\n", "PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n",
        "PROXY UNKNOWN \(String(repeating: "x", count: 100))\r\n", "\u{16}\u{3}\u{1}",
        "PROXY TCP4 192.0.2.7 198.51.100.1 1 2 3\r\n",
    ])
    func `version 1 that is malformed is refused`(text: String) {
        #expect(throws: ProxyHeader.Malformed.header) { try Self.read(Array(text.utf8)) }
    }

    @Test func `version 2 names the client, and whether it spoke TLS`() throws {
        let plain = Self.binary(1, 0x11, Self.addresses)
        let secure = Self.binary(1, 0x11, Self.addresses + [0x20, 0, 5, 1, 0, 0, 0, 0])
        let others = Self.binary(
            1,
            0x11,
            Self.addresses + [0x04, 0, 1, 9, 0x20, 0, 5, 0, 0, 0, 0, 0]
        )
        let long = [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [7]
        let ipv6 = Self.binary(1, 0x21, long + long + [0, 1, 0, 2])

        #expect(try Self.read(plain)?.client?.address.text == "192.0.2.7")
        #expect(try Self.read(plain)?.client?.isSecure == false)
        #expect(try Self.read(secure)?.client?.isSecure == true)
        #expect(try Self.read(others)?.client?.isSecure == false)
        #expect(try Self.read(ipv6)?.client?.address.text == "2001:db8::7")
        #expect(try Self.read(ipv6 + [1, 2, 3])?.byteCount == ipv6.count)
    }

    @Test func `version 2 without a client leaves the proxy itself`() throws {
        for bytes in [
            Self.binary(0, 0x11, Self.addresses), Self.binary(0, 0, []), Self.binary(1, 0, []),
            Self.binary(1, 0x31, [UInt8](repeating: 0, count: 216)),
        ] {
            let header = try #require(try Self.read(bytes))
            #expect(header.client == nil)
        }
    }

    @Test func `version 2 that is malformed is refused`() {
        let tooShort = Self.binary(1, 0x11, Array(Self.addresses.dropLast()))
        let wrongVersion = Self.signature + [0x11, 0x11, 0, 12] + Self.addresses
        let wrongCommand = Self.binary(2, 0x11, Self.addresses)
        let datagrams = Self.binary(1, 0x12, Self.addresses)
        let brokenValue = Self.binary(1, 0x11, Self.addresses + [0x20, 0, 9, 1])
        let tooLong = Self.signature + [0x21, 0x11, 0xFF, 0xFF]

        for bytes in [tooShort, wrongVersion, wrongCommand, datagrams, brokenValue, tooLong] {
            #expect(throws: ProxyHeader.Malformed.header) { try Self.read(bytes) }
        }
    }

    @Test func `a header may come in any pieces, and more is waited for only where it can follow`()
        throws
    {
        let text = Array("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n".utf8)
        for whole in [text, Self.binary(1, 0x11, Self.addresses)] {
            for count in 0..<whole.count {
                #expect(try Self.read(Array(whole.prefix(count))) == nil)
            }
            #expect(try Self.read(whole)?.byteCount == whole.count)
        }
        let endless = Array("PROXY UNKNOWN".utf8) + [UInt8](repeating: 0x20, count: 107)
        #expect(throws: ProxyHeader.Malformed.header) { try Self.read(endless) }
    }
}
