import Foundation
import TestSupport
import Testing

/// Guessing passwords.
@Suite(.timeLimit(.minutes(10)))
struct BruteForceTests {
    private static let settings = """
        [throttle]
        address_failures = 5
        user_failures = 10
        first_delay = "2s"
        longest_delay = "10m"

        """

    /// Logs in, from an address of the loopback network.
    private static func login(
        _ siege: Siege,
        _ user: String,
        _ password: String,
        from address: String
    ) throws -> WireAnswer {
        let socket = try HostileSocket(siege.port, from: address)
        let fields: [String: String] = [:]
        socket.send(
            TestServer.head("OPTIONS", "/dav/", fields, nil, (user, password), "localhost")
        )
        socket.read { !socket.statuses.isEmpty }
        return try #require(WireAnswer.all(in: socket.received).first)
    }

    @Test func `RFC 6585 §4: who guesses waits longer each time, and the right user does not`()
        throws
    {
        try withSiege(settings: Self.settings) { siege throws in
            #expect(
                try Self.login(siege, "alice", "correct horse", from: "127.0.0.5").status == 200
            )
            var statuses: [Int] = []
            for number in 0..<5 {
                statuses.append(
                    try Self.login(siege, "alice", "\(number)", from: "127.0.0.2").status
                )
            }
            #expect(statuses == [401, 401, 401, 401, 401])

            // From here on it waits, with the right password too: what it learns must cost it.
            let first = try Self.login(siege, "alice", "correct horse", from: "127.0.0.2")
            #expect(first.status == 429)
            #expect(try (1...2).contains(#require(first.fields["retry-after"].flatMap { Int($0) })))

            // Other names from the same address wait as well; the same name from others waits later.
            #expect(try Self.login(siege, "rita", "x", from: "127.0.0.2").status == 429)
            for number in 0..<5 {
                #expect(
                    try Self.login(siege, "alice", "\(number)", from: "127.0.0.3").status == 401
                )
            }
            #expect(try Self.login(siege, "alice", "x", from: "127.0.0.4").status == 429)

            // The user goes on where she has been before, remembered or with what has to be checked.
            #expect(
                try Self.login(siege, "alice", "correct horse", from: "127.0.0.5").status == 200
            )
            #expect(try Self.login(siege, "alice", "wrong", from: "127.0.0.5").status == 401)
            #expect(
                try Self.login(siege, "rita", "battery staple", from: "127.0.0.4").status == 200
            )
        }
    }

    @Test func `RFC 6585 §4: each failure beyond the limit doubles the wait`() throws {
        let settings = """
            [throttle]
            address_failures = 1
            first_delay = "1s"
            longest_delay = "1h"

            """
        try withSiege(settings: settings) { siege throws in
            var waits: [Int] = []
            for number in 0..<3 {
                #expect(try Self.login(siege, "x\(number)", "x", from: "127.0.0.2").status == 401)
                let answer = try Self.login(siege, "y", "y", from: "127.0.0.2")
                #expect(answer.status == 429)
                let wait = try #require(answer.fields["retry-after"].flatMap { Int($0) })
                waits.append(wait)
                // As it is told: not sooner.
                if number < 2 { usleep(UInt32(wait * 1_000_000 + 100_000)) }
            }
            #expect(waits == [1, 2, 4])
        }
    }

    @Test func `guesses by the thousand are counted in bounded memory, and cost bounded work`()
        throws
    {
        try withSiege { siege throws in
            // Names without an end, from many addresses, many at once.
            for round in 0..<40 {
                let sockets = try (0..<24).map { number in
                    let address = "127.1.\(round).\(number + 1)"
                    let socket = try HostileSocket(siege.port, from: address)
                    for guess in 0..<4 {
                        let name =
                            "user-\(round)-\(number)-\(guess)"
                            + String(repeating: "x", count: 400)
                        socket.send(
                            TestServer.head("GET", "/dav/", [:], nil, (name, "x"), "localhost")
                        )
                    }
                    return socket
                }
                if round % 8 == 0 {
                    for socket in sockets { socket.read { socket.statuses.count == 4 } }
                    for socket in sockets {
                        #expect(socket.statuses.allSatisfy { [401, 429, 503].contains($0) })
                    }
                }
            }
        }
    }
}
