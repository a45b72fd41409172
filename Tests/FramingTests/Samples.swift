import Framing

/// Values whose bytes are written down in ``GoldenVectorTests``.
enum Samples {
    static let announced = request(
        grants: [Grant(path: "http/contacts/default/team", role: "reader")],
        headers: [HeaderField("if-match", "\"1\""), HeaderField("user-agent", "Zoë")],
        hasBody: true,
        bodyBytes: 4
    )
    static let chunked = request(hasBody: true)
    static let bodiless = request(hasBody: false)
    static let card = ResponseHead(
        status: 200,
        headers: [HeaderField("etag", "\"2\"")],
        bodyBytes: 4
    )
    static let multistatus = ResponseHead(status: 207, headers: [], bodyBytes: nil)
    static let failure = Failure(.overloaded, "too many connections")

    static func request(
        grants: [Grant] = [],
        headers: [HeaderField] = [],
        hasBody: Bool,
        bodyBytes: UInt64? = nil
    ) -> RequestHead {
        RequestHead(
            requestID: "0123456789abcdef",
            instance: "default",
            user: "alice",
            role: "writer",
            grants: grants,
            method: "PUT",
            target: "/dav/a.vcf",
            scheme: "https",
            authority: "example.com",
            clientAddress: "192.0.2.1",
            headers: headers,
            hasBody: hasBody,
            bodyBytes: bodyBytes
        )
    }

    /// One frame of each kind, as a stream would carry them.
    static let frames = [
        Frame(.hello, Hello.current.encode()), Frame(.requestHead, announced.encode()),
        Frame(.body, Array("card".utf8)), Frame(.end), Frame(.requestHead, chunked.encode()),
        Frame(.responseHead, card.encode()), Frame(.body), Frame(.end),
        Frame(.responseHead, multistatus.encode()), Frame(.failure, failure.encode()),
        Frame(.goingAway),
    ]
}
