import Foundation
import TestSupport
import Testing

/// Power cuts: the backend's writes are recorded, and many disks are made out of the record as they
/// could be after a cut (``DiskModel``). On each a backend is started, and everything that it had
/// answered before the cut must be there.
@Suite(.serialized)
struct PowerCutTests {
    @Test(arguments: DiskModel.Metadata.allCases)
    func `a power cut at any moment loses nothing acknowledged`(
        metadata: DiskModel.Metadata
    ) throws {
        var random = SeededGenerator(of: "power cut, metadata \(metadata)")
        try withServer(endsSound: false) { server throws in
            let recording = try Self.record(server, &random)
            #expect(try recording.differences(from: server.store()) == [])
            let cuts = recording.cuts(Effort.of(short: 6, long: 200), using: &random)

            try recording.replay(metadata, cuts: cuts, using: &random) { cut, image, _ throws in
                let problems = try Self.problems(
                    on: server,
                    image,
                    RecordedWrite.ledger(recording.writes, at: cut)
                )
                #expect(problems == [], "after a cut at operation \(cut)")
            }

            let answered = recording.writes.count { $0.answer != nil }
            Effort.report(
                "power cut, metadata \(metadata): \(cuts.count) cuts in "
                    + "\(recording.log.operations.count) operations, \(answered) answered writes"
            )
        }
    }

    @Test func `a power cut while a backend recovers from another loses nothing`() throws {
        var random = SeededGenerator(of: "second power cut")
        try withServer(endsSound: false) { server throws in
            let first = try Self.record(server, &random)
            let cuts = first.cuts(Effort.of(short: 2, long: 50), using: &random)

            try first.replay(.inOrder, cuts: cuts, using: &random) { cut, image, random throws in
                try image.write(to: server.store())
                let second = try Recording(of: server, named: "recovery-\(cut)") { variables in
                    try server.startBackend("default", environment: variables)
                }
                let again = second.cuts(2, using: &random)
                try second.replay(.inOrder, cuts: again, using: &random) { later, image, _ throws in
                    let problems = try Self.problems(
                        on: server,
                        image,
                        RecordedWrite.ledger(first.writes, at: cut)
                    )
                    #expect(problems == [], "after cuts at operations \(cut) and \(later)")
                }
            }
        }
    }

    @Test func `the test finds what is lost where flushes do nothing`() throws {
        var random = SeededGenerator(of: "power cut without flushes")
        try withServer(endsSound: false) { server throws in
            let switches = try FaultSwitches(in: server)
            switches.dropFlushes()
            let recording = try Self.record(server, &random, switches)
            let cuts = recording.cuts(8, using: &random)
            var found = 0

            try recording.replay(.inOrder, cuts: cuts, using: &random) { cut, image, _ throws in
                let ledger = RecordedWrite.ledger(recording.writes, at: cut)
                if try !Self.problems(on: server, image, ledger).isEmpty { found += 1 }
            }

            #expect(found > 0)
        }
    }

    // MARK: The record and the check

    /// Has a backend written to, restarted, written to, killed, started and stopped.
    private static func record(
        _ server: TestServer,
        _ random: inout SeededGenerator,
        _ switches: FaultSwitches? = nil
    ) throws -> Recording {
        let amount = Effort.of(short: 20, long: 600)
        let clients = (0..<8).map { number in
            WritingClient(number: number, port: server.port, seed: random.next())
        }
        return try Recording(of: server, named: "recording", switches: switches) { variables in
            try server.startBackend("default", environment: variables)
            for isLast in [false, true] {
                try Crew.working { crew throws in
                    for client in clients { crew.start { try client.write(in: crew) } }
                    try crew.wait(for: amount)
                }
                // Long enough that what a backend does in the background is in the record.
                if isLast, Effort.isLong { sleep(6) }
                server.stopBackend("default", isLast ? SIGKILL : SIGTERM)
                try server.startBackend("default", environment: variables)
            }
        }
    }

    /// Starts a backend on a disk and says what is wrong with what it serves, and with the store.
    private static func problems(
        on server: TestServer,
        _ image: DiskImage,
        _ ledger: Ledger
    ) throws -> [String] {
        server.stopBackend("default")
        try image.write(to: server.store())
        do {
            try server.startBackend("default")
        } catch let failure as TestServer.Failure {
            return ["\(failure)"]
        }
        var problems = try StoreCheck.look(at: server, ledger).problems
        let put = try server.request(
            "PUT",
            "\(StoreCheck.book)after.vcf",
            body: TestCard.text("After", uid: "after")
        )
        if put.status != 201 { problems.append("a write after the cut: \(put.status)") }
        if server.stopBackend("default") != 0 { problems.append("the backend does not stop") }
        return try problems + StoreCheck.fsck(server)
    }
}
