import NIOCore
import NIOHTTP1
import Settings
import Testing

@testable import FrontendHTTP

/// Who sent a request, and whose word is taken for it.
struct RequestOriginTests {
    private static func origin(
        _ fields: [(String, String)],
        from peer: String = "10.0.0.1",
        headers: String = "x-forwarded"
    ) throws -> RequestOrigin {
        let text =
            "[proxy]\ntrusted = [\"10.0.0.0/8\", \"2001:db8::/32\"]\nheaders = \"\(headers)\"\n"
        let policy = TransportPolicy(
            try GatewaySettings(bytes: Array(text.utf8), file: "gateway.toml")
        )
        let address = try #require(IPAddress(peer))
        let connection = ClientConnection(.network(address), isSecure: false, policy: policy)
        return connection.origin(
            of: HTTPRequestHead(
                version: .http1_1,
                method: .GET,
                uri: "/",
                headers: HTTPHeaders(fields)
            )
        )
    }

    @Test func `a trusted proxy's word is taken for client, scheme and host`() throws {
        let origin = try Self.origin([
            ("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "contacts.example.com"),
        ])

        #expect(origin.client == "192.0.2.7")
        #expect(origin.isSecure)
        #expect(origin.host == "contacts.example.com")
    }

    @Test(arguments: ["x-forwarded", "forwarded", "none"])
    func `nobody else's word is`(headers: String) throws {
        let fields = [
            ("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "a"), ("Forwarded", "for=127.0.0.1;proto=https;host=a"),
            ("X-Real-IP", "127.0.0.1"),
        ]
        let origin = try Self.origin(fields, from: "192.0.2.9", headers: headers)

        #expect(origin.client == "192.0.2.9")
        #expect(!origin.isSecure)
        #expect(origin.host == nil)
    }

    @Test(arguments: ["x-forwarded", "forwarded"])
    func `only one kind of field is read: a proxy passes the other on as its client sent it`(
        headers: String
    ) throws {
        let other =
            headers == "forwarded"
            ? ("X-Forwarded-For", "192.0.2.66") : ("Forwarded", "for=192.0.2.66;proto=https")
        let origin = try Self.origin([other], headers: headers)

        #expect(origin.client == "10.0.0.1")
        #expect(!origin.isSecure)
    }

    @Test(arguments: [
        ("192.0.2.66, 192.0.2.7", "192.0.2.7"), ("192.0.2.66, 192.0.2.7, 10.0.0.2", "192.0.2.7"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"), ("192.0.2.7:4711", "192.0.2.7"),
        ("[2001:470::7]:4711", "2001:470::7"), ("2001:470::7", "2001:470::7"),
        ("192.0.2.66, nonsense", "10.0.0.1"), ("", "10.0.0.1"), ("unknown", "10.0.0.1"),
        ("192.0.2.66, unknown, 10.0.0.2", "10.0.0.2"), ("192.0.2.7,", "192.0.2.7"),
    ])
    func `the client is the last one named that is no proxy of ours`(
        value: String,
        client: String
    ) throws {
        #expect(try Self.origin([("X-Forwarded-For", value)]).client == client)
    }

    @Test func `several lines of a field are one list`() throws {
        let origin = try Self.origin([
            ("X-Forwarded-For", "192.0.2.66"), ("X-Forwarded-For", "192.0.2.7"),
        ])

        #expect(origin.client == "192.0.2.7")
    }

    @Test(
        arguments: [
            ("for=192.0.2.7;proto=https;host=a.example", "192.0.2.7", true, "a.example"),
            ("For=\"[2001:470::7]:4711\" ; PROTO=https", "2001:470::7", true, nil),
            ("for=192.0.2.66, for=192.0.2.7;by=10.0.0.1", "192.0.2.7", false, nil),
            (
                "for=192.0.2.7;proto=https;host=a, for=10.0.0.2;proto=http;host=b", "192.0.2.7",
                true, "a"
            ),
            ("for=_hidden, for=10.0.0.2", "10.0.0.2", false, nil),
            ("for=\"192.0.2.7:80\"", "192.0.2.7", false, nil),
            ("host=\"a\\\"b\"", "10.0.0.1", false, "a\"b"),
        ] as [(String, String, Bool, String?)]
    )
    func `RFC 7239 §4: each hop is an element`(
        value: String,
        client: String,
        isSecure: Bool,
        host: String?
    ) throws {
        let origin = try Self.origin([("Forwarded", value)], headers: "forwarded")

        #expect(origin.client == client)
        #expect(origin.isSecure == isSecure)
        #expect(origin.host == host)
    }

    @Test(arguments: [
        "for", "for=", "for=\"192.0.2.7", "=192.0.2.7", "for=192.0.2.7 proto=https",
        "for=192.0.2.7;for=192.0.2.8", "for=a b", String(repeating: "for=192.0.2.7,", count: 40),
    ])
    func `a Forwarded field that is malformed says nothing`(value: String) throws {
        #expect(try Self.origin([("Forwarded", value)], headers: "forwarded").client == "10.0.0.1")
    }

    @Test func `whom a proxy speaks for by the PROXY protocol is believed no further`() throws {
        let text = "[proxy]\ntrusted = [\"10.0.0.0/8\"]\nprotocol = true\n"
        let policy = TransportPolicy(
            try GatewaySettings(bytes: Array(text.utf8), file: "gateway.toml")
        )
        let proxy = try #require(IPAddress("10.0.0.1"))
        let client = try #require(IPAddress("192.0.2.7"))
        let connection = ClientConnection(.network(proxy), isSecure: false, policy: policy)
        connection.announce(.init(address: .network(client), isSecure: true))
        let origin = connection.origin(
            of: HTTPRequestHead(
                version: .http1_1,
                method: .GET,
                uri: "/",
                headers: ["X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"]
            )
        )

        #expect(origin.client == "192.0.2.7")
        #expect(origin.isSecure)
    }

    @Test(arguments: ["127.0.0.1", "127.8.0.1", "::1", "::ffff:127.0.0.1", nil] as [String?])
    func `this machine is a loopback address or a Unix socket`(address: String?) {
        #expect(RequestOrigin(.test(address), isSecure: false).isThisMachine)
    }

    @Test(arguments: ["203.0.113.7", "2001:db8::1", "::2", "fe80::1", "::ffff:10.0.0.1"])
    func `any other is not`(address: String) {
        #expect(!RequestOrigin(.test(address), isSecure: false).isThisMachine)
    }

    @Test(
        arguments: [
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false), ("203.0.113.7", "203.0.113.8", false),
            ("::ffff:203.0.113.7", "203.0.113.7", true), ("::1", "127.0.0.1", true),
            ("::1", "::2", false), ("127.0.0.1", nil, false), (nil, nil, true),
        ] as [(String?, String?, Bool)]
    )
    func `RFC 6177 §2: an IPv6 site is counted as one, an IPv4 address by itself`(
        one: String?,
        other: String?,
        isSame: Bool
    ) {
        let networks = [one, other].map { RequestOrigin(.test($0), isSecure: true).network }

        #expect((networks[0] == networks[1]) == isSame)
    }

    @Test func `whoever is named is counted, and is this machine or not, in the proxy's place`()
        throws
    {
        let near = try Self.origin([("X-Forwarded-For", "127.0.0.1")])
        let far = try Self.origin([("X-Forwarded-For", "[2001:470::7]:4711")])

        #expect(near.isThisMachine)
        #expect(!far.isThisMachine)
        #expect(far.network == ClientAddress.test("2001:470::8").network)
        #expect(far.client == "2001:470::7")
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("2001:db8::7", "2001:db8::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
    ])
    func `a socket's address is read as it is`(address: String, text: String) throws {
        let socket = try SocketAddress(ipAddress: address, port: 4711)

        #expect(ClientAddress(socket) == .test(address))
        #expect(ClientAddress(socket)?.text == text)
    }

    @Test func `a Unix socket is this machine, and who is gone is nobody`() throws {
        #expect(ClientAddress(try SocketAddress(unixDomainSocketPath: "/run/a")) == .local)
        #expect(ClientAddress(nil) == nil)
    }
}
