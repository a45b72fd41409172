import Framing
import Settings
import TestSupport
import Testing

@testable import FrontendHTTP

/// What one user may ask for.
@Suite(.timeLimit(.minutes(10)))
struct UserLoadsTests {
    private static func rates(_ text: String) throws -> UserRateSettings {
        try GatewaySettings(bytes: Array("[rates]\n\(text)".utf8), file: "gateway.toml").rates
    }

    @Test func `a burst passes at once, then as many as the rate, and a rest fills it again`() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(burst: 3, now: start)
        for _ in 0..<3 { #expect(bucket.take(rate: 2, burst: 3, now: start) == nil) }

        #expect(bucket.take(rate: 2, burst: 3, now: start) == .milliseconds(500))
        #expect(
            bucket.take(rate: 2, burst: 3, now: start + .milliseconds(250)) == .milliseconds(250)
        )
        #expect(bucket.take(rate: 2, burst: 3, now: start + .milliseconds(500)) == nil)
        let later = start + .seconds(60)
        for _ in 0..<3 { #expect(bucket.take(rate: 2, burst: 3, now: later) == nil) }
        #expect(bucket.take(rate: 2, burst: 3, now: later) != nil)
    }

    @Test func `by default a device fetches fifty books and 10,000 cards without a pause`() throws {
        let loads = UserLoads()
        let rates = try Self.rates("")
        // DAVx5: discovery, four requests for each book, multigets of ten cards, four at a time.
        let requests = 10 + 50 * 4 + 10_000 / 10
        let now = ContinuousClock.now
        for _ in 0..<(requests / 4) {
            for _ in 0..<4 {
                #expect(loads.admit(.user("alice"), isQuery: true, rates, now: now) == .admitted)
            }
            for _ in 0..<4 { loads.leave(.user("alice")) }
        }
    }

    @Test func `one user's load is not another's`() throws {
        let loads = UserLoads()
        let rates = try Self.rates("queries = 1\nburst = 1\nconcurrent = 2\n")
        let now = ContinuousClock.now

        #expect(loads.admit(.user("alice"), isQuery: true, rates, now: now) == .admitted)
        #expect(
            loads.admit(.user("alice"), isQuery: true, rates, now: now)
                == .tooMany(wait: .seconds(1))
        )
        #expect(loads.admit(.user("alice"), isQuery: false, rates, now: now) == .admitted)
        #expect(loads.admit(.user("alice"), isQuery: false, rates, now: now) == .tooManyAtOnce)
        #expect(loads.admit(.user("bob"), isQuery: true, rates, now: now) == .admitted)
        loads.leave(.user("alice"))
        #expect(loads.admit(.user("alice"), isQuery: false, rates, now: now) == .admitted)
    }

    @Test func `limits that are off keep nobody in the table`() throws {
        let loads = UserLoads()
        let rates = try Self.rates("queries = 0\nconcurrent = 0\n")

        #expect(loads.admit(.user("alice"), isQuery: true, rates) == .unmeasured)
        #expect(loads.count == 0)
    }

    @Test func `the table is bounded, and users who rest make room`() throws {
        let loads = UserLoads()
        let rates = try Self.rates("queries = 1\nburst = 1\n")
        let now = ContinuousClock.now
        for number in 0..<UserLoads.maximumHolders {
            #expect(
                loads.admit(.user("user\(number)"), isQuery: true, rates, now: now) == .admitted
            )
        }

        #expect(loads.admit(.user("one more"), isQuery: true, rates, now: now) == .unmeasured)
        for number in 0..<UserLoads.maximumHolders { loads.leave(.user("user\(number)")) }
        #expect(
            loads.admit(.user("one more"), isQuery: true, rates, now: now + .seconds(2))
                == .admitted
        )
        #expect(loads.count == 1)
    }

    @Test func `RFC 6585 §4: queries beyond the burst are told 429 and when to come again`() throws
    {
        let script: FakeBackend.Script = { peer, _ in peer.serve { _, _ in peer.answer(207) } }
        try withGateway(settings: "[rates]\nqueries = 1\nburst = 2\n", backend: script) {
            gateway throws in
            #expect(try gateway.request("PROPFIND").status == 207)
            #expect(try gateway.request("REPORT").status == 207)
            let refused = try gateway.request("PROPFIND")

            #expect(refused.status == 429)
            #expect(refused["retry-after"] == "1")
            #expect(refused.text.contains("more often than 1 times a second"))
            #expect(try gateway.request("GET").status == 207)
        }
    }

    @Test func `RFC 6585 §4: requests beyond those under way are told 429, until one is answered`()
        throws
    {
        let arrived = Signal()
        let go = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                if head.target == "/dav/slow" {
                    arrived.raise()
                    go.wait()
                }
                peer.answer(200)
            }
        }
        try withGateway(settings: "[rates]\nconcurrent = 2\n", backend: script) { gateway throws in
            let clients = try (0..<2).map { _ in try gateway.connect() }
            for client in clients { try client.send(TestGateway.bytes("GET", "/dav/slow")) }
            #expect(arrived.wait(2))
            let refused = try gateway.request("GET")
            go.raise()
            go.raise()
            for client in clients { #expect(try client.readAnswer().status == 200) }

            #expect(refused.status == 429)
            #expect(refused["retry-after"] == "1")
            // An answer may be read before its end is counted.
            try eventually { try gateway.request("GET").status == 200 }
        }
    }

    @Test func `RFC 6177 §2: who need not log in shares with all of an IPv6 /64`() throws {
        let arrived = Signal()
        let go = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.serve { head, _ in
                if head.target.hasSuffix("slow") {
                    arrived.raise()
                    go.wait()
                }
                peer.answer(200)
            }
        }
        let settings = "[rates]\nconcurrent = 1\n[proxy]\ntrusted = [\"127.0.0.1\"]\n"
        try withGateway(settings: settings, backend: script) { gateway throws in
            try gateway.addUsers("[anonymous.access]\n\"http/contacts/default/club\" = \"reader\"")
            let path = "/dav/addressbooks/club/"
            func status(from address: String) throws -> Int {
                try gateway.request("GET", path, ["X-Forwarded-For": address], user: nil).status
            }
            let first = try gateway.connect()
            try first.send(
                TestGateway.bytes(
                    "GET",
                    "\(path)slow",
                    ["X-Forwarded-For": "2001:db8::1"],
                    user: nil
                )
            )
            #expect(arrived.wait())
            let neighbour = try status(from: "2001:db8::ffff:2")
            let stranger = try status(from: "2001:db8:0:1::1")
            go.raise()
            #expect(try first.readAnswer().status == 200)

            #expect(neighbour == 429)
            #expect(stranger == 200)
            try eventually { try status(from: "2001:db8::2") == 200 }
        }
    }

    @Test func `a client that leaves gives its place back`() throws {
        let arrived = Signal()
        let script: FakeBackend.Script = { peer, _ in
            peer.greet()
            while let (head, _) = peer.request() {
                if head.target == "/dav/" { peer.answer(200) } else { arrived.raise() }
            }
        }
        try withGateway(settings: "[rates]\nconcurrent = 1\n", backend: script) { gateway throws in
            var client: HTTPConnection? = try gateway.connect()
            try client?.send(TestGateway.bytes("GET", "/dav/slow"))
            #expect(arrived.wait())
            #expect(try gateway.request("GET").status == 429)
            client = nil

            try eventually { try gateway.request("GET").status == 200 }
            #expect(client == nil)
        }
    }
}
