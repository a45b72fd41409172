import Foundation
import Synchronization
import TestSupport
import Testing

@testable import FrontendHTTP

/// Keys that come from a URL.
@Suite(.timeLimit(.minutes(10)))
struct KeyRotationTests {
    private static let answering: FakeBackend.Script = { peer, _ in
        peer.serve { _, _ in peer.answer(200) }
    }

    private static func settings(_ port: Int, retry: String) -> String {
        """
        [oauth.scopes]
        "contacts.write" = "writer"
        [oauth.issuers.test]
        issuer = "\(TestIssuer.issuer)"
        audience = "\(TestIssuer.audience)"
        keys = "http://127.0.0.1:\(port)/jwks.json"
        retry = "\(retry)"
        """
    }

    private static func status(_ gateway: TestGateway, _ token: String) throws -> Int {
        try gateway.request("GET", "/dav/", ["Authorization": "Bearer \(token)"], user: nil).status
    }

    @Test func `RFC 7517 §5: keys are fetched once, and again for a key that is not known`() throws
    {
        let one = try TestIssuer(id: "one")
        let two = try TestIssuer(id: "two")
        let server = try KeyServer(try TestIssuer.keySet([one.webKey()]))
        defer { server.stop() }
        let settings = Self.settings(server.port, retry: "1s")
        try withGateway(settings: settings, backend: Self.answering) { gateway throws in
            for number in 0..<5 {
                #expect(try Self.status(gateway, one.token(["jti": "\(number)"])) == 200)
            }
            #expect(server.requests == 1)

            server.serve(try TestIssuer.keySet([one.webKey(), two.webKey()]))

            try eventually { try Self.status(gateway, two.token()) == 200 }
            #expect(server.requests <= 3)
            #expect(try Self.status(gateway, one.token(["jti": "9"])) == 200)
        }
    }

    @Test func `unknown keys have the issuer asked no more often than the settings say`() throws {
        let one = try TestIssuer(id: "one")
        let server = try KeyServer(try TestIssuer.keySet([one.webKey()]))
        defer { server.stop() }
        let settings = Self.settings(server.port, retry: "1h")
        try withGateway(settings: settings, backend: Self.answering) { gateway throws in
            #expect(try Self.status(gateway, one.token()) == 200)
            for number in 0..<20 {
                let other = try TestIssuer(id: "other \(number)")
                #expect(try Self.status(gateway, other.token()) == 401)
            }

            #expect(server.requests == 1)
        }
    }

    @Test func `while fetching fails the old keys stay`() throws {
        let one = try TestIssuer(id: "one")
        let two = try TestIssuer(id: "two")
        let server = try KeyServer(try TestIssuer.keySet([one.webKey()]))
        defer { server.stop() }
        let settings = Self.settings(server.port, retry: "1s")
        try withGateway(settings: settings, backend: Self.answering) { gateway throws in
            #expect(try Self.status(gateway, one.token()) == 200)
            server.serve(nil)

            try eventually { () throws in
                #expect(try Self.status(gateway, two.token()) == 401)
                #expect(try Self.status(gateway, one.token(["jti": "\(server.requests)"])) == 200)
                return server.requests >= 2
            }

            #expect(gateway.log.messages.contains("keys for access tokens not fetched"))
        }
    }

    @Test func `an issuer that hangs holds up nobody who has a password`() throws {
        let issuer = try TestIssuer()
        let server = try KeyServer(try TestIssuer.keySet([issuer.webKey()]))
        defer { server.stop() }
        let settings = Self.settings(server.port, retry: "1s")
        try withGateway(settings: settings, backend: Self.answering) { gateway throws in
            server.hold()
            let waiting = try (0..<PasswordChecks.maximumOfNetwork).map { number in
                let connection = try gateway.connect()
                let token = try issuer.token(["jti": "\(number)"])
                try connection.send(
                    TestGateway.bytes(
                        "GET",
                        "/dav/",
                        ["Authorization": "Bearer \(token)"],
                        user: nil
                    )
                )
                return connection
            }
            try eventually { gateway.authenticator.waitingForTokens == waiting.count }

            #expect(try gateway.request("GET").status == 200)
            #expect(try Self.status(gateway, issuer.token(["jti": "more"])) == 503)

            server.letGo()
            #expect(try waiting.map { try $0.readAnswer().status }.allSatisfy { $0 == 200 })
        }
    }
}

/// A server on the loopback address with one thing to give, or 500.
private final class KeyServer: Sendable {
    let port: Int
    private let listener: Int32
    private let state: Mutex<(data: Data?, requests: Int)>
    private let isHeld = Mutex(false)
    private let end = Signal()

    var requests: Int { state.withLock { $0.requests } }

    init(_ data: Data) throws {
        state = Mutex((data, 0))
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Foundation.Thread.detachNewThread { [self] in run() }
    }

    func serve(_ data: Data?) { state.withLock { $0.data = data } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Answers nobody until it is let go.
    func hold() { isHeld.withLock { $0 = true } }

    func letGo() {
        isHeld.withLock { $0 = false }
        end.raise()
    }

    private func run() {
        while true {
            let peer = accept(listener, nil, nil)
            guard peer >= 0 else {
                close(listener)
                return
            }
            var buffer = [UInt8](repeating: 0, count: 4_096)
            _ = recv(peer, &buffer, buffer.count, 0)
            if isHeld.withLock({ $0 }) { end.wait() }
            let data = state.withLock { state in
                state.requests += 1
                return state.data
            }
            let status = data == nil ? "500 Internal Server Error" : "200 OK"
            let head = """
                HTTP/1.1 \(status)\r\nContent-Type: application/jwk-set+json\r\n\
                Content-Length: \(data?.count ?? 0)\r\nConnection: close\r\n\r\n
                """
            let bytes = Array(head.utf8) + Array(data ?? Data())
            _ = send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            close(peer)
        }
    }
}
