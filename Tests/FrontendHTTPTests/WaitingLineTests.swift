import NIOCore
import Testing

@testable import FrontendHTTP

/// The line by itself.
struct WaitingLineTests {
    private static let begin = NIODeadline.uptimeNanoseconds(1_000)

    @Test func `who came first is next, and those who left are passed over`() {
        var line = WaitingLine()
        let places = (0..<5).map { line.join(bytes: 10, until: Self.begin + .seconds($0)) { _ in } }
        line.leave(places[0])
        line.leave(places[2])
        line.leave(places[2])

        #expect(line.count == 3)
        #expect(line.bytes == 30)
        #expect(line.deadline == Self.begin + .seconds(1))
        #expect(line.next() === places[1])
        #expect(line.next() === places[3])
        #expect(line.next() === places[4])
        #expect(line.next() == nil)
        #expect(line.count == 0)
        #expect(line.bytes == 0)
    }

    @Test func `only those who have waited too long are overdue`() {
        var line = WaitingLine()
        let places = (0..<3).map { line.join(bytes: 0, until: Self.begin + .seconds($0)) { _ in } }

        #expect(line.nextOverdue(now: Self.begin - .nanoseconds(1)) == nil)
        #expect(line.nextOverdue(now: Self.begin + .seconds(1)) === places[0])
        #expect(line.nextOverdue(now: Self.begin + .seconds(1)) === places[1])
        #expect(line.nextOverdue(now: Self.begin + .seconds(1)) == nil)
        #expect(line.count == 1)
    }

    @Test func `a place that was served cannot be left once more`() {
        var line = WaitingLine()
        let place = line.join(bytes: 7, until: Self.begin) { _ in }
        _ = line.next()
        line.leave(place)

        #expect(line.count == 0)
        #expect(line.bytes == 0)
    }

    @Test func `many who come and leave leave nothing behind`() {
        var line = WaitingLine()
        let first = line.join(bytes: 1, until: Self.begin) { _ in }
        for _ in 0..<10_000 {
            line.leave(line.join(bytes: 1, until: Self.begin) { _ in })
        }

        #expect(line.count == 1)
        #expect(line.kept <= 20)
        #expect(line.next() === first)
    }
}
