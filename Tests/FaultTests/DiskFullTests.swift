import Foundation
import TestSupport
import Testing

/// A disk without room: `507 Insufficient Storage` (RFC 4918 §11.5), and nothing else suffers.
@Suite(.serialized)
struct DiskFullTests {
    private static let mounting: Comment = "mounting a small disk takes root"

    @Test(.enabled(if: SmallDisk.isAllowed, mounting))
    func `a full disk refuses writes with 507, serves reads, and takes writes when there is room`()
        throws
    {
        try withSmallDisk { server, disk throws in
            try server.startBackend("default")
            let writer = CardWriter(server)
            for number in 0..<10 { try writer.put("before-\(number).vcf", 0) }
            try disk.fill(leaving: 64 * 1_024)

            let large = try Self.fill(writer, "large", bytes: 400_000, most: 250)
            let small = try Self.fill(writer, "small", bytes: 100, most: 2_000)
            let problemsWhenFull = try writer.problems()
            disk.clear()
            let after = try Self.statusWhenRoom { try writer.put("after.vcf", $0) }
            let problemsAfter = try writer.problems()
            server.stopBackend("default")
            try server.startBackend("default")

            #expect(large == 507)
            #expect(small == 507)
            #expect(problemsWhenFull == [])
            #expect((200..<300).contains(after))
            #expect(problemsAfter == [])
            #expect(try writer.problems() == [])
        }
    }

    @Test(.enabled(if: SmallDisk.isAllowed, mounting))
    func `a full disk under many large cards at once loses nothing acknowledged`() throws {
        var random = SeededGenerator(of: "full disk")
        try withSmallDisk { server, disk throws in
            try server.startBackend("default")
            let clients = (0..<8).map { number in
                WritingClient(number: number, port: server.port, seed: random.next())
            }
            for _ in 0..<Effort.of(short: 2, long: 12) {
                try disk.fill(leaving: Int.random(in: 0..<200_000, using: &random))
                try Crew.working { crew throws in
                    for client in clients { crew.start { try client.write(in: crew) } }
                    usleep(500_000)
                    disk.clear()
                    try crew.wait(for: crew.done + 20)
                }
            }
            server.stopBackend("default", SIGKILL)
            try server.startBackend("default")

            var ledger = Ledger()
            for client in clients { ledger.merge(client.ledger) }
            #expect(try StoreCheck.look(at: server, ledger).problems == [])
        }
    }

    @Test(.enabled(if: SmallDisk.isAllowed, mounting))
    func `an import that finds the disk full says so and leaves the store as it was`() throws {
        try withSmallDisk { server, disk throws in
            let file = server.folder.appending(path: "cards.vcf").path
            let cards = (0..<40).map { number in
                let note = String(repeating: "x", count: 100_000)
                return TestCard.text("Card \(number)", uid: "u\(number)", "NOTE:\(note)\(number)")
            }
            try Data(cards.joined().utf8).write(to: URL(filePath: file))
            let before = try server.git("default", "rev-parse", "HEAD").output
            try disk.fill(leaving: 8 * 1_024)

            let full = try server.control("import", "default", "default", file)
            let untouched = try server.git("default", "rev-parse", "HEAD").output
            disk.clear()
            let again = try server.control("import", "default", "default", file)

            #expect(full.status == 1)
            #expect(full.errors.contains("full") || full.errors.contains("room"))
            #expect(untouched == before)
            #expect(again.status == 0)
        }
    }

    @Test func `whichever write to the disk is the first without room, nothing is lost`() throws {
        try withServer { server throws in
            let switches = try FaultSwitches(in: server)
            let variables = Recording.environment(of: server, switches: switches)
            server.stopBackend("default")
            try server.startBackend("default", environment: variables)
            let writer = CardWriter(server)
            try writer.put("a.vcf", -1)
            var count = 0
            var wasRefused = true
            while wasRefused, count < Effort.of(short: 40, long: 400) {
                let before = switches.refusals
                switches.refuseWrites(ENOSPC, after: count)
                let status = try writer.put("a.vcf", count)
                switches.allowWrites()
                wasRefused = switches.refusals > before
                #expect(status == 204 || status == 507, "write \(count): \(status)")
                #expect(try writer.put("b.vcf", count) < 300, "after write \(count)")
                count += 1
            }
            #expect(try writer.problems() == [])
            server.stopBackend("default", SIGKILL)
            try server.startBackend("default")

            #expect(try writer.problems() == [])
            Effort.report("full disk: \(count) places of one write tried")
        }
    }

    @Test func `a stop that finds the disk full loses nothing`() throws {
        try withServer { server throws in
            let switches = try FaultSwitches(in: server)
            let variables = Recording.environment(of: server, switches: switches)
            let writer = CardWriter(server)
            for count in 0..<Effort.of(short: 4, long: 60) {
                server.stopBackend("default")
                try server.startBackend("default", environment: variables)
                for number in 0..<3 { try writer.put("\(number).vcf", count) }
                switches.refuseWrites(ENOSPC, after: count * 2)
                server.stopBackend("default")
                switches.allowWrites()

                try server.startBackend("default")

                #expect(try writer.problems() == [], "after \(count * 2) writes")
            }
        }
    }

    // MARK: Filling up

    /// Puts cards until one is refused; says with which status, or 0 where none was.
    private static func fill(
        _ writer: CardWriter,
        _ name: String,
        bytes: Int,
        most: Int
    ) throws -> Int {
        for number in 0..<most {
            let status = try writer.put("\(name)-\(number).vcf", number, bytes: bytes)
            if !(200..<300).contains(status) { return status }
        }
        return 0
    }

    /// Writes until it succeeds, for as long as a store may need to find that there is room.
    private static func statusWhenRoom(_ write: (Int) throws -> Int) throws -> Int {
        var status = 0
        for attempt in 0..<50 {
            status = try write(attempt)
            if (200..<300).contains(status) { break }
            usleep(200_000)
        }
        return status
    }
}
