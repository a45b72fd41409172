import NIOCore
import Testing

@testable import FrontendHTTP

/// When a connection counts as standing still.
struct ProgressTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private static let limit = TimeAmount.seconds(60)

    private static func after(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    @Test func `a connection on which nothing moves has until the limit, and no longer`() {
        var progress = Progress(now: Self.start)

        for (seconds, remaining) in [(0, 60), (59, 1), (60, 0), (90, -30)] as [(Int64, Int64)] {
            let left = progress.remaining(
                of: Self.limit,
                unsentBytes: 0,
                now: Self.after(seconds)
            )
            #expect(left == .seconds(remaining))
        }
    }

    @Test func `what comes begins the time anew`() {
        var progress = Progress(now: Self.start)
        progress.note(now: Self.after(59))

        #expect(
            progress.remaining(of: Self.limit, unsentBytes: 0, now: Self.after(60)) == .seconds(59)
        )
    }

    @Test func `a client that takes some of what was written moves, however slowly`() {
        var progress = Progress(now: Self.start)
        for (minute, unsentBytes) in (1...5).map({ ($0, 1_000_000 - $0) }) {
            let left = progress.remaining(
                of: Self.limit,
                unsentBytes: unsentBytes,
                now: Self.after(Int64(minute) * 60)
            )
            #expect(left == Self.limit)
        }
    }

    @Test func `a client that had its turn for all of the limit moves so many bytes`() {
        var progress = Progress(now: Self.start)
        func isTooSlow(_ seconds: Int64, _ movedBytes: Int, _ isClientsTurn: Bool = true) -> Bool {
            progress.isTooSlow(
                movedBytes: movedBytes,
                isClientsTurn: isClientsTurn,
                slowest: 100,
                limit: Self.limit,
                now: Self.after(seconds)
            )
        }

        #expect(!isTooSlow(59, 0))
        #expect(!isTooSlow(60, 6_000))
        #expect(!isTooSlow(100, 6_001, false))
        #expect(!isTooSlow(159, 6_002))
        #expect(!isTooSlow(160, 12_001))
        #expect(isTooSlow(220, 18_000))
    }

    @Test func `where something else begins a client's speed is counted from the next look on`() {
        var progress = Progress(now: Self.start)
        func isTooSlow(_ seconds: Int64, _ movedBytes: Int) -> Bool {
            progress.isTooSlow(
                movedBytes: movedBytes,
                isClientsTurn: true,
                slowest: 100,
                limit: Self.limit,
                now: Self.after(seconds)
            )
        }
        progress.begin(now: Self.after(50))

        #expect(!isTooSlow(65, -7_000))
        #expect(!isTooSlow(124, -7_000))
        #expect(!isTooSlow(125, -1_000))
        #expect(isTooSlow(185, 4_999))
    }

    @Test func `a client that takes nothing more of what was written has stalled`() {
        var progress = Progress(now: Self.start)
        _ = progress.remaining(of: Self.limit, unsentBytes: 500, now: Self.after(60))

        #expect(
            progress.remaining(of: Self.limit, unsentBytes: 500, now: Self.after(120)) == .zero
        )
    }
}
