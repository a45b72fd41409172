import Supervision
import Testing

/// Time is moved by hand, in seconds, under an interval of eight.
struct HeartbeatTests {
    /// Looks at one part at one time after the other.
    private static func looks(_ found: [(second: Int, steps: UInt64?)]) -> [Bool] {
        var heartbeat = Heartbeat(interval: .seconds(8), now: .zero)
        return found.map { second, steps in
            heartbeat.look(at: [Heartbeat.Part("a", steps: steps)], now: .seconds(second))
        }
    }

    @Test func `a service without work is alive for ever`() {
        #expect(Self.looks([(0, nil), (4, nil), (400, nil)]) == [true, true, true])
    }

    @Test func `a part that takes a step between two looks is alive`() {
        #expect(Self.looks([(0, 1), (4, 3), (8, 5), (12, 7)]) == [true, true, true, true])
    }

    @Test func `a part without a step for half the interval is stuck until it takes one`() {
        #expect(
            Self.looks([(0, nil), (3, 1), (6, 1), (7, 1), (9, 1), (10, 3)])
                == [true, true, true, false, false, true]
        )
    }

    @Test func `a part that ends its work and begins anew is not the one that was stuck`() {
        #expect(Self.looks([(0, 1), (4, 1), (5, nil), (6, 3), (9, 3)]).last == true)
    }

    @Test func `one stuck part among others is named`() {
        var heartbeat = Heartbeat(interval: .seconds(8), now: .zero)
        for second in [0, 4] {
            let parts = [
                Heartbeat.Part("a", steps: UInt64(second)), Heartbeat.Part("b", steps: 1),
                Heartbeat.Part("c", steps: nil),
            ]
            _ = heartbeat.look(at: parts, now: .seconds(second))
        }

        #expect(heartbeat.stuck == ["b"])
    }

    @Test
    func
        `sd_watchdog_enabled(3): the next look is due after half the interval, sooner while stuck`()
    {
        var heartbeat = Heartbeat(interval: .seconds(8), now: .seconds(100))
        #expect(heartbeat.next == .seconds(100))
        _ = heartbeat.look(at: [Heartbeat.Part("a", steps: 1)], now: .seconds(100))
        #expect(heartbeat.next == .seconds(104))
        _ = heartbeat.look(at: [Heartbeat.Part("a", steps: 1)], now: .seconds(104))
        #expect(heartbeat.next == .milliseconds(104_500))
    }
}

struct StatusPaceTests {
    @Test func `the first change is told at once, the next ones some seconds after it`() {
        var pace = StatusPace()
        #expect(pace.due == nil)
        pace.changed(now: .seconds(1))
        #expect(pace.due == .seconds(1))
        pace.told(now: .seconds(1))
        #expect(pace.due == nil)
        pace.changed(now: .seconds(2))
        pace.changed(now: .seconds(3))
        #expect(pace.due == .seconds(6))
        pace.told(now: .seconds(6))
        pace.changed(now: .seconds(60))
        #expect(pace.due == .seconds(60))
    }

    @Test func `a flag says once that it was raised`() {
        let flag = ChangeFlag()

        #expect(!flag.isUp)
        #expect(flag.raise())
        #expect(!flag.raise())
        #expect(flag.isUp)
        flag.lower()
        #expect(flag.raise())
    }

    @Test(arguments: [
        (0, "0 cards"), (1, "1 card"), (999, "999 cards"), (1_000, "1,000 cards"),
        (10_412, "10,412 cards"), (1_234_567, "1,234,567 cards"),
    ])
    func `numbers are told in groups of three`(_ number: Int, _ text: String) {
        #expect(StatusText.count(number, "card") == text)
    }

    @Test(arguments: [
        (Duration.zero, 0), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1_001), 2),
        (.seconds(3), 3_000),
    ])
    func `a wait in milliseconds is not too short`(_ wait: Duration, _ milliseconds: Int) {
        #expect(wait.millisecondsRoundedUp == milliseconds)
    }
}
