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
}
