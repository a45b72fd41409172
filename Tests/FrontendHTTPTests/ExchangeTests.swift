import Foundation
import Framing
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// One client, one backend that behaves: what goes out is what came in.
@Suite(.timeLimit(.minutes(10)))
struct ExchangeTests {
    private static let echo: FakeBackend.Script = { peer, _ in
        peer.serve { head, body in
            peer.answer(
                200,
                [],
                "\(head.method) \(head.target) \(String(decoding: body, as: UTF8.self))"
            )
        }
    }

    @Test func `a request and its body reach the backend, and the answer the client`() throws {
        try withGateway(backend: Self.echo) { gateway throws in
            let answer = try gateway.request("PUT", "/dav/a.vcf?x=1", body: "card")

            #expect(answer.status == 200)
            #expect(answer["content-length"] == "23")
            #expect(answer.text == "PUT /dav/a.vcf?x=1 card")
            try eventually { !gateway.log.requests.isEmpty }
            #expect(gateway.log.requests == ["PUT /dav/a.vcf 200"])
        }
    }

    @Test func `RFC 9112 §9.3.2: pipelined requests are each answered, in order`() throws {
        try withGateway(backend: Self.echo) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(
                TestGateway.bytes("PUT", "/dav/1", body: "one") + TestGateway.bytes("GET", "/")
                    + TestGateway.bytes("GET", "/dav/3", user: nil)
                    + TestGateway.bytes("GET", "/dav/4")
            )

            let answers = try (0..<4).map { _ in try connection.readAnswer() }

            #expect(answers.map(\.status) == [200, 301, 401, 200])
            #expect(answers[0].text == "PUT /dav/1 one")
            #expect(answers[3].text == "GET /dav/4 ")
            try eventually { gateway.log.requests.count == 4 }
            #expect(
                gateway.log.requests == [
                    "PUT /dav/1 200", "GET / 301", "GET /dav/3 401", "GET /dav/4 200",
                ]
            )
        }
    }

    @Test func `RFC 9112 §9.3: requests one after the other share one connection to the backend`()
        throws
    {
        let numbers = Mutex<Set<Int>>([])
        let script: FakeBackend.Script = { peer, number in
            peer.serve { _, _ in
                _ = numbers.withLock { $0.insert(number) }
                peer.answer(200, [], "card")
            }
        }
        try withGateway(backend: script) { gateway throws in
            let connection = try gateway.connect()
            for _ in 0..<5 {
                try connection.send(TestGateway.bytes("GET"))
                let answer = try connection.readAnswer()
                #expect(answer.text == "card")
                #expect(answer["connection"] == nil)
            }

            #expect(numbers.withLock { $0 } == [0])
        }
    }

    @Test(arguments: [("Connection", "close"), ("Connection", "Keep-Alive, Close")])
    func `RFC 9112 §9.6: a client that asks for the end of the connection is told of it`(
        name: String,
        value: String
    ) throws {
        try withGateway(backend: Self.echo) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(TestGateway.bytes("GET", "/dav/", [name: value]))
            let answer = try connection.readAnswer()

            #expect(answer["connection"] == "close")
            #expect(connection.isClosedByServer())
        }
    }

    @Test(arguments: [("1.1", "Connection: close\r\n"), ("1.0", "")])
    func `RFC 9112 §9.6: what follows the last request is not read, and costs no answer`(
        version: String,
        field: String
    ) throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, body in
                peer.answerAtOnce(200, "\(head.method) \(String(decoding: body, as: UTF8.self))")
            }
        }
        let password = Data("alice:secret".utf8).base64EncodedString()
        try withGateway(backend: script) { gateway throws in
            for (method, body) in [("GET", ""), ("PUT", "card")] {
                let client = try RawClient(gateway)
                client.send(
                    """
                    \(method) /dav/a HTTP/\(version)\r\nHost: h\r\n\(field)\
                    Authorization: Basic \(password)\r\n\
                    Content-Length: \(body.utf8.count)\r\n\r\n\(body)X
                    """.utf8
                )

                let answer = client.readToEnd().map { String(decoding: $0, as: UTF8.self) } ?? ""
                #expect(answer.hasPrefix("HTTP/1.1 200 "))
                #expect(answer.contains("\r\nconnection: close\r\n"))
                #expect(answer.hasSuffix("\r\n\r\n\(method) \(body)"))
            }
        }
    }

    @Test func `RFC 9110 §9.3.2: HEAD is told the length that GET would have, and no body`() throws
    {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                let length = HeaderField("content-length", "4711")
                peer.answer(200, head.method == "HEAD" ? [length] : [], "")
            }
        }
        try withGateway(backend: script) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(TestGateway.bytes("HEAD") + TestGateway.bytes("GET"))

            #expect(try connection.readAnswer(isHead: true)["content-length"] == "4711")
            #expect(try connection.readAnswer()["content-length"] == "0")
        }
    }

    @Test(arguments: ["/dav/", "/", "/nowhere"])
    func `RFC 9110 §9.3.2: HEAD is refused without a body`(path: String) throws {
        try withGateway { gateway throws in
            let connection = try gateway.connect()
            try connection.send(
                TestGateway.bytes("HEAD", path, user: nil) + TestGateway.bytes("GET", "/")
            )

            #expect(try connection.readAnswer(isHead: true).status >= 300)
            #expect(try connection.readAnswer().status == 301)
        }
    }

    @Test func `RFC 9112 §6.3: an answer to HEAD of unknown length leaves no bytes behind it`()
        throws
    {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                if head.method == "HEAD" {
                    peer.begin(200)
                    peer.send(.end)
                } else {
                    peer.answer(200, [], "next")
                }
            }
        }
        try withGateway(backend: script) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(TestGateway.bytes("HEAD"))
            let head = try connection.readAnswer(isHead: true)
            try connection.send(TestGateway.bytes("GET"))
            let next = try connection.readAnswer()

            #expect(head.status == 200)
            #expect(next.status == 200)
            #expect(next.text == "next")
        }
    }

    @Test(arguments: [("HEAD", 200 as UInt16), ("GET", 304), ("DELETE", 204)])
    func `RFC 9112 §6.3: where an answer has no body, what a backend sends as one is dropped`(
        method: String,
        status: UInt16
    ) throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                if head.target == "/dav/" {
                    peer.answer(status, [], "stray", isLengthKnown: false)
                } else {
                    peer.answer(200, [], "next")
                }
            }
        }
        try withGateway(backend: script) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(TestGateway.bytes(method))
            let first = try connection.readAnswer(isHead: true)
            try connection.send(TestGateway.bytes("GET", "/dav/next"))

            #expect(first.status == Int(status))
            #expect(try connection.readAnswer().text == "next")
        }
    }

    @Test func `RFC 9112 §7: an answer of unknown length is chunked for HTTP 1.1`() throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { _, _ in peer.answer(207, [], "many", isLengthKnown: false) }
        }
        try withGateway(backend: script) { gateway throws in
            let answer = try gateway.request("PROPFIND")

            #expect(answer["transfer-encoding"] == "chunked")
            #expect(answer["content-length"] == nil)
            #expect(answer.text == "many")
        }
    }

    @Test func `RFC 9112 §6.1: HTTP 1.0 gets no chunks; the end of the connection ends the body`()
        throws
    {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { _, _ in peer.answer(207, [], "many", isLengthKnown: false) }
        }
        try withGateway(backend: script) { gateway throws in
            let client = try RawClient(gateway)
            let request = String(decoding: TestGateway.bytes("PROPFIND"), as: UTF8.self)
            client.send(request.replacing("HTTP/1.1", with: "HTTP/1.0").utf8)
            let answer = try #require(client.readToEnd())
            let text = String(decoding: answer, as: UTF8.self)

            #expect(text.contains(" 207 "))
            #expect(!text.contains("chunked"))
            #expect(text.hasSuffix("\r\n\r\nmany"))
        }
    }

    @Test func `RFC 9110 §6.6.1: every answer has a Date, and a backend's own is kept`() throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                let own = HeaderField("date", "Sun, 06 Nov 1994 08:49:37 GMT")
                peer.answer(200, head.target == "/dav/own" ? [own] : [])
            }
        }
        try withGateway(backend: script) { gateway throws in
            let date = /(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/
            for (path, user) in [("/dav/", TestGateway.alice), ("/dav/", nil), ("/x", nil)] {
                let answer = try gateway.request("GET", path, user: user)
                #expect(answer["date"]?.wholeMatch(of: date) != nil, "\(path)")
            }
            let own = try gateway.request("GET", "/dav/own")
            #expect(
                own.fields.filter { $0.name == "date" }.map(\.value) == [
                    "Sun, 06 Nov 1994 08:49:37 GMT"
                ]
            )
        }
    }

    @Test func `RFC 9110 §10.1.1: a body is asked for with 100 once the user is known`() throws {
        try withGateway(backend: Self.echo) { gateway throws in
            let client = try RawClient(gateway)
            client.send(
                TestGateway.bytes(
                    "PUT",
                    "/dav/a",
                    ["Expect": "100-continue", "Content-Length": "4"]
                )
            )
            let interim = client.read(until: "\r\n\r\n")
            client.send("card".utf8)

            #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
            #expect(client.read(until: "card").hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test(arguments: [(nil, "4", 401), (("alice", "wrong"), "4", 401), (nil, "17000000", 413)])
    func `RFC 9110 §10.1.1: a body that is not wanted is not asked for`(
        user: (String, String)?,
        length: String,
        status: Int
    ) throws {
        try withGateway { gateway throws in
            let client = try RawClient(gateway)
            client.send(
                TestGateway.bytes(
                    "PUT",
                    "/dav/a",
                    ["Expect": "100-continue", "Content-Length": length],
                    user: user
                )
            )
            // Read to its end though the client has sent no body: the server says that it is one.
            let text = String(decoding: try #require(client.readToEnd()), as: UTF8.self)

            #expect(text.hasPrefix("HTTP/1.1 \(status) "))
            #expect(text.contains("connection: close\r\n"))
        }
    }

    @Test func `RFC 9110 §10.1.1: a client that sends its body without waiting can go on`() throws {
        try withGateway(backend: Self.echo) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(
                TestGateway.bytes("PUT", "/dav/a", ["Expect": "100-continue"], body: "card")
                    + TestGateway.bytes("GET", "/dav/b")
            )

            #expect(try connection.readAnswer().text == "PUT /dav/a card")
            #expect(try connection.readAnswer().text == "GET /dav/b ")
        }
    }

    @Test func `RFC 9110 §10.1.1: HTTP 1.0 is never sent a 100`() throws {
        try withGateway(backend: Self.echo) { gateway throws in
            let client = try RawClient(gateway)
            let bytes = TestGateway.bytes("PUT", "/dav/a", ["Expect": "100-continue"], body: "card")
            let request = String(decoding: bytes, as: UTF8.self)
            client.send(request.replacing("HTTP/1.1", with: "HTTP/1.0").utf8)

            let answer = try #require(client.readToEnd())

            #expect(!String(decoding: answer, as: UTF8.self).contains("Continue"))
        }
    }

    @Test(arguments: ["GET", "OPTIONS", "PROPFIND"])
    func `RFC 9110 §7.8: after an upgrade that is not taken, the connection says that it ends`(
        method: String
    ) throws {
        try withGateway(backend: Self.echo) { gateway throws in
            let connection = try gateway.connect()
            try connection.send(
                TestGateway.bytes(
                    method,
                    "/dav/",
                    [
                        "Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c",
                        "HTTP2-Settings": "A",
                    ]
                )
            )
            let answer = try connection.readAnswer()

            #expect(answer.status == 200)
            #expect(answer["connection"] == "close")
            #expect(connection.isClosedByServer())
        }
    }

    @Test func `who has not logged in is refused, and the backend hears nothing of it`() throws {
        try withGateway(backend: { peer, _ in peer.greet() }) { gateway throws in
            #expect(try gateway.request("GET", user: ("alice", "wrong")).status == 401)
            #expect(try gateway.request("GET", user: nil).status == 401)
        }
    }

    @Test func `the backend hears each user's role and grants, also of one who has none`() throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                let grants = head.grants.map { "\($0.path)=\($0.role)" }
                peer.answer(200, [], ([head.user, head.role] + grants).joined(separator: " "))
            }
        }
        try withGateway(backend: script) { gateway throws in
            #expect(try gateway.request("GET", user: TestGateway.alice).text == "alice writer")
            #expect(try gateway.request("GET", user: TestGateway.nemo).text == "nemo none")

            try gateway.addUsers(
                """
                [users.zoe]
                password = "\(TestHash.cheap("secret"))"
                [users.zoe.access]
                "http/contacts/default/b" = "writer"
                "http/contacts/default" = "reader"
                "http/contacts/other/c" = "writer"
                [groups.team]
                members = ["zoe"]
                [groups.team.access]
                "http/contacts/default/a" = "none"
                "http/contacts/default" = "writer"
                """
            )

            let answer = try gateway.request("GET", user: ("zoe", "secret"))
            #expect(answer.text == "zoe reader a=none b=writer")
        }
    }

    @Test func `what settles the user and the connection does not reach the backend`() throws {
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                let fields = head.headers.map { "\($0.name)=\($0.value)" }.sorted()
                let facts = [
                    head.instance, head.user, head.role, head.authority, head.clientAddress,
                ]
                peer.answer(200, [], (facts + fields).joined(separator: " "))
            }
        }
        try withGateway(backend: script) { gateway throws in
            let answer = try gateway.request(
                "GET",
                "/dav/",
                [
                    "Connection": "X-Hop", "X-Hop": "1", "Cookie": "a", "Depth": "0",
                    "X-Forwarded-For": "9.9.9.9", "TE": "trailers",
                ]
            )

            #expect(answer.text == "default alice writer localhost 127.0.0.1 depth=0")
        }
    }
}
