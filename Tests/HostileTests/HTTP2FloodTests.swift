import Foundation
import TestSupport
import Testing

/// More of everything than anybody needs, over HTTP/2. RFC 9113 §10.5.
@Suite(.timeLimit(.minutes(10)))
struct HTTP2FloodTests {
    /// Floods that end the connection, or cost nothing; each comes again and again.
    private static let floods: [(name: String, opening: [UInt8], flood: [UInt8])] = [
        ("PING", [], repeated(Frames.frame(6, [UInt8](repeating: 1, count: 8)))),
        ("SETTINGS", [], repeated(Frames.frame(4, [0, 3, 0, 0, 0, 1]))),
        ("SETTINGS of windows", put(1), repeated(Frames.frame(4, [0, 4, 0, 0, 0xFF, 0xFF]))),
        ("SETTINGS of tables", [], repeated(Frames.frame(4, [0, 1, 0xFF, 0xFF, 0xFF, 0xFF]))),
        ("PRIORITY", [], repeated(Frames.frame(2, stream: 1, [0, 0, 0, 3, 1]))),
        ("WINDOW_UPDATE", [], repeated(Frames.frame(8, [0, 0, 0, 1]))),
        (
            "WINDOW_UPDATE beyond the largest", [],
            repeated(Frames.frame(8, [0x7F, 0xFF, 0xFF, 0xFF]))
        ),
        ("empty DATA", put(1), repeated(Frames.frame(0, stream: 1))),
        ("padded DATA", put(1), repeated(Frames.frame(0, flags: 8, stream: 1, [1, 0]))),
        ("CONTINUATION", open, repeated(Frames.frame(9, stream: 1, Frames.block([("a", "b")])))),
        ("empty CONTINUATION", open, repeated(Frames.frame(9, stream: 1))),
        ("GOAWAY", [], repeated(Frames.frame(7, [UInt8](repeating: 0, count: 8)))),
        ("unknown frames", [], repeated(Frames.frame(0xBE, [1, 2, 3]))),
        (
            "large unknown frames", [],
            repeated(Frames.frame(0xBE, [UInt8](repeating: 0, count: 16_384)), 50)
        ),
        ("HEADERS on one stream", [], repeated(Frames.headers(Siege.fields(), stream: 1), 200)),
        (
            "streams that go back", Frames.headers(Siege.fields(), stream: 99),
            repeated(Frames.headers(Siege.fields(), stream: 3), 200)
        ),
        ("even streams", [], repeated(Frames.headers(Siege.fields(), stream: 2), 200)),
        ("a frame beyond the largest", [], [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1]),
        ("PUSH_PROMISE", [], repeated(Frames.frame(5, flags: 4, stream: 1, [0, 0, 0, 2]))),
        ("ALTSVC and ORIGIN", [], repeated(Frames.frame(0xA, [0, 0]) + Frames.frame(0xC))),
    ]

    private static let open = Frames.headers(Siege.fields(), flags: 1)

    private static func put(_ stream: UInt32) -> [UInt8] {
        Frames.headers(Siege.fields("PUT", "\(Siege.book)a.vcf"), stream: stream, flags: 4)
    }

    private static func repeated(_ frame: [UInt8], _ count: Int = 2_000) -> [UInt8] {
        [UInt8](Array(repeating: frame, count: count).joined())
    }

    private static func connect(_ siege: Siege) throws -> SecureClient {
        let client = try SecureClient(port: siege.securePort, protocols: ["h2"])
        client.send(Frames.preface)
        return client
    }

    @Test func `RFC 9113 §10.5: floods of frames end their connection or cost nothing`() throws {
        try withSiege { siege throws in
            for (name, opening, flood) in Self.floods {
                let client = try Self.connect(siege)
                client.send(opening)
                let end = ContinuousClock.now + .milliseconds(100)
                while ContinuousClock.now < end, !client.isClosed {
                    client.send(flood)
                    usleep(30_000)
                }
                // Another connection of the same attacker is answered at once.
                let next = try Self.connect(siege)
                next.send(Frames.headers(Siege.fields()))
                try eventually { Frames.read(next.bytes).contains { $0.stream == 1 } }
                _ = name
            }
        }
    }

    @Test func `RFC 9113 §10.5: a flood whose answers nobody reads is ended`() throws {
        try withSiege { siege throws in
            for flood in [
                Frames.frame(6, [UInt8](repeating: 1, count: 8)), Frames.frame(4),
                Frames.frame(4, [0, 4, 0, 0, 0xFF, 0xFF]),
            ] {
                let client = try Self.connect(siege)
                try client.setReading(false)
                let many = Self.repeated(flood)
                for _ in 0..<100 {
                    client.send(many)
                    usleep(5_000)
                }
            }
        }
    }

    @Test func `CVE-2023-44487: resets, by the client or provoked, are bounded and leave nothing`()
        throws
    {
        try withSiege { siege throws in
            // What has the server reset each stream: a window that overflows, a body that is too long.
            let provocations: [(UInt32) -> [UInt8]] = [
                {
                    Frames.headers(Siege.fields(), stream: $0)
                        + Frames.frame(3, stream: $0, [0, 0, 0, 8])
                },
                { Self.put($0) + Frames.frame(8, stream: $0, [0x7F, 0xFF, 0xFF, 0xFF]) },
                { Self.put($0) + Frames.frame(8, stream: $0, [0, 0, 0, 0]) },
                {
                    Frames.headers(
                        Siege.fields("PUT", also: [("content-length", "1")]),
                        stream: $0,
                        flags: 4
                    ) + Frames.frame(0, stream: $0, [1, 2, 3])
                },
            ]
            for provoke in provocations {
                let client = try Self.connect(siege)
                for number in 0..<2_000 where !client.isClosed {
                    client.send(provoke(UInt32(1 + 2 * number)))
                }
                try client.waitForEnd()
            }
            let next = try Self.connect(siege)
            next.send(Frames.headers(Siege.fields()))
            try eventually { Frames.read(next.bytes).contains { $0.stream == 1 } }
        }
    }

    @Test func `RFC 7541 §7: a small block does not grow into large fields`() throws {
        try withSiege { siege throws in
            // A field of 4,000 bytes into the table, and then a byte for each time it is meant.
            let value = String(repeating: "x", count: 4_000)
            let pseudo = Frames.block(Siege.fields())
            var insert = Frames.block([("x", value)])
            insert[0] = 0x40
            let bomb = pseudo + insert + [UInt8](repeating: 0xBE, count: 11_000)
            for _ in 0..<20 {
                let client = try Self.connect(siege)
                client.send(Frames.frame(1, flags: 5, stream: 1, bomb))
                try eventually {
                    client.isClosed
                        || Frames.read(client.bytes).contains {
                            $0.type == 7 || $0.type == 3 || $0.stream == 1
                        }
                }
            }
            // Integers, indices and tables that make no sense.
            for block in [
                [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0x80],
                [0xFF, 0x80, 0xFF], [0x3F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x00, 0x7F, 0xFF],
                [0x40, 0x81, 0xFF, 0x81, 0xFF], [0x00, 0x85, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            ] as [[UInt8]] {
                let client = try Self.connect(siege)
                client.send(Frames.frame(1, flags: 5, stream: 1, block))
                try eventually {
                    client.isClosed || Frames.read(client.bytes).contains { $0.type == 7 }
                }
            }
        }
    }

    @Test func `RFC 9113 §5.2: windows that stay shut keep no more than their share`() throws {
        // A second to stand still would be too short for whoever waits for the backend meanwhile.
        let settings = "[times]\nstall = \"3s\"\n"
        try withSiege(settings: settings, growthMiB: 64, isFilled: true) { siege throws in
            // A hundred listings of four megabytes each, of which nothing may be sent.
            let windows: [[UInt8]] = [[0, 0, 0, 0], [0, 0, 0, 1]]
            let clients = try windows.map { window in
                let client = try Self.connect(siege)
                client.send(Frames.frame(4, [0, 4] + window))
                for number in 0..<50 { client.send(Self.listing(UInt32(1 + 2 * number))) }
                return client
            }
            try eventually {
                clients.allSatisfy { $0.isClosed || Self.ended($0).count == 50 }
            }
        }
    }

    @Test func `large answers to a client that stops reading wait, and end`() throws {
        try withSiege(settings: Siege.shortTimes, growthMiB: 64, isFilled: true) { siege throws in
            let client = try Self.connect(siege)
            // As much as there is may come, on each stream and on all.
            client.send(
                Frames.frame(4, [0, 4, 0x7F, 0xFF, 0xFF, 0xFF])
                    + Frames.frame(8, [0x7F, 0xFE, 0xFF, 0xFF])
            )
            try eventually { !client.bytes.isEmpty }
            try client.setReading(false)
            for number in 0..<50 { client.send(Self.listing(UInt32(1 + 2 * number))) }
            sleep(2)
            try client.setReading(true)
            try client.waitForEnd()
        }
    }

    private static func listing(_ stream: UInt32) -> [UInt8] {
        Frames.headers(
            Siege.fields("REPORT", Siege.book, also: [("depth", "1")]),
            stream: stream,
            flags: 4
        ) + Frames.frame(0, flags: 1, stream: stream, Array(Siege.wholeBook.utf8))
    }

    /// The streams that have come to an end.
    private static func ended(_ client: SecureClient) -> Set<UInt32> {
        let frames = Frames.read(client.bytes)
        return Set(frames.filter { $0.type == 3 || $0.flags & 1 == 1 }.map(\.stream)).subtracting([
            0
        ])
    }
}
