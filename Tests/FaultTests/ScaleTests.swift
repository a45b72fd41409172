import Foundation
import TestSupport
import Testing

/// The largest that the store is meant for. The figures are printed; what is asserted is behaviour.
@Suite(.serialized)
struct ScaleTests {
    /// The largest card, in bytes.
    private static let maximumCardBytes = 10 * 1_024 * 1_024

    @Test func `a large book is imported, listed, synced and written to`() throws {
        let count = Effort.of(short: 3_000, long: 50_000)
        try withServer { server throws in
            let file = server.folder.appending(path: "cards.vcf").path
            let cards = (0..<count).map { TestCard.text("Contact \($0)", uid: "uid-\($0)") }
            try Data(cards.joined().utf8).write(to: URL(filePath: file))
            server.stopBackend("default")
            let clock = ContinuousClock()

            let importing = try clock.measure {
                _ = try server.control("import", "default", "default", file)
            }
            let opening = try clock.measure { try server.startBackend("default") }
            var listed = 0
            let listing = try clock.measure { listed = try StoreCheck.listing(of: server).count }
            var first: (names: Set<String>, token: String) = ([], "")
            let syncing = try clock.measure { first = try ClockTests.sync(server, from: "") }
            let writer = CardWriter(server)
            let firstPut = try clock.measure { try writer.put("a.vcf", 0) }
            let secondPut = try clock.measure { try writer.put("a.vcf", 1) }
            let changed = try ClockTests.sync(server, from: first.token).names

            #expect(listed == count)
            #expect(first.names.count == count)
            #expect(changed == ["a.vcf"])
            #expect(try writer.problems(ignoringListing: true) == [])
            Effort.report(
                "book of \(count): import \(importing), start \(opening), listing \(listing), "
                    + "first sync \(syncing), first PUT \(firstPut), second \(secondPut)"
            )
        }
    }

    @Test func `RFC 6352 §6.3.2.1: a card of the largest size is kept, one byte more is refused`()
        throws
    {
        try withServer { server throws in
            let path = "\(StoreCheck.book)large.vcf"
            let largest = Self.card(bytes: Self.maximumCardBytes)
            var kept: HTTPAnswer?
            let putting = try ContinuousClock().measure {
                kept = try server.request("PUT", path, body: largest)
            }

            let refused = try server.request(
                "PUT",
                path,
                body: Self.card(bytes: Self.maximumCardBytes + 1)
            )
            let answer = try server.request("GET", path)

            #expect(kept?.status == 201)
            #expect((400..<500).contains(refused.status))
            #expect(refused.text.contains("max-resource-size"))
            #expect(answer.body == Array(largest.utf8))
            #expect(StoreCheck.problem(of: answer) == nil)
            Effort.report("card of \(Self.maximumCardBytes) bytes: PUT \(putting)")
        }
    }

    @Test func `many books are made, listed and written to`() throws {
        let count = Effort.of(short: 100, long: 1_000)
        try withServer { server throws in
            let home = "/dav/addressbooks/"
            let clock = ContinuousClock()
            let making = try clock.measure {
                for number in 0..<count {
                    let made = try server.request("MKCOL", "\(home)book-\(number)/")
                    try #require(made.status == 201)
                }
            }
            var listed = 0
            let listing = try clock.measure {
                listed = try server.propfind(home, depth: "1", "<D:resourcetype/>").responses.count
            }
            let put = try server.request(
                "PUT",
                "\(home)book-\(count - 1)/a.vcf",
                body: TestCard.text("A", uid: "1")
            )
            server.stopBackend("default")
            let opening = try clock.measure { try server.startBackend("default") }
            let got = try server.request("GET", "\(home)book-\(count - 1)/a.vcf")

            // The home itself, and the book that was there before.
            #expect(listed == count + 2)
            #expect(put.status == 201)
            #expect(got.status == 200)
            Effort.report("\(count) books: made in \(making), listed \(listing), start \(opening)")
        }
    }

    /// A card of exactly so many bytes.
    private static func card(bytes: Int) -> String {
        let frame = TestCard.text("Large", uid: "large", "NOTE:")
        let note = String(repeating: "x", count: bytes - frame.utf8.count)
        return TestCard.text("Large", uid: "large", "NOTE:\(note)")
    }
}
